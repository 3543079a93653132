import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** How often each thing is measured; the figure is the median. */
const rounds = 5;

/** The middle value; of an even number, the upper of the two in the middle. */
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

/** The median of five samples. */
export async function sample(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < rounds; i++) values.push(await measure());
  return median(values);
}

/** Megabytes of this process's heap that something still needs. */
export function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

export interface Comparison {
  /** Median milliseconds of each. */
  ours: number;
  bare: number;
  /** The median of the rounds' ratios. */
  ratio: number;
}

/**
 * Wall time of our work against the bare one, in five rounds. They take turns (bare, ours, ours, bare, ...), so that a
 * busy machine slows both. Short work is done for many turns a round, whose ratio is that of its medians; before long
 * work the garbage of the other is collected.
 */
export async function compare(ours: () => unknown, bare: () => unknown, turns = 1): Promise<Comparison> {
  const measured: { ours: number; bare: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const ms = { ours: [] as number[], bare: [] as number[] };
    for (let turn = 0; turn < turns; turn++) {
      const order = (round + turn) % 2 === 0 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const);
      for (const which of order) {
        if (turns === 1) collectGarbage();
        ms[which].push(await wall(which === 'ours' ? ours : bare));
      }
    }
    measured.push({ ours: median(ms.ours), bare: median(ms.bare) });
  }
  return {
    ours: median(measured.map((round) => round.ours)),
    bare: median(measured.map((round) => round.bare)),
    ratio: median(measured.map((round) => round.ours / round.bare)),
  };
}
