import { type AuditDeps, remember } from './deps.ts';

const hourMs = 3_600_000;
/** Records come late: so much before the last look is looked at once more, and what was matched is weighed again. */
const overlapMs = hourMs;
/** Of a pause that was longer, no more than this is caught up with: the log is asked in pages. */
const mostMs = 7 * 86_400_000;

/** A look at what our client did, though nothing waits. */
export interface Watch {
  since: Date;
  /** What is managed here; the others are nobody's business. */
  objects: readonly { type: string; id: string }[];
  /** It was asked up to then. */
  done(at: Date): Promise<void>;
}

/** Once an hour, one question to each service. Undefined where it is not due; at first only what is to come counts. */
export async function watchOf(deps: AuditDeps): Promise<Watch | undefined> {
  const { journal, organization, reader, clock } = deps;
  const key = `audit:watched:${organization}:${reader.clientId}`;
  const now = clock.now().getTime();
  const done = (at: Date): Promise<void> => remember(deps, key, at.toISOString());
  const last = Date.parse(String(await journal.recall(key)));
  // A clock that was set back.
  if (Number.isNaN(last) || last > now) {
    await done(clock.now());
    return undefined;
  }
  if (now - last < hourMs) return undefined;
  const objects = await journal.known(organization);
  if (objects.length === 0) return undefined;
  return { since: new Date(Math.max(last - overlapMs, now - mostMs)), objects, done };
}
