import { type ExitCode, exit } from './exit.ts';
import { openSession, print, type SessionOptions, stdoutPaint } from './session.ts';
import { count, hang, type Paint, safe, terminalWidth } from './text.ts';
import { type Verdict, verify } from './verify-journal.ts';
import { readLogs } from './verify-log.ts';

export interface AuditVerifyOptions extends SessionOptions {
  log?: string[];
  output: 'text' | 'json';
}

/**
 * Compares the journal with itself (each finished run's digest, worked out again from its entries) and with exported logs.
 * Ends with 1 where anything differs.
 */
export async function auditVerifyCommand(options: AuditVerifyOptions): Promise<ExitCode> {
  const log = await readLogs(options.log ?? []);
  const { app, targets } = await openSession(options, { readOnly: true, role: 'audit verify' });
  try {
    const named = options.target === undefined ? undefined : new Set(targets.map(({ name }) => name));
    const verdict = await verify(app, log, named);
    if (options.output === 'json') print(JSON.stringify(verdict, null, 2));
    else print(renderVerdict(verdict, { paint: stdoutPaint(), width: terminalWidth(process.stdout) }));
    return verdict.differences.length === 0 ? exit.ok : exit.failed;
  } finally {
    await app.close();
  }
}

/** So many differences are told to people; JSON has all. */
const most = 100;

export function renderVerdict(verdict: Verdict, { paint, width }: { paint: Paint; width: number }): string {
  const { runs, logged, matches, differences, remarks } = verdict;
  const told = differences.slice(0, most).map(({ what, runId, place, message }) => {
    const about = [
      ...(runId === undefined ? [] : [`run ${runId.slice(0, 8)}`]),
      ...(place === undefined ? [] : [place]),
    ];
    return hang('', `${paint('red', `✗ ${what}`)}  ${safe([...about, message].join('  '))}`, width, 4);
  });
  const more = differences.length - told.length;
  const compared = `${count(runs, 'run')} with their entries, ${logged} of them and ${count(matches, 'match', 'matches')} with the logs`;
  const sum =
    differences.length === 0
      ? `${paint('green', '✓ nothing differs')}: ${compared}`
      : `${paint('red', `✗ ${count(differences.length, 'difference')}`)}: ${compared}`;
  return [
    ...told,
    ...(more > 0 ? [`and ${more} more`] : []),
    ...remarks.map((remark) => hang('', paint('dim', `· ${safe(remark)}`), width, 2)),
    hang('', sum, width, 2),
  ].join('\n');
}
