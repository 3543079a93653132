import { asFailure, Failure } from '../../../model/failure.ts';
import type { Answer, Reader, ReadRequest } from '../../../model/http.ts';
import { isObject, type JsonObject } from '../../../model/json.ts';
import { paths } from './paths.ts';
import { idIn, lineOf } from './told.ts';

/** What a job of Architect's has come to (definitions `ArchitectJobStateResponse`, `ArchitectExportJobStateResponse`). */
export interface JobState {
  /** `Registered`, `Started`, `Success`, `Failure`; empty where Genesys says none. */
  status: string;
  body: JsonObject;
  /** Of the flow that it published. */
  flowId?: string;
  errors: string[];
  warnings: string[];
  correlationId?: string;
  /** By Genesys's clock, ISO 8601: when this was so. */
  at?: string;
}

/** Waits between looks, in milliseconds: short at first, since small flows take seconds; then ever longer. */
const firstWait = 500;
const growth = 1.5;
const longestWait = 10_000;
/** A job that was registered a moment ago may not show everywhere yet. */
const unseenMs = 10_000;
/** Waits before a file of which nobody knows whether it arrived counts as not taken; one that did is given longer. */
const beginsWithin = [0, 500, 1000, 2000, 4000];
const beginsLate = [8000, 15_000, 30_000, 60_000];

export async function lookAt(reader: Reader, request: ReadRequest): Promise<JobState> {
  const answer = await reader.get({ ...request, query: { expand: 'messages' } });
  return stateOf(answer);
}

/** Looks at a job until `done` says so. Throws `JobRunning` after `mostMs`; the job goes on without us. */
export async function poll(
  reader: Reader,
  request: ReadRequest,
  {
    done,
    mostMs,
    what,
    wait = firstWait,
  }: { done: (state: JobState) => boolean; mostMs: number; what: string; wait?: number },
): Promise<JobState> {
  let waited = 0;
  for (let pause = wait; ; pause = Math.min(pause * growth, longestWait)) {
    await reader.wait(pause);
    waited += pause;
    const state = await lookAt(reader, request).catch((error: unknown) => {
      if (asFailure(error).reason !== 'Gone' || waited > unseenMs) throw error;
      return undefined;
    });
    if (state === undefined) continue;
    if (done(state)) return state;
    if (waited >= mostMs) {
      const minutes = Math.round(waited / 6000) / 10;
      throw new Failure('JobRunning', `${what} ${stillIs(state)} after ${minutes} min; the next run looks at it again`);
    }
  }
}

export const jobRequest = (jobId: string): { path: string; params: { jobId: string } } => ({
  path: paths.job,
  params: { jobId },
});

/** The state of a job that publishes, once its file has reached it; undefined where it has not, or nobody knows it. */
export async function hasBegun(reader: Reader, jobId: string, arrived = false): Promise<JobState | undefined> {
  for (const wait of arrived ? [...beginsWithin, ...beginsLate] : beginsWithin) {
    if (wait > 0) await reader.wait(wait);
    const state = await lookAt(reader, jobRequest(jobId)).catch((error: unknown) => {
      if (asFailure(error).reason !== 'Gone') throw error;
      return undefined;
    });
    if (state !== undefined && state.status !== 'Registered') return state;
  }
  return undefined;
}

export function isOver({ status }: Pick<JobState, 'status'>): boolean {
  return status === 'Success' || status === 'Failure';
}

const known: Record<string, string> = { Registered: 'is still registered', Started: 'is still started' };

function stillIs({ status }: JobState): string {
  return known[status] ?? (status === '' ? 'still has no status' : `still has the unknown status "${status}"`);
}

function stateOf({ body, receipt }: Answer): JobState {
  if (!isObject(body)) throw new Failure('BadAnswer', 'Genesys answered for a job with something else');
  const job = body;
  const messages = Array.isArray(job['messages']) ? job['messages'].filter(isObject) : [];
  const texts = (type: string): string[] =>
    messages
      .filter((one) => one['type'] === type)
      .map((one) => lineOf(one['text']))
      .filter((line) => line !== '');
  const flowId = idIn(isObject(job['flow']) ? job['flow']['id'] : undefined);
  const { correlationId, serverDate } = receipt;
  return {
    status: typeof job['status'] === 'string' ? lineOf(job['status'], 60) : '',
    body: job,
    ...(flowId === undefined ? {} : { flowId }),
    errors: texts('Error'),
    warnings: texts('Warning'),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(serverDate === undefined ? {} : { at: serverDate }),
  };
}
