import { randomUUID } from 'node:crypto';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { invalid, notFound } from '../errors.ts';
import type { JobFate } from '../flows/jobs.ts';
import type { JsonObject } from '../json.ts';
import { boolean, list, oneOf, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import type { ReplicationRecord, ReplicationResult } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';
import { findOrganization, putConfiguration } from './web-chat-organizations.ts';

const path = '/api/v2/webchat/configurations/replicate';

/** How many jobs are remembered. */
const remembered = 2000;

interface Body {
  sourceOrganizationId: string;
  targetOrganizationIds: string[];
  overwriteExisting: boolean;
}

const shape: Shape = {
  type: 'object',
  name: 'Replication',
  required: ['sourceOrganizationId', 'targetOrganizationIds', 'configType', 'overwriteExisting'],
  fields: {
    sourceOrganizationId: string(),
    targetOrganizationIds: list(string()),
    configType: oneOf('webchat'),
    overwriteExisting: boolean,
  },
};

/** Copies of a configuration to other organisations, by a job (tutorial 4); that the job can be asked is ASSUMED. */
export const replications: Endpoint[] = [
  {
    ...{ method: 'POST', path, scopes: [], needs: scopes.writeWebChat, body: shape },
    serve: (call) => {
      const job = begin(call);
      const minimal = call.world.quirks.has('webchat-replicate-minimal');
      return new Answer(202, JSON.stringify(minimal ? { id: job.id } : job), 'application/json');
    },
  },
  {
    ...{ method: 'GET', path: `${path}/{replicationId}`, scopes: [], needs: scopes.readWebChat },
    serve: ({ world, params }) => {
      const job = world.tutorial.replications.get(params['replicationId']!);
      if (!job) throw notFound();
      return job;
    },
  },
];

/** Accepts a job with the source as it is now; each organisation is done in turn, in real time. */
function begin({ world, caller, actor, body, fate = {} }: Call): ReplicationRecord {
  const { sourceOrganizationId, targetOrganizationIds: targets, overwriteExisting } = body as unknown as Body;
  const { configuration } = findOrganization(world, sourceOrganizationId, caller.client.id);
  if (targets.length === 0) throw invalid('targetOrganizationIds may not be empty', 'targetOrganizationIds');
  if (targets.includes(sourceOrganizationId) || new Set(targets).size < targets.length) {
    throw invalid('targetOrganizationIds must be others than the source, each once', 'targetOrganizationIds');
  }
  for (const id of targets) findOrganization(world, id, caller.client.id);
  if (!configuration) throw notFound();
  const results = targets.map((organizationId): ReplicationResult => ({ organizationId, status: 'QUEUED' }));
  const job: ReplicationRecord = { id: randomUUID(), status: 'QUEUED', sourceOrganizationId, results };
  remember(world, job);
  run(world, job, fate, (result) => {
    const failure = world.tutorial.failing.get(result.organizationId) ?? failureOf(fate);
    world.tutorial.failing.delete(result.organizationId);
    if (failure !== undefined) return { status: 'FAILED', message: failure };
    const before = world.tutorial.webChats.get(result.organizationId)?.configuration;
    if (before && !overwriteExisting) return { status: 'SKIPPED', message: 'It has a configuration of its own' };
    const after = putConfiguration(world, result.organizationId, configuration.content, actor);
    return { status: 'ACTIVE', version: after.configuration!.version };
  });
  return job;
}

function remember({ tutorial: { replications: jobs } }: World, job: ReplicationRecord): void {
  jobs.set(job.id, job);
  const [oldest] = jobs.keys();
  if (oldest !== undefined && jobs.size > remembered) jobs.delete(oldest);
}

/** What a fault makes of the whole job. */
function failureOf({ status, messages = [] }: JobFate): string | undefined {
  const [first] = messages;
  if (status !== 'Failure') return undefined;
  return first === undefined ? 'The replication failed' : typeof first === 'string' ? first : first.text;
}

type Work = (result: ReplicationResult) => Partial<ReplicationResult>;

/** A third of its time it is queued; then one organisation after the other. It fails when one of them does (ASSUMED). */
function run(world: World, job: ReplicationRecord, fate: JobFate, work: Work): void {
  const ms = fate.ms ?? world.jobMs;
  const share = (ms * 2) / 3 / job.results.length;
  const next = (i: number): void => {
    const result = job.results[i];
    if (!result) {
      job.status = job.results.some(({ status }) => status === 'FAILED') ? 'FAILED' : 'COMPLETED';
      return;
    }
    result.status = 'RUNNING';
    if (fate.never) return;
    world.later(share, () => {
      Object.assign(result, work(result) satisfies JsonObject);
      next(i + 1);
    });
  };
  world.later(ms / 3, () => {
    job.status = 'RUNNING';
    next(0);
  });
}
