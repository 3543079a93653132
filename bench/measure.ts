import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How often each thing is measured; the figure is the median. */
const rounds = 5;

/** The middle of an odd number of values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Milliseconds of wall time. */
export async function wall(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of CPU of this process: its own threads, helpers of V8 included, and no child process. */
export async function cpu(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The same work several times over as one sample, for what is too short to be measured alone. */
export function times(count: number, work: () => unknown): () => Promise<void> {
  return async () => {
    for (let i = 0; i < count; i++) await work();
  };
}

/** Medians of five samples. */
export async function sample(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < rounds; i++) values.push(await measure());
  return median(values);
}

export interface Comparison {
  /** Median milliseconds of each. */
  ours: number;
  bare: number;
  /** The median of the rounds' ratios. */
  ratio: number;
}

/**
 * Wall time of our work against the bare one. They take turns (bare, ours, bare, ours, ...) and each round's two times
 * make one ratio, so that a busy machine slows both; garbage of one is collected before the other begins.
 */
export async function compare(ours: () => unknown, bare: () => unknown): Promise<Comparison> {
  const pairs: { ours: number; bare: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    collectGarbage();
    const bareMs = await wall(bare);
    collectGarbage();
    pairs.push({ ours: await wall(ours), bare: bareMs });
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    bare: median(pairs.map((pair) => pair.bare)),
    ratio: median(pairs.map((pair) => pair.ours / pair.bare)),
  };
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
