import type { Journal, SentWrite } from '../model/journal.ts';
import type { Outcome } from '../model/plan.ts';
import { splitId } from './plan.ts';
import { stateKey } from './state.ts';

/** What a run sent and no outcome tells of, by object, as far as it is known whether it happened. */
export async function orphansOf(
  journal: Pick<Journal, 'writesOf' | 'outcomes' | 'changes'>,
  runId: string,
): Promise<SentWrite[][]> {
  const writes = await journal.writesOf(runId);
  if (writes.length === 0) return [];
  const keyOf = ({ object }: Pick<Outcome, 'object'>): string => stateKey(object.type, object.key);
  const told = new Set((await journal.outcomes(runId)).map(keyOf));
  const groups = [...Map.groupBy(writes, keyOf).entries()].filter(
    ([key, some]) => !told.has(key) && some.every(({ open }) => open !== true),
  );
  const left: SentWrite[][] = [];
  for (const [, some] of groups) if (!(await isFoundLater(journal, some.at(-1)!))) left.push(some);
  return left;
}

/** A creation is told by the run that found what it made. */
async function isFoundLater(
  journal: Pick<Journal, 'changes'>,
  { action, object: { id } }: SentWrite,
): Promise<boolean> {
  if (action !== 'create' || id === undefined) return false;
  const told = await journal.changes({ object: id, limit: 100 });
  return told.some(({ outcome }) => outcome.action === 'create' && outcome.status === 'applied');
}

/** What its run would have told of these writes of one object, had it come to that. */
export function outcomeOfOrphan(writes: readonly SentWrite[]): Outcome {
  const [first, last] = [writes[0]!, writes.at(-1)!];
  const { by, action, cause, base, before = base, sets = {}, wishers = {} } = first;
  const [kind, name] = splitId(by);
  const requests = writes.flatMap(({ prepared = [], receipt }) => [
    ...prepared,
    ...(receipt === undefined ? [] : [receipt]),
  ]);
  const isDone = last.refused !== true;
  const found = isDone
    ? 'what it had sent was done'
    : last.receipt === undefined
      ? 'what it had sent did not arrive, or came too late: nothing was changed'
      : 'what it had sent was refused';
  return {
    kind,
    name,
    action,
    object: last.object,
    status: isDone ? 'applied' : 'failed',
    message: `the run ended before it could tell; ${found}`,
    ...(cause === undefined ? {} : { cause }),
    fields: Object.entries(sets).map(([path, to]) => ({ path, to, by: wishers[path] ?? by })),
    receipt: { requests, ...(before === undefined || before === null ? {} : { versionBefore: before }) },
  };
}
