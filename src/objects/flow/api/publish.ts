import { createHash } from 'node:crypto';
import type { WriteContext, Written } from '../../../model/contracts.ts';
import { asFailure, Failure } from '../../../model/failure.ts';
import type { Upload } from '../../../model/http.ts';
import { isObject } from '../../../model/json.ts';
import { readFlow } from './head.ts';
import { paths } from './paths.ts';
import { hasBegun, isOver, type JobState, jobRequest, poll } from './poll.ts';
import { idIn, lineOf, told } from './told.ts';
import { send } from './upload.ts';

/** Genesys's own tools wait 16 minutes; a run has others to serve, and the next one looks at the same job again. */
const mostMs = 600_000;
/** So long is an earlier job waited for that publishes another text: it would end after ours. */
const mostEarlierMs = 120_000;
/** So often is a job registered anew where its URL was refused: then nothing was published. */
const mostJobs = 2;

export interface Publication {
  text: string;
  name: string;
  /** The published version that this is to replace; absent for a new flow. */
  base?: string;
  isNew: boolean;
  /** Asked immediately before the upload: nothing in the API ties a job to a version or a lock. */
  stillFree(): Promise<void>;
}

/**
 * Publishes one YAML file: a job is registered, which changes nothing; the upload to its URL starts it; then it is looked
 * at until it is over. What the job is for is on disk before the upload, so that who is interrupted looks at that job
 * instead of publishing again.
 */
export async function publish(
  ctx: WriteContext,
  publication: Publication,
): Promise<Pick<Written, 'warnings'> & { jobId: string; flowId?: string }> {
  const { text, name } = publication;
  const digest = createHash('sha256').update(text).digest('hex');
  const jobId = (await earlier(ctx, publication, digest)) ?? (await start(ctx, publication, digest));
  const state = await watch(ctx, jobId, name, mostMs);
  const { flowId, warnings } = state;
  if (state.status === 'Success') {
    const warned = warnings.length === 0 ? {} : { warnings: told(warnings) };
    return { jobId, ...warned, ...(flowId === undefined ? {} : { flowId }) };
  }
  // It is told here, and whoever tries again starts another job.
  await ctx.checkpoint({});
  const refused = refusal(state, jobId, name);
  // Where somebody came between, that is why, and waiting or another look mends it.
  await publication.stillFree().catch((error: unknown) => {
    const { reason, message } = asFailure(error);
    throw new Failure(reason, `${message}; ${refused.message}`, refused.detail);
  });
  throw refused;
}

/**
 * The job of an interrupted attempt to publish this very text over this very version, where it has begun. One for another
 * text is let come to its end first: what it makes of the flow is to be looked at before anything is published over it.
 */
async function earlier(
  ctx: WriteContext,
  { name, base = '', isNew }: Publication,
  digest: string,
): Promise<string | undefined> {
  const { job, digest: before, base: over, uploaded } = ctx.checkpointed ?? {};
  if (typeof job !== 'string' || over !== base) return undefined;
  const state = await hasBegun(ctx.reader, job, uploaded === true);
  if (state === undefined) return undefined;
  if (before === digest) return isNew && (await isLost(ctx, state)) ? undefined : job;
  if (isOver(state)) return undefined;
  const { status } = await watch(ctx, job, name, mostEarlierMs).catch((error: unknown) => {
    if (asFailure(error).reason !== 'JobRunning') throw error;
    return { status: 'Started' };
  });
  if (status !== 'Success') return undefined;
  throw new Failure('Conflict', `an earlier publishing of "${name}" (job ${job}) came to its end just now`);
}

/** True where what the job made is gone again. */
async function isLost({ reader }: WriteContext, { status, flowId }: JobState): Promise<boolean> {
  return status === 'Success' && flowId !== undefined && (await readFlow(reader, flowId)) === undefined;
}

async function watch({ reader }: WriteContext, jobId: string, name: string, most: number): Promise<JobState> {
  const what = `the publishing of "${name}" (job ${jobId})`;
  return poll(reader, jobRequest(jobId), { done: isOver, mostMs: most, what }).catch((error: unknown) => {
    const { reason, message, detail } = asFailure(error);
    const traced = { ...detail, trace: { job: jobId } };
    if (reason !== 'Gone') throw new Failure(reason, message, traced);
    throw new Failure('JobRunning', `Genesys does not know of ${what}; the next run looks at the flow again`, traced);
  });
}

async function start(ctx: WriteContext, publication: Publication, digest: string): Promise<string> {
  const { text, name, base, isNew, stillFree } = publication;
  for (let jobs = 1; ; jobs++) {
    const { jobId, upload } = await register(ctx, text);
    await stillFree();
    const noted = { job: jobId, digest, base: base ?? '' };
    await ctx.checkpoint(noted);
    try {
      await send(ctx, { jobId, upload, name, isNew, stillFree });
      await ctx.checkpoint({ ...noted, uploaded: true });
      return jobId;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.reason !== 'Gone') throw error;
      if (jobs < mostJobs) continue;
      throw new Failure(
        'PublishFailed',
        `Genesys's file store refused "${name}" (job ${jobId}): ${lineOf(failure.message)}`,
        {
          ...failure.detail,
          trace: { job: jobId },
        },
      );
    }
  }
}

async function register(ctx: WriteContext, text: string): Promise<{ jobId: string; upload: Upload }> {
  const { body, receipt } = await ctx.reader.ask({ path: paths.jobs, body: {} });
  // The file store answers the upload without a correlation id: by this one the publishing is found.
  ctx.noted(receipt);
  const { id: answered, presignedUrl, headers } = isObject(body) ? body : {};
  const id = idIn(answered);
  if (id === undefined || typeof presignedUrl !== 'string') {
    throw new Failure('BadAnswer', 'Genesys answered to the registration of a job without its id and URL');
  }
  const given = Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [name, String(value)]);
  return { jobId: id, upload: { url: presignedUrl, headers: Object.fromEntries(given), text } };
}

function refusal({ errors, warnings, correlationId }: JobState, jobId: string, name: string): Failure {
  const where = `job ${jobId}${correlationId === undefined ? '' : `, correlation id ${correlationId}`}`;
  const all = [...errors, ...warnings];
  const why =
    all.length === 0 ? 'it gave no reason; Genesys support can look it up by these ids' : told(all).join('; ');
  const detail = {
    trace: { job: jobId },
    nothingMade: true,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
  return new Failure('PublishFailed', `Genesys did not publish "${name}" (${where}): ${why}`, detail);
}
