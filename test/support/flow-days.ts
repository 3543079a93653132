import type { JsonObject } from '../../src/model/json.ts';
import type { Fault, SandboxState } from '../../src/sandbox/index.ts';
import { type Day, useDays } from './long-day.ts';
import type { WorldOptions } from './world.ts';

export const daemon = 'sandbox-daemon';
export const upload = { method: 'PUT', path: '/architect-files/upload/*' };
export const download = { method: 'GET', path: '/architect-files/download/*' };
export const exporting = { method: 'POST', path: '/api/v2/flows/export/jobs' };
export const registering = { method: 'POST', path: '/api/v2/flows/jobs' };

type Job = ReturnType<SandboxState['flowJobs']>[number];

/** Days whose jobs end at once. */
export function useFlowDays(): (options?: WorldOptions, on?: Day) => Promise<Day> {
  const open = useDays();
  return (options = {}, on) => open({ ...options, sandbox: { jobMs: 3, ...options.sandbox } }, on);
}

export const once = (when: Fault['when'], then: Fault['then']): Fault => ({ when: { ...when, times: 1 }, then });

/** The job that a file starts meets this fate. */
export const fate = (job: Fault['then']['job'] & object): Fault => once(upload, { job });

/** Jobs that publish, and those of them to which a file was put. */
export function jobsOf({ it }: Day): { registered: Job[]; started: Job[] } {
  const registered = it.sandbox.state.flowJobs().filter(({ kind }) => kind === 'publish');
  return { registered, started: registered.filter((job) => job.upload !== undefined) };
}

type Flow = NonNullable<ReturnType<SandboxState['flowNamed']>>;

export const flowIn = ({ it }: Day, name = 'Main Line'): Flow => it.sandbox.state.flowNamed('inboundCall', name)!;
export const liveText = (day: Day, name = 'Main Line'): string =>
  day.it.sandbox.state.exportText(flowIn(day, name).id, 'published');

/** A person publishes another greeting. */
export function editByHand(day: Day, name = 'Main Line', greeting = 'By hand'): void {
  const edit = { tree: (tree: object): JsonObject => ({ ...tree, initialGreeting: { tts: greeting } }) };
  day.it.sandbox.state.editFlow(flowIn(day, name).id, edit);
}
