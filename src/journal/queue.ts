import { isBusy } from './failures.ts';
import { patience } from './patience.ts';

export interface Job {
  run(): void;
  done(): void;
  fail(error: unknown): void;
}

/** Jobs in the order in which they came; those that come together, or while a lock is waited for, share a transaction. */
export interface Queue {
  add(job: Job): void;
  /** When nothing is pending any more. */
  idle(): Promise<void>;
}

/** `transaction` runs all jobs or none. */
export function createQueue(transaction: (batch: readonly Job[]) => void, patienceMs: number | undefined): Queue {
  let jobs: Job[] = [];
  let draining: Promise<void> | undefined;

  /** One transaction for all; where one job fails, each again in its own, so that it fails alone. */
  function flush(): void {
    const batch = jobs;
    try {
      transaction(batch);
      jobs = [];
      for (const job of batch) job.done();
    } catch (error) {
      // The lock is nobody's fault in particular: tried one by one, each would wait for it.
      if (isBusy(error)) throw error;
      oneByOne();
    }
  }

  function oneByOne(): void {
    for (let job = jobs[0]; job !== undefined; job = jobs[0]) {
      try {
        transaction([job]);
        job.done();
      } catch (error) {
        // What is left stays in the queue, in order.
        if (isBusy(error)) throw error;
        job.fail(error);
      }
      jobs = jobs.slice(1);
    }
  }

  async function drain(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    const waited = patience(patienceMs);
    for (;;) {
      try {
        flush();
        break;
      } catch (error) {
        if (await waited()) continue;
        const batch = jobs;
        jobs = [];
        for (const job of batch) job.fail(error);
        break;
      }
    }
    // In the same turn as the look at the queue: what comes after begins anew.
    draining = undefined;
  }

  return {
    add(job) {
      jobs.push(job);
      draining ??= drain();
    },
    async idle() {
      while (draining !== undefined) await draining;
    },
  };
}
