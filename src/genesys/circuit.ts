import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Log } from '../model/log.ts';
import { stamp } from '../model/moment.ts';
import { longestRetrying } from './retry.ts';

export type CircuitState = 'closed' | 'open' | 'probing';

/** What became of a try that was let through; the first call counts. */
export interface Pass {
  /** True while the circuit was open: what comes of it decides for all. */
  readonly probe: boolean;
  /** Genesys answered, and be it with a refusal. */
  succeeded(): void;
  /** What failed, for people (`GET /api/v2/x: status 503`), and for how long Genesys asked to be left alone. */
  failed(what: string, after?: number): void;
  /** Nothing was sent, or the try says nothing of Genesys; without effect after one of the others. */
  unused(): void;
}

/**
 * Keeps an organisation that answers nothing from being asked by everybody all the time: after some failures in a row,
 * of more than one call, only a probe is let through now and then. There is no probe traffic: the next try that asks
 * after the pause is the probe, and a client without calls sends nothing.
 */
export interface Circuit {
  /**
   * Resolves when it is worth asking to `enter`. Throws `CircuitOpen` where the caller, whose first try began at
   * `begun`, would wait longer than a try may be repeated, or where the outage has lasted that long already.
   */
  wait(begun: number): Promise<void>;
  /** Undefined where nothing may be sent now; each pass must be told what became of it. `call`: whose try this is. */
  enter(call: object): Pass | undefined;
  /** Both of them, for who waits for nothing else. */
  admit(call: object, begun: number): Promise<Pass>;
  /** `probing`: a probe is under way, or the next try will be one. */
  state(): CircuitState;
  /** Fails everybody who waits or comes later with this. */
  close(reason: Failure): void;
}

export interface CircuitOptions {
  clock: Clock;
  log: Log;
  /** Answers 0 <= x < 1. */
  random: () => number;
}

/** Failed tries in a row that open it. */
const mostFailures = 5;
const firstPause = 5_000;
const longestPause = 60_000;

interface Outage {
  since: number;
  failures: number;
  last: string;
  pause: number;
  probeAt: number;
  /** Probes that failed. */
  probes: number;
}

export function createCircuit({ clock, log, random }: CircuitOptions): Circuit {
  let failures = 0;
  /** Whose failure was the first of them: one call alone may be about an object that is broken. */
  let first: object | undefined;
  let several = false;
  let outage: Outage | undefined;
  let probing = false;
  let closed: Failure | undefined;
  let changed = Promise.withResolvers<void>();
  let wake = new AbortController();

  const now = (): number => clock.now().getTime();
  /** A clock that was set back must not prolong the pause. */
  const pauseLeft = ({ probeAt, pause }: Outage): number => {
    const left = probeAt - now();
    return left > pause ? 0 : Math.max(0, left);
  };
  /** Set back or forward, the clock makes nobody wait for longer. */
  const patience = (since: number): number => {
    const elapsed = now() - since;
    return Math.abs(elapsed) > longestRetrying ? 0 : longestRetrying - elapsed;
  };

  /** Whoever waits looks again. */
  function change(): void {
    changed.resolve();
    changed = Promise.withResolvers();
    wake.abort();
    wake = new AbortController();
  }

  function open(call: object, what: string, after: number): void {
    failures++;
    first ??= call;
    several ||= first !== call;
    if (failures < mostFailures || !several) return;
    outage = { since: now(), failures, last: what, pause: 0, probeAt: 0, probes: 0 };
    rest(outage, after);
    log.warn(shown(outage), 'genesys keeps failing: only a probe is sent now and then');
    change();
  }

  /** Longer each time, with jitter, so that several daemons do not probe as one. */
  function rest(of: Outage, after: number): void {
    const step = Math.min(longestPause, firstPause * 2 ** of.probes);
    of.pause = Math.round(Math.max(step * (0.75 + random() / 4), Math.min(after, longestPause)));
    of.probeAt = now() + of.pause;
  }

  function heal(): void {
    failures = 0;
    first = undefined;
    several = false;
    if (outage === undefined) return;
    log.info({ failedProbes: outage.probes, ms: Math.max(0, now() - outage.since) }, 'genesys answers again');
    outage = undefined;
    change();
  }

  function probeFailed(of: Outage, what: string, after: number): void {
    of.failures++;
    of.probes++;
    of.last = what;
    rest(of, after);
    log.debug(shown(of), 'probe failed');
  }

  const openFailure = (of: Outage): Failure => {
    const after = probing ? firstPause : pauseLeft(of);
    const when = probing ? 'one is under way' : `the next one in ${Math.ceil(after / 1000)} s at the earliest`;
    const since = stamp(new Date(of.since));
    return new Failure(
      'CircuitOpen',
      `Genesys failed ${of.failures} times in a row, last at ${of.last}. Since ${since} only a probe is sent now and then, ${when}; all goes on by itself when Genesys answers.`,
      { after },
    );
  };

  async function wait(begun: number): Promise<void> {
    for (;;) {
      if (closed !== undefined) throw closed;
      if (outage === undefined) return;
      const left = pauseLeft(outage);
      if (left === 0 && !probing) return;
      // A short outage is sat out, so that it fails no run; in a long one nobody is kept waiting any more.
      if (Math.min(patience(begun), patience(outage.since)) <= left) throw openFailure(outage);
      if (probing) await changed.promise;
      else await clock.sleep(left, wake.signal).catch(() => undefined);
    }
  }

  function enter(call: object): Pass | undefined {
    const probes = outage;
    if (probes !== undefined) {
      if (probing || pauseLeft(probes) > 0) return undefined;
      probing = true;
      log.debug({ probe: probes.probes + 1 }, 'probing whether genesys answers');
    }
    let told = false;
    /** Runs once; whoever waits for the end of a probe looks again. */
    const once = (then: () => void): void => {
      if (told) return;
      told = true;
      if (probes !== undefined) probing = false;
      then();
      if (probes !== undefined) change();
    };
    return {
      probe: probes !== undefined,
      succeeded: () => once(heal),
      failed: (what, after = 0) =>
        once(() => {
          if (outage === undefined) open(call, what, after);
          // What left before it opened tells nothing new.
          else if (outage === probes) probeFailed(outage, what, after);
        }),
      unused: () => once(() => undefined),
    };
  }

  return {
    wait,
    enter,
    async admit(call, begun) {
      for (;;) {
        await wait(begun);
        const pass = enter(call);
        if (pass !== undefined) return pass;
      }
    },
    state: () => {
      if (outage === undefined) return 'closed';
      return probing || pauseLeft(outage) === 0 ? 'probing' : 'open';
    },
    close(reason) {
      closed = reason;
      change();
    },
  };
}

function shown({ failures, last, pause }: Outage): object {
  return { failures, last, probeIn: pause };
}
