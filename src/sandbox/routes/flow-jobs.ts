import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { invalid } from '../errors.ts';
import { findJob, type JobKind, type JobRecord, registerJob, startJob, viewJob } from '../flows/jobs.ts';
import { presignedUrl } from '../flows/presigned.ts';
import { type ExportDetails, runExport, runValidate } from '../flows/run-jobs.ts';
import {
  registerArchitectExportJob,
  registerArchitectJobRequest,
  registerArchitectValidateJob,
} from '../request-shapes.ts';
import { architectScopes, jobPermissions } from './permissions.ts';

const root = '/api/v2/flows';

/** `flows/jobs`, `flows/export/jobs`, `flows/validate/jobs`: what takes its time. */
export const flowJobs: Endpoint[] = [
  {
    method: 'POST',
    path: `${root}/jobs`,
    permissions: jobPermissions.create,
    scopes: architectScopes.write,
    body: registerArchitectJobRequest,
    bodyOptional: true,
    serve: (call) => {
      const job = register(call, 'publish', { createStubs: call.body['createStubs'] === true });
      const presigned = presignedUrl(call.world, call.origin, job, 'upload');
      return accepted(call, {
        id: job.id,
        presignedUrl: presigned,
        headers: job.headers,
        selfUri: `${root}/jobs/${job.id}`,
      });
    },
  },
  {
    method: 'GET',
    path: `${root}/jobs/{jobId}`,
    permissions: jobPermissions.view,
    scopes: architectScopes.read,
    serve: (call) => {
      const job = jobOf(call, 'publish');
      const { flowId } = job;
      const flow = flowId === undefined ? {} : { flow: { id: flowId, selfUri: `${root}/${flowId}` } };
      return { ...viewJob(job, `${root}/jobs`, expanded(call)), ...flow };
    },
  },
  {
    method: 'POST',
    path: `${root}/export/jobs`,
    permissions: jobPermissions.createExport,
    scopes: architectScopes.write,
    body: registerArchitectExportJob,
    serve: (call) => {
      const flows = flowsOf(call);
      const job = register(call, 'export');
      startJob(call.world, job, () => runExport(call.world, flows, job));
      return accepted(call, registered(job, flows.length, `${root}/export/jobs`));
    },
  },
  {
    method: 'GET',
    path: `${root}/export/jobs/{jobId}`,
    permissions: jobPermissions.viewExport,
    scopes: architectScopes.read,
    serve: (call) => {
      const job = jobOf(call, 'export');
      const downloadUrl = job.download && presignedUrl(call.world, call.origin, job, 'download');
      return { ...viewJob(job, `${root}/export/jobs`, expanded(call)), ...(downloadUrl && { downloadUrl }) };
    },
  },
  {
    method: 'POST',
    path: `${root}/validate/jobs`,
    permissions: jobPermissions.createValidate,
    scopes: architectScopes.write,
    body: registerArchitectValidateJob,
    serve: (call) => {
      const flows = flowsOf(call);
      const job = register(call, 'validate');
      startJob(call.world, job, () => runValidate(call.world, flows, job));
      return registered(job, flows.length, `${root}/validate/jobs`);
    },
  },
  {
    method: 'GET',
    path: `${root}/validate/jobs/{jobId}`,
    permissions: jobPermissions.viewValidate,
    scopes: architectScopes.read,
    serve: (call) => viewJob(jobOf(call, 'validate'), `${root}/validate/jobs`, expanded(call)),
  },
];

function register({ world, actor, fate }: Call, kind: JobKind, more: Partial<JobRecord> = {}): JobRecord {
  return registerJob(world, { kind, actor, ...more, ...(fate && { fate }) });
}

const jobOf = ({ world, params }: Call, kind: JobKind): JobRecord => findJob(world, params['jobId']!, kind);
const expanded = ({ query }: Call): boolean => query.choice('expand', 'messages') !== undefined;

/** Both 200 and 202 are declared; a job that is registered is accepted, and no more. */
const accepted = ({ world }: Call, body: object): Answer =>
  new Answer(world.quirks.has('job-registered-200') ? 200 : 202, JSON.stringify(body), 'application/json');

function registered({ id, status }: JobRecord, totalFlows: number, path: string) {
  return { id, status, totalFlows, selfUri: `${path}/${id}` };
}

/** @throws ApiError 400 when a flow is named by less than its id, or its name and type */
function flowsOf({ body }: Call): ExportDetails[] {
  const flows = body['flows'] as ExportDetails[];
  if (flows.length === 0) throw invalid('flows must name at least one flow', 'flows');
  for (const [index, { flow, fileName }] of flows.entries()) {
    const at = `flows[${index}]`;
    if (flow.id === undefined && (flow.name === undefined || flow.type === undefined)) {
      throw invalid('A flow must be named by id, or by name and type', `${at}.flow`);
    }
    if (fileName !== undefined && !/^[\w-]+$/.test(fileName)) {
      throw invalid('fileName must contain only alphanumeric characters, underscores, or hyphens', `${at}.fileName`);
    }
  }
  return flows;
}
