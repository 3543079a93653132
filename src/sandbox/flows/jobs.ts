import { randomBytes, randomUUID } from 'node:crypto';
import type { Actor } from '../audit-log.ts';
import { notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import type { FlowMessage } from './check-flow.ts';

/** What a fault makes of a job. */
export interface JobFate {
  /** How it ends, whatever was uploaded. */
  status?: 'Success' | 'Failure';
  /** Its messages then, in place of true ones; the texts alone are errors. */
  messages?: (string | FlowMessage)[];
  /** With `status: Failure`: the work is done all the same. */
  done?: boolean;
  /** It starts and does not end. */
  never?: boolean;
  /** How long it takes, in milliseconds. */
  ms?: number;
}

export type JobKind = 'publish' | 'export' | 'validate';

/** A job of Architect. */
export interface JobRecord {
  id: string;
  kind: JobKind;
  status: 'Registered' | 'Started' | 'Success' | 'Failure';
  actor: Actor;
  messages: (FlowMessage & { at: number })[];
  /** Of the flow that a publish job made or changed. */
  flowId?: string;
  /** Part of the presigned URL, in place of a signature. */
  signature: string;
  /** Milliseconds of the sandbox's clock, from which on the URL is refused. */
  expiresAt: number;
  /** Headers that an upload must have, in lower case. */
  headers: Record<string, string>;
  createStubs: boolean;
  /** What was uploaded. */
  upload?: string;
  /** What there is to download. */
  download?: { bytes: Buffer; fileName: string; contentType: string };
  fate?: JobFate;
}

/** What a job comes to. */
export interface JobResult extends Pick<JobRecord, 'flowId' | 'download'> {
  messages: FlowMessage[];
  failed: boolean;
}

/** How many jobs are remembered; a daemon on the demo sandbox may run for days. */
const remembered = 2000;

export function registerJob(world: World, job: Pick<JobRecord, 'kind' | 'actor'> & Partial<JobRecord>): JobRecord {
  const id = randomUUID();
  const record: JobRecord = {
    id,
    status: 'Registered',
    messages: [],
    signature: randomBytes(24).toString('hex'),
    expiresAt: world.now() + world.presignedSeconds * 1000,
    headers: { 'content-type': 'application/x-yaml', 'x-amz-meta-jobid': id },
    createStubs: false,
    ...job,
  };
  world.jobs.set(id, record);
  const [oldest] = world.jobs.keys();
  if (oldest !== undefined && world.jobs.size > remembered) world.jobs.delete(oldest);
  return record;
}

/** @throws ApiError 404, also for a job of another kind */
export function findJob(world: World, id: string, kind: JobKind): JobRecord {
  const job = world.jobs.get(id);
  if (job?.kind !== kind) throw notFound();
  return job;
}

/** Lets a job begin, and after its time end as its fate says, else as its work comes out. */
export function startJob(world: World, job: JobRecord, work: () => JobResult): void {
  const ms = job.fate?.ms ?? world.jobMs;
  world.later(ms / 3, () => {
    job.status = 'Started';
    if (job.fate?.never) return;
    world.later((ms * 2) / 3, () => endJob(world, job, work));
  });
}

function endJob(world: World, job: JobRecord, work: () => JobResult): void {
  const { status, messages, done = false } = job.fate ?? {};
  const result = status === 'Failure' && !done ? { messages: [], failed: true } : work();
  const said = messages?.map((one) => (typeof one === 'string' ? ({ type: 'Error', text: one } as const) : one));
  job.messages = (said ?? result.messages).map((message) => ({ ...message, at: world.now() }));
  if (result.flowId !== undefined) job.flowId = result.flowId;
  if (result.download) {
    job.download = result.download;
    job.expiresAt = world.now() + world.presignedSeconds * 1000;
  }
  job.status = status ?? (result.failed ? 'Failure' : 'Success');
}

const commands: Record<JobKind, string> = { publish: 'Publish', export: 'Export', validate: 'Validate' };

/** What the state of every kind of job has; messages only when asked for. */
export function viewJob(job: JobRecord, path: string, expanded: boolean): JsonObject {
  const messages = job.messages.map(({ type, text, at }) => ({ dateTime: new Date(at).toISOString(), type, text }));
  return {
    id: job.id,
    status: job.status,
    command: commands[job.kind],
    ...(expanded && { messages }),
    selfUri: `${path}/${job.id}`,
  };
}
