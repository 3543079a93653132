import { Failure } from '../../model/failure.ts';
import type { Answer, Reader, ReadRequest } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';

/** What a job of Architect's has come to (definitions `ArchitectJobStateResponse`, `ArchitectExportJobStateResponse`). */
export interface JobState {
  status: 'Registered' | 'Started' | 'Success' | 'Failure';
  body: JsonObject;
  errors: string[];
  warnings: string[];
  correlationId?: string;
}

/** Waits between looks, in milliseconds: short at first, since small flows take seconds; then ever longer. */
const firstWait = 500;
const growth = 1.5;
const longestWait = 10_000;

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
    const state = await lookAt(reader, request);
    if (done(state)) return state;
    if (waited >= mostMs) {
      const minutes = Math.round(waited / 6000) / 10;
      throw new Failure(
        'JobRunning',
        `${what} is still ${state.status.toLowerCase()} after ${minutes} min; the next run looks at it again`,
      );
    }
  }
}

export function isOver({ status }: JobState): boolean {
  return status === 'Success' || status === 'Failure';
}

function stateOf({ body, receipt }: Answer): JobState {
  const job = isObject(body) ? body : {};
  const messages = Array.isArray(job['messages']) ? job['messages'].filter(isObject) : [];
  const texts = (type: string): string[] =>
    messages.filter((one) => one['type'] === type).map((one) => String(one['text'] ?? '').trim());
  const { correlationId } = receipt;
  return {
    status: String(job['status']) as JobState['status'],
    body: job,
    errors: texts('Error'),
    warnings: texts('Warning'),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}
