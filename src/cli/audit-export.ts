import { type ExitCode, exit } from './exit.ts';
import { openSession, type SessionOptions, write } from './session.ts';
import { momentOf } from './when.ts';

export interface AuditExportOptions extends SessionOptions {
  since?: string;
}

/** So much is written at a time. */
const chunk = 64_000;

/**
 * The journal's entries as JSON Lines, oldest first: `{seq, runId, type, at, body}`. Of one target or several only their
 * runs' entries, and those of no run.
 */
export async function auditExportCommand(options: AuditExportOptions): Promise<ExitCode> {
  const since = options.since === undefined ? '' : momentOf('--since', options.since, new Date(), 'back').toISOString();
  const { app, targets } = await openSession(options, { readOnly: true, role: 'audit export' });
  try {
    const named = options.target === undefined ? undefined : new Set(targets.map(({ name }) => name));
    const whose = new Map<string, boolean>();
    let text = '';
    for await (const entry of app.journal.entries()) {
      if (entry.at < since) continue;
      if (named !== undefined && !(await isAsked(entry.runId))) continue;
      text += `${JSON.stringify(entry)}\n`;
      if (text.length < chunk) continue;
      await write(text);
      text = '';
    }
    await write(text);
    return exit.ok;

    async function isAsked(runId: string): Promise<boolean> {
      const known = whose.get(runId);
      if (known !== undefined) return known;
      const run = await app.journal.run(runId);
      const asked = run === undefined || named?.has(run.target) === true;
      // Runs come one after the other: those of long ago are not asked for again.
      if (whose.size > 1000) whose.clear();
      whose.set(runId, asked);
      return asked;
    }
  } finally {
    await app.close();
  }
}
