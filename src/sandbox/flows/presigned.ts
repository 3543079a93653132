import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, servings } from '../answering.ts';
import type { World } from '../world.ts';
import { type JobRecord, startJob } from './jobs.ts';
import { runPublish } from './run-jobs.ts';

/** Where files are put and fetched, as at the object store: by a URL that is a permission in itself. */
const root = '/architect-files';

/** The store knows nothing of Genesys's correlation ids. */
export const isAtStore = (pathname: string): boolean => pathname.startsWith(`${root}/`);

/** The store takes more than the API does. */
const maxFileBytes = 20_000_000;

export function presignedUrl(world: World, origin: string, job: JobRecord, use: 'upload' | 'download'): string {
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Expires': String(world.presignedSeconds),
    'X-Amz-SignedHeaders': use === 'upload' ? ['host', ...Object.keys(job.headers)].join(';') : 'host',
    'X-Amz-Signature': job.signature,
  });
  return `${origin}${root}/${use}/${job.id}?${query}`;
}

/** Serves presigned URLs. Answers are the store's, in XML, and a token is one permission too many. */
export function presignedRoutes(app: FastifyInstance, world: World): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxFileBytes }, (_request, bytes, done) =>
    done(null, bytes),
  );
  app.put<Params>(`${root}/upload/:jobId`, { bodyLimit: maxFileBytes }, async (request, reply) => {
    const job = permitted(world, request, 'publish');
    if (!('id' in job)) return refuse(request, reply, job);
    const wrong = wrongHeader(job, request.headers);
    if (wrong) return refuse(request, reply, { ...denied, message: `The header ${wrong} is not as it was signed.` });
    const { job: fate, audit: arrival } = servings.get(request)?.effect ?? {};
    if (fate) job.fate = fate;
    if (arrival) job.actor = { ...job.actor, arrival };
    upload(world, job, request.body);
    return answer(request, reply, 200);
  });
  app.get<Params>(`${root}/download/:jobId`, async (request, reply) => {
    const job = permitted(world, request, 'export');
    if (!('id' in job)) return refuse(request, reply, job);
    const { download } = job;
    if (!download) return refuse(request, reply, { status: 404, code: 'NoSuchKey', message: 'There is no such file.' });
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(download.fileName)}`);
    return answer(request, reply, 200, download.bytes, download.contentType);
  });
}

interface Params {
  Params: { jobId: string };
  Querystring: Record<string, string>;
}

interface Refusal {
  status: number;
  code: string;
  message: string;
}

const denied = { status: 403, code: 'AccessDenied', message: 'Access Denied' };

/** The job of a URL, or why the URL is worth nothing. */
function permitted(world: World, request: FastifyRequest<Params>, kind: JobRecord['kind']): JobRecord | Refusal {
  if (request.headers.authorization !== undefined) {
    return { status: 400, code: 'InvalidArgument', message: 'Only one auth mechanism allowed.' };
  }
  const job = world.jobs.get(request.params.jobId);
  const given = Buffer.from(String(request.query['X-Amz-Signature'] ?? ''));
  const signature = Buffer.from(job?.signature ?? '');
  if (job?.kind !== kind || given.length !== signature.length || !timingSafeEqual(given, signature)) {
    return { status: 403, code: 'SignatureDoesNotMatch', message: 'The signature is not that of this request.' };
  }
  if (world.now() >= job.expiresAt) return { ...denied, message: 'Request has expired' };
  return job;
}

/** The first header that was signed and differs, or that would mean something to the store and was not signed. */
function wrongHeader(job: JobRecord, headers: FastifyRequest['headers']): string | undefined {
  const missing = Object.entries(job.headers).find(([name, value]) => headers[name] !== value);
  if (missing) return missing[0];
  return Object.keys(headers).find((name) => name.startsWith('x-amz-') && !(name in job.headers));
}

/** Takes the file and lets the job begin. Until it does, another file takes the place of this one. */
function upload(world: World, job: JobRecord, body: unknown): void {
  const again = job.upload !== undefined;
  if (again && job.status !== 'Registered' && !world.quirks.has('flow-upload-repeats')) return;
  job.upload = Buffer.isBuffer(body) ? body.toString('utf8') : '';
  if (!again || job.status !== 'Registered') startJob(world, job, () => runPublish(world, job));
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, code, message }: Refusal,
): Promise<FastifyReply> {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return answer(request, reply, status, text, 'application/xml');
}
