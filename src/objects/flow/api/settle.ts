import type { Intent, Settlement } from '../../../model/contracts.ts';
import { asFailure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import type { JsonObject } from '../../../model/json.ts';
import { settleByVersion } from '../../settle-by-key.ts';
import { publishedOf, readFlow } from './head.ts';
import { jobRequest, lookAt } from './poll.ts';
import { list } from './summaries.ts';

/** So long a job that runs is waited for before its flow may be asked for again: nobody's jobs take longer. */
const longestJobMs = 1_800_000;

/**
 * A create is looked up by its natural key, another write told by the published version of the flow. The job that was started
 * knows more than the list, which may lag.
 */
export async function settle(reader: Reader, intent: Intent, checkpointed?: JsonObject): Promise<Settlement> {
  const { action, object, at, step } = intent;
  // What else is sent of a flow that is there (a rename, a lock) moves no version.
  if (action !== 'create' && step !== 'upload' && step !== 'delete') return { outcome: 'applied' };
  const job = step === 'upload' ? checkpointed?.['job'] : undefined;
  if (typeof job === 'string') {
    const known = await settleByJob(reader, job, at);
    if (known !== undefined) return known;
  }
  if (action !== 'create') {
    const live = await readFlow(reader, object.id!);
    const versions = { now: publishedOf, then: ({ base }: Intent) => base };
    // A text is compared by the version that it made alone.
    const { sets: _sets, ...rest } = intent;
    return settleByVersion(rest, live, versions);
  }
  const found = (await list(reader)).filter(({ key }) => key === object.key);
  if (found.length > 1) return { outcome: 'unknown' };
  return found.length === 1 ? { outcome: 'applied', id: found[0]!.id } : { outcome: 'not-applied' };
}

async function settleByJob(reader: Reader, job: string, begun: string): Promise<Settlement | undefined> {
  try {
    const { status, flowId: id, at } = await lookAt(reader, jobRequest(job));
    if (status === 'Success' && id !== undefined)
      return (await readFlow(reader, id)) === undefined ? undefined : { outcome: 'applied', id };
    if (status === 'Failure') return { outcome: 'not-applied', certain: true };
    const age = at === undefined ? 0 : Date.parse(at) - Date.parse(begun);
    return status !== 'Success' && status !== 'Registered' && age < longestJobMs ? { outcome: 'unknown' } : undefined;
  } catch (error) {
    // Without the job it is the list that tells; that Genesys cannot be reached is no answer.
    if (['Gone', 'PermissionMissing'].includes(asFailure(error).reason)) return undefined;
    throw error;
  }
}
