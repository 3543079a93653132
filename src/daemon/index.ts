export { daemon } from './daemon.ts';
export type { Wish } from './lane.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { pulse } from './pulse.ts';
export { Revisions } from './revisions.ts';
export { invalidSchedule } from './schedule.ts';
export { type Answer, type Probes, serve } from './server.ts';
export type { LoopStatus, RunEnd } from './types.ts';
export { createVitals, type Vitals } from './vitals.ts';
