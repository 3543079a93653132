/** Why a target is to run. */
export type Trigger = 'started' | 'revision' | 'schedule' | 'follow-up' | 'request';

export interface Wish {
  trigger: Trigger;
  /** A person asked: what stalled is tried again. */
  byHand?: boolean;
}

/** Lets one run of a target in at a time; while one waits, further wishes join it, since it would do the same. */
export interface Lane<T> {
  /** Resolves with the end of a run that began after this call. */
  enter(wish: Wish): Promise<T>;
  idle(): Promise<void>;
}

/** `work` must not reject. */
export function createLane<T>(work: (wish: Wish) => Promise<T>): Lane<T> {
  let running: Promise<T> | undefined;
  let waiting: { wish: Wish; run: Promise<T> } | undefined;

  function enter(wish: Wish): Promise<T> {
    if (running === undefined) {
      running = work(wish).finally(() => {
        running = undefined;
      });
      return running;
    }
    if (waiting === undefined) {
      const run = running.then(() => {
        const joined = waiting!.wish;
        waiting = undefined;
        return enter(joined);
      });
      waiting = { wish, run };
    } else waiting.wish = join(waiting.wish, wish);
    return waiting.run;
  }

  return {
    enter,
    async idle() {
      while (running !== undefined) await (waiting?.run ?? running);
    },
  };
}

/** A person's wish must not be lost among the clock's. */
function join(first: Wish, second: Wish): Wish {
  return second.byHand === true && first.byHand !== true ? second : first;
}
