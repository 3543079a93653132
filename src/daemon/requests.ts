import type { Clock } from '../model/clock.ts';
import { asFailure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import type { Request, RunEnd } from './types.ts';

export interface RequestDeps {
  /** Requests that nobody has answered. */
  take(): Promise<readonly Request[]>;
  answer(request: Request, end: RunEnd): Promise<void>;
  /** Undefined where the loop ended before the run began. */
  run(target: string): Promise<RunEnd | undefined>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

const pauseMs = 10_000;

/** Looks for requests; each is served once, beside whatever else goes on. */
export function createRequests({ take, answer, run, clock, log, signal }: RequestDeps): () => Promise<void> {
  const inHand = new Set<string>();

  async function serve(request: Request): Promise<void> {
    try {
      for (;;) {
        const end = await run(request.target);
        // What was interrupted stays for the process that comes after this one.
        if (end === undefined || end.reason === 'Interrupted') return;
        if (end.reason !== 'LeaseHeld') return await answer(request, end);
        // Whoever holds the lease may be a daemon on this journal, which answers; else it is tried until it is ours.
        await clock.sleep(end.again?.after ?? pauseMs, signal);
        if (!(await take()).some(({ id }) => id === request.id)) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const { reason, message } = asFailure(error);
      log.warn({ target: request.target, reason, detail: message }, 'a request could not be answered');
      await clock.sleep(pauseMs, signal).catch(() => undefined);
    } finally {
      inHand.delete(request.id);
    }
  }

  return async () => {
    for (const request of await take()) {
      if (inHand.has(request.id)) continue;
      inHand.add(request.id);
      log.info({ target: request.target, request: request.id }, 'run requested');
      void serve(request);
    }
  };
}
