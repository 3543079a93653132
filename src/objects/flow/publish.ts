import { createHash } from 'node:crypto';
import type { WriteContext, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Upload } from '../../model/http.ts';
import { isObject } from '../../model/json.ts';
import { paths } from './paths.ts';
import { isOver, type JobState, lookAt, poll } from './poll.ts';

/** Genesys's own tools wait 16 minutes; a run has others to serve, and the next one looks at the same job again. */
const mostMs = 600_000;
/** So often is a job registered anew where its URL was refused: then nothing was published. */
const mostJobs = 2;
/** So often is a file put to one URL where no answer came and the job has not begun. */
const mostUploads = 3;

export interface Publication {
  text: string;
  name: string;
  /** The published version that this is to replace; absent for a new flow. */
  base?: string;
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
): Promise<Pick<Written, 'warnings' | 'trace'> & { flowId?: string }> {
  const { text, name, base } = publication;
  const digest = createHash('sha256').update(text).digest('hex');
  const earlier = await resumed(ctx, { digest, base: base ?? '', name });
  const jobId = earlier ?? (await start(ctx, publication, digest));
  const what = `the publishing of "${name}" (job ${jobId})`;
  const state = await poll(ctx.reader, request(jobId), { done: isOver, mostMs, what }).catch((error: unknown) => {
    const { reason, message, detail } = asFailure(error);
    throw new Failure(reason, message, { ...detail, trace: { job: jobId } });
  });
  return conclude(state, jobId, name);
}

/** The job of an interrupted attempt to publish this very text over this very version, where it has begun. */
async function resumed(
  { reader, checkpointed }: WriteContext,
  wanted: { digest: string; base: string; name: string },
): Promise<string | undefined> {
  const { job, digest, base } = checkpointed ?? {};
  if (typeof job !== 'string' || digest !== wanted.digest || base !== wanted.base) return undefined;
  try {
    const { status } = await lookAt(reader, request(job));
    return status === 'Registered' ? undefined : job;
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

async function start(ctx: WriteContext, { text, name, base, stillFree }: Publication, digest: string): Promise<string> {
  for (let jobs = 1; ; jobs++) {
    const { jobId, upload } = await register(ctx, text);
    await stillFree();
    await ctx.checkpoint({ job: jobId, digest, base: base ?? '' });
    try {
      await send(ctx, jobId, upload);
      return jobId;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.reason !== 'Gone') throw error;
      if (jobs < mostJobs) continue;
      throw new Failure('PublishFailed', `Genesys's file store refused "${name}" (job ${jobId}): ${failure.message}`, {
        ...failure.detail,
        trace: { job: jobId },
      });
    }
  }
}

async function register(ctx: WriteContext, text: string): Promise<{ jobId: string; upload: Upload }> {
  const { body } = await ctx.reader.ask({ path: paths.jobs, body: {} });
  const { id, presignedUrl, headers } = isObject(body) ? body : {};
  if (typeof id !== 'string' || typeof presignedUrl !== 'string') {
    throw new Failure('BadAnswer', 'Genesys answered to the registration of a job without its id and URL');
  }
  const given = Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [name, String(value)]);
  return { jobId: id, upload: { url: presignedUrl, headers: Object.fromEntries(given), text } };
}

/** A lost answer is looked up in the job itself: it has begun, or the file is put to the same URL once more. */
async function send(ctx: WriteContext, jobId: string, upload: Upload): Promise<void> {
  for (let uploads = 1; ; uploads++) {
    try {
      return await ctx.upload('upload', upload);
    } catch (error) {
      if (asFailure(error).reason !== 'Unsettled') throw error;
      if (await hasBegun(ctx, jobId)) return;
      if (uploads >= mostUploads) throw error;
    }
  }
}

async function hasBegun({ reader }: WriteContext, jobId: string): Promise<boolean> {
  for (const wait of [500, 1000, 2000]) {
    await reader.wait(wait);
    if ((await lookAt(reader, request(jobId))).status !== 'Registered') return true;
  }
  return false;
}

function conclude(
  { status, body, errors, warnings, correlationId }: JobState,
  jobId: string,
  name: string,
): Pick<Written, 'warnings' | 'trace'> & { flowId?: string } {
  const trace = { job: jobId };
  if (status === 'Success') {
    const flowId = isObject(body['flow']) ? body['flow']['id'] : undefined;
    return { trace, ...(warnings.length === 0 ? {} : { warnings }), ...(typeof flowId === 'string' ? { flowId } : {}) };
  }
  const where = `job ${jobId}${correlationId === undefined ? '' : `, correlation id ${correlationId}`}`;
  const all = [...errors, ...warnings];
  const why = all.length === 0 ? 'it gave no reason; Genesys support can look it up by these ids' : all.join('; ');
  const detail = { trace, ...(correlationId === undefined ? {} : { correlationId }) };
  throw new Failure('PublishFailed', `Genesys did not publish "${name}" (${where}): ${why}`, detail);
}

const request = (jobId: string): { path: string; params: { jobId: string } } => ({
  path: paths.job,
  params: { jobId },
});
