import type { FaultEffect } from './faults.ts';
import { randomFrom } from './random.ts';
import { boolean, integer, list, oneOf, type Shape } from './shapes.ts';

/** How chaos spoils a call. Each kind is a fault that could be set by hand. */
export type ChaosKind =
  | 'too-many'
  | 'too-many-silent'
  | 'server-error'
  | 'unavailable'
  | 'bad-gateway'
  | 'drop'
  | 'delay'
  | 'lost-response'
  | 'truncate'
  | 'html';

/** A share of all calls that goes wrong, in one of several ways. */
export interface ChaosOptions {
  /** The same seed spoils the same calls in the same way, for the same order of calls. */
  seed: number;
  /** From 0, none, to 1, every call. */
  share: number;
  /** Default: all. */
  kinds?: ChaosKind[];
  /** Default: every call. */
  when?: { method?: string; path?: string };
  /** Whether calls of the token endpoint can be spoilt too; default true. */
  tokens?: boolean;
  /** Milliseconds that a `delay` takes; default 20. */
  delayMs?: number;
  /** Seconds that a `too-many` asks for; default 1. */
  retryAfter?: number;
}

/** What was played since chaos was last started. */
export interface ChaosReport {
  /** Calls that could have been spoilt. */
  calls: number;
  /** How many were, by kind; every kind is there. */
  played: Record<ChaosKind, number>;
}

/** One chaos in force: asked once for each call that it may spoil. */
export interface Chaos {
  next(): FaultEffect | undefined;
  report(): ChaosReport;
}

const page = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body></body></html>\n`;
const html = 'text/html; charset=utf-8';

/** The effect of each kind. Only `delay`, `lost-response`, `truncate` and `html` let the work be done. */
function effects({ delayMs = 20, retryAfter = 1 }: ChaosOptions): Record<ChaosKind, FaultEffect> {
  return {
    'too-many': { status: 429, retryAfter },
    'too-many-silent': { status: 429 },
    'server-error': { status: 500 },
    unavailable: { status: 503 },
    'bad-gateway': { status: 502, body: page('502 Bad Gateway'), contentType: html },
    drop: { drop: true },
    delay: { delayMs },
    'lost-response': { lostResponse: true },
    truncate: { truncate: true },
    html: { instead: { status: 200, body: page('Please sign in') }, contentType: html },
  };
}

export const chaosKinds = Object.keys(effects({ seed: 0, share: 0 })) as ChaosKind[];

/** The form of chaos over HTTP. */
export const chaosShape: Shape = {
  type: 'object',
  name: 'Chaos',
  required: ['seed', 'share'],
  fields: {
    seed: integer,
    share: { type: 'number', min: 0, max: 1 },
    kinds: list(oneOf(...chaosKinds)),
    when: { type: 'object', name: 'ChaosCondition', fields: { method: { type: 'string' }, path: { type: 'string' } } },
    tokens: boolean,
    delayMs: { type: 'integer', min: 0 },
    retryAfter: { type: 'integer', min: 0 },
  },
};

/** Begins a chaos. */
export function createChaos(options: ChaosOptions): Chaos {
  const { share, kinds = chaosKinds } = options;
  const [random, effect] = [randomFrom(options.seed), effects(options)];
  const played = Object.fromEntries(chaosKinds.map((kind) => [kind, 0])) as Record<ChaosKind, number>;
  let calls = 0;
  return {
    next() {
      calls += 1;
      // Two draws for every call, spoilt or not, so that another share spoils some of the same calls in the same way.
      const [hit, which] = [random() < share, random()];
      const kind = kinds[Math.floor(which * kinds.length)];
      if (!hit || kind === undefined) return undefined;
      played[kind] += 1;
      return effect[kind];
    },
    report: () => ({ calls, played: { ...played } }),
  };
}
