import type { Arrival } from './audit-arrival.ts';
import type { QueryFate } from './audit-queries.ts';
import { type Chaos, type ChaosOptions, type ChaosReport, createChaos } from './chaos.ts';
import type { Lag } from './collection.ts';
import type { JobFate } from './flows/jobs.ts';
import type { ActivationFate } from './web/web-records.ts';

/** Where tokens are asked for. */
export const tokenPath = '/oauth/token';

/** Which calls a fault strikes. Each fault counts its own matching calls, from the moment it was added. */
export interface FaultCondition {
  /** Any method when absent. */
  method?: string;
  /** Path without query; `*` is one segment, `**` anything, `{name}` one segment. Any path when absent. */
  path?: string;
  /** Only the nth matching call, counted from 1. */
  nth?: number;
  /** At most so many times. */
  times?: number;
}

/** What happens then. Fields combine where that makes sense (`delayMs` with any other). */
export interface FaultEffect {
  /** Answer with this status instead of serving the request. */
  status?: number;
  /** Body of that answer; an ErrorBody for the status when absent. */
  body?: unknown;
  /** Seconds for the `Retry-After` header of that answer. */
  retryAfter?: number;
  /** Wait so many milliseconds (of real time) first. */
  delayMs?: number;
  /** Cut the connection before anything happens. */
  drop?: boolean;
  /** Serve the request, then cut the connection instead of answering. */
  lostResponse?: boolean;
  /** Serve a read as of so many seconds ago: new objects are missing, deleted ones still there, changed ones old. */
  stale?: number;
  /** The same for so many milliseconds after each write, and for creations, deletions and changes apart. */
  lag?: Lag;
  /** Serve the request, then answer this instead. */
  instead?: { status: number; body: string };
  /** Send the headers and half of the body, then cut the connection. */
  truncate?: boolean;
  /** Answer with this content type. */
  contentType?: string;
  /** Answer with the true status and no body. */
  emptyBody?: boolean;
  /** What becomes of the job on flows that the call registers or starts. */
  job?: JobFate;
  /** What becomes of the draft or the deployment that the call writes: it stays `Pending`, or ends in `Error`. */
  activation?: ActivationFate;
  /** How the audit records arrive of what the call writes. */
  audit?: Arrival;
  /** What becomes of the asynchronous audit query that the call begins. */
  auditQuery?: QueryFate;
}

export interface Fault {
  when: FaultCondition;
  then: FaultEffect;
}

/** The faults in force. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Begins a chaos, in place of the one before. */
  chaos(options: ChaosOptions): void;
  /** Ends it; what it played is still known. */
  calm(): void;
  report(): ChaosReport | undefined;
  /** The first fault that strikes this call, else what chaos makes of it. Every fault that matches counts it. */
  strike(method: string, pathname: string): FaultEffect | undefined;
}

/** The faults in force, none at first, and the chaos. */
export function faultList(): Faults {
  let entries: { fault: Fault; path: RegExp; seen: number; struck: number }[] = [];
  let chaos: (Chaos & { on: boolean; options: ChaosOptions; path: RegExp }) | undefined;

  function firstMatch(method: string, pathname: string): Fault | undefined {
    let found: Fault | undefined;
    for (const entry of entries) {
      const { method: wanted = method, nth, times = Number.POSITIVE_INFINITY } = entry.fault.when;
      if (wanted !== method || !entry.path.test(pathname)) continue;
      entry.seen += 1;
      if (found || entry.struck >= times || (nth !== undefined && entry.seen !== nth)) continue;
      entry.struck += 1;
      found = entry.fault;
    }
    return found;
  }

  function fromChaos(method: string, pathname: string): FaultEffect | undefined {
    if (!chaos?.on || !chaos.path.test(pathname)) return undefined;
    const { when = {}, tokens = true } = chaos.options;
    if ((when.method ?? method) !== method || (!tokens && pathname === tokenPath)) return undefined;
    return chaos.next();
  }

  return {
    add: (fault) => {
      entries.push({ fault, path: pathPattern(fault.when.path ?? '**'), seen: 0, struck: 0 });
    },
    clear: () => {
      entries = [];
    },
    chaos: (options) => {
      chaos = { ...createChaos(options), on: true, options, path: pathPattern(options.when?.path ?? '**') };
    },
    calm: () => {
      if (chaos) chaos.on = false;
    },
    report: () => chaos?.report(),
    strike(method, pathname) {
      const found = firstMatch(method, pathname)?.then;
      // What only shows the past spoils no call, so chaos may come on top.
      if (found && !onlyLags(found)) return found;
      const effect = fromChaos(method, pathname);
      return found || effect ? { ...found, ...effect } : undefined;
    },
  };
}

/** How far behind the reads of a call are. */
export function lagOf({ stale = 0, lag = {} }: FaultEffect): Lag {
  const { created = 0, deleted = 0, updated = 0 } = lag;
  const least = stale * 1000;
  return { created: Math.max(created, least), deleted: Math.max(deleted, least), updated: Math.max(updated, least) };
}

const onlyLags = (effect: FaultEffect): boolean =>
  Object.keys(effect).every((name) => name === 'lag' || name === 'stale');

function pathPattern(glob: string): RegExp {
  const source = glob
    .split(/(\*\*|\*|\{\w+\})/)
    .map((part) => {
      if (part === '**') return '.*';
      if (part === '*' || /^\{\w+\}$/.test(part)) return '[^/]+';
      return part.replace(/[.+?^$()|[\]\\{}]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`);
}
