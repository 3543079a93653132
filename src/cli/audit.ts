import type { App } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { asFailure } from '../model/failure.ts';
import { withoutRecord } from './audit-changes.ts';
import { csvHeader, csvLine } from './audit-csv.ts';
import { auditedOf } from './audit-facts.ts';
import { markdownHeader, markdownLine } from './audit-markdown.ts';
import type { Audited } from './audited.ts';
import { type ExitCode, exit } from './exit.ts';
import { resourceNamed } from './kinds.ts';
import { renderAudited } from './render-audited.ts';
import { complain, openSession, type Session, type SessionOptions, stdoutPaint, write } from './session.ts';
import { count, safe, terminalWidth } from './text.ts';
import { momentOf } from './when.ts';

export interface AuditOptions extends SessionOptions {
  output: 'text' | 'json' | 'csv' | 'markdown';
  resource?: string;
  since?: string;
  until?: string;
  offline?: boolean;
}

/**
 * The report that an auditor asks for: every change and every drift, each once, newest first. Asks Genesys for the audit
 * records of what still waits for them; where that cannot be, it says so and reports what is known.
 */
export async function auditCommand(options: AuditOptions): Promise<ExitCode> {
  const now = new Date();
  const moment = (option: '--since' | '--until', text: string | undefined): string | undefined =>
    text === undefined ? undefined : momentOf(option, text, now, 'back').toISOString();
  const [since, until] = [moment('--since', options.since), moment('--until', options.until)];
  const resource = options.resource === undefined ? undefined : resourceNamed(options.resource);
  const { app, targets } = await openReport(options, 'audit');
  try {
    const wish = { targets: targets.map(({ name }) => name), resource, since, until };
    await printAudited(auditedOf(app, wish), options.output, targets.length > 1);
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** A session on a journal that is up to date with the audit log, as far as it can be brought there. */
export async function openReport(options: SessionOptions & { offline?: boolean }, role: string): Promise<Session> {
  const reading = await openSession(options, { readOnly: true, role });
  if (options.offline === true || reading.app.withoutInventory) return reading;
  let session: Session;
  try {
    session = await openSession(options, { role });
  } catch (error) {
    complain(`the journal can only be read, so Genesys is not asked: ${safe(asFailure(error).message)}`);
    return reading;
  }
  await reading.app.close();
  for (const target of session.targets) await matchWaiting(session.app, target);
  return session;
}

async function matchWaiting(app: App, target: TargetConfig): Promise<void> {
  const failure = await app.matchAudits(target).then(
    (round) => round?.failure,
    (error: unknown) => asFailure(error),
  );
  if (failure === undefined) return;
  const why = `${failure.reason}: ${failure.message}`;
  complain(`${safe(target.name)}: Genesys's audit log cannot be asked, so what is known is reported (${safe(why)})`);
}

async function printAudited(
  entries: AsyncIterable<Audited>,
  output: AuditOptions['output'],
  withTarget: boolean,
): Promise<void> {
  const style = { paint: stdoutPaint(), width: terminalWidth(process.stdout), withTarget };
  const forms: Record<typeof output, { begin: string; line(one: Audited, isFirst: boolean): string; end(): string }> = {
    json: {
      begin: '[',
      line: (one, isFirst) => `${isFirst ? '\n' : ',\n'}${indented(JSON.stringify(one, null, 2))}`,
      end: () => '\n]\n',
    },
    csv: { begin: csvHeader, line: csvLine, end: () => '' },
    markdown: { begin: markdownHeader, line: markdownLine, end: () => `\n${sum.inWords()}\n` },
    text: { begin: '', line: (one) => `${renderAudited(one, style)}\n\n`, end: () => `${sum.inWords()}\n` },
  };
  const sum = summing();
  const { begin, line, end } = forms[output];
  await write(begin);
  let isFirst = true;
  for await (const one of entries) {
    sum.add(one);
    await write(line(one, isFirst));
    isFirst = false;
  }
  await write(end());
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

/** Because of these a change leaves no record, and waits for none. */
const recordless = new Set<string | undefined>(Object.values(withoutRecord));

/** `12 changes: 10 matched, 1 unmatched, 1 not made; 1 drift, 1 without a name`. */
export function summing(): { add(one: Audited): void; inWords(): string } {
  const changes = { matched: 0, ambiguous: 0, unmatched: 0, unrecorded: 0, 'not made': 0 };
  const others = { drift: 0, 'other-process': 0, nameless: 0 };
  return {
    add(one) {
      if (one.type === 'change') changes[recordless.has(one.why) ? 'not made' : one.match]++;
      else {
        others[one.type]++;
        if (one.match !== 'matched') others.nameless++;
      }
    },
    inWords() {
      const matches = Object.entries(changes).filter(([, n]) => n > 0);
      const all = matches.reduce((sum, [, n]) => sum + n, 0);
      const nameless = others.nameless === 0 ? '' : `, ${others.nameless} without a name`;
      return [
        `${count(all, 'change')}${all === 0 ? '' : `: ${matches.map(([match, n]) => `${n} ${match}`).join(', ')}`}`,
        `${count(others.drift, 'drift')}${nameless}`,
        ...(others['other-process'] === 0 ? [] : [`${count(others['other-process'], 'change')} by another process`]),
      ].join('; ');
    },
  };
}
