import type { Answer, Metrics, Probes, Vitals } from '../daemon/index.ts';
import type { Generation } from './daemon-generation.ts';

interface ProbeDeps {
  vitals: Vitals;
  metrics: Metrics;
  current(): Generation;
  /** The revision that was read and found valid last. */
  known(): string | undefined;
  stop: AbortSignal;
}

/** What probes are told of whichever configuration is in force. Genesys is not asked. */
export function probesOf({ vitals, metrics, current, known, stop }: ProbeDeps): Probes {
  const targets = (): string[] => current().targets.map(({ name }) => name);
  return {
    health() {
      const stuck = vitals.stuck();
      if (stuck === undefined) return { well: true, body: { status: 'ok', targets: targets() } };
      return { well: false, body: { status: 'stuck', detail: stuck, targets: targets() } };
    },
    async ready(): Promise<Answer> {
      const journal = await current().journal();
      const revision = known();
      const well = journal === 'ok' && revision !== undefined && !stop.aborted;
      const status = stop.aborted ? 'stopping' : well ? 'ready' : 'not ready';
      return { well, body: { status, journal, revision: revision ?? 'none was read yet', targets: targets() } };
    },
    metrics: () => metrics.read(),
  };
}
