import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import { versionOf } from '../versioned.ts';
import { paths } from './paths.ts';

/** What became of replication to one organisation; `UNKNOWN` where Genesys does not tell. */
export interface Replicated {
  status: 'ACTIVE' | 'FAILED' | 'SKIPPED' | 'UNKNOWN';
  /** Genesys's own words, where it has some. */
  message?: string;
  version?: string;
}

/** So long a run waits for one job, in milliseconds; the next one goes on with it. */
const mostMs = 120_000;

/** Waits between looks, in milliseconds: ever longer, and together a little more than `most`. */
export function* pauses(most: number): Generator<number> {
  let total = 0;
  for (let pause = 500; total < most; pause = Math.min(pause * 1.5, 10_000)) {
    total += pause;
    yield pause;
  }
}

/**
 * Looks at a job that was asked for until it is done with an organisation; `meanwhile` is called after each look that finds it
 * under way. A new one may not show everywhere yet: one that never does is `UNKNOWN`.
 *
 * @throws Failure `JobRunning` where it lasts; the job goes on without us
 */
export async function endOf(
  reader: Reader,
  jobId: string,
  organization: string,
  meanwhile: () => Promise<void>,
): Promise<Replicated> {
  let job: JsonObject | undefined;
  for (const pause of pauses(mostMs)) {
    await reader.wait(pause);
    job = (await lookAtJob(reader, jobId)) ?? job;
    const end = job && resultOf(job, organization);
    if (end !== undefined) return end;
    await meanwhile();
  }
  if (job === undefined) return { status: 'UNKNOWN' };
  const message = `after ${mostMs / 1000} s replication job ${jobId} is still in the state "${String(job['status'])}"; the next run looks at it again, and starts no other`;
  throw new Failure('JobRunning', message, { trace: { jobId } });
}

/** Undefined where nothing is told of the job: it is not known (any more), or such questions are not served. */
export async function lookAtJob(reader: Reader, jobId: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await reader.get({ path: paths.job, params: { jobId } });
    return isObject(body) && (body['status'] !== undefined || Array.isArray(body['results'])) ? body : undefined;
  } catch (error) {
    const { reason, detail } = asFailure(error);
    if (reason === 'Gone' || detail.status === 405) return undefined;
    throw error;
  }
}

/** Undefined while it is under way. Where a finished job says nothing of an organisation, what is live there will tell. */
export function resultOf(job: JsonObject, organization: string): Replicated | undefined {
  const results = Array.isArray(job['results']) ? job['results'].filter(isObject) : [];
  const own = results.find((one) => one['organizationId'] === organization);
  const status = ends[wordOf(own?.['status'])] ?? over[wordOf(job['status'])];
  if (status === undefined) return undefined;
  const said = own?.['message'] ?? job['message'];
  const version = own && versionOf(own);
  return {
    status,
    ...(typeof said === 'string' && said !== '' ? { message: said } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

type Ends = Readonly<Record<string, Replicated['status']>>;
const ends: Ends = { ACTIVE: 'ACTIVE', FAILED: 'FAILED', SKIPPED: 'SKIPPED' };
const over: Ends = { COMPLETED: 'ACTIVE', FAILED: 'FAILED' };

/** No page says in which case the words come. */
function wordOf(status: Json | undefined): string {
  return String(status).toUpperCase();
}
