import { Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { isObject, type JsonObject } from '../../../model/json.ts';
import { publishedOf, readFlow, versionIdOf } from './head.ts';
import { paths } from './paths.ts';

/** Reads may lag behind a job that says that it is done: milliseconds to wait before each look. */
const patience = [0, 500, 1000, 2000, 4000, 8000];

interface Done {
  name: string;
  jobId: string;
}

/** Which flow the job made or changed. It goes by name, so it may be another one than the flow that was meant. */
export async function flowMade(
  reader: Reader,
  { id, flowId, name, jobId }: Done & { id: string | undefined; flowId: string | undefined },
): Promise<string> {
  if (id === undefined && flowId === undefined)
    throw new Failure('Unsettled', `Genesys published "${name}" and did not say as which flow`);
  if (id === undefined || flowId === undefined || flowId === id) return (id ?? flowId)!;
  const wasThere = await wasThereBefore(reader, flowId);
  // Deleted between the last look and the job, it was made anew; that is the one that goes on.
  if (!wasThere && (await readFlow(reader, id)) === undefined) return flowId;
  const did = wasThere
    ? `published over another flow of that name (${flowId}); its earlier versions are in its history in Architect: publish there the one that is to stay`
    : `made another flow (${flowId}) beside it; delete the one that is not wanted`;
  const message = `somebody renamed or deleted "${name}" while it was published, so job ${jobId} ${did}`;
  throw new Failure('NotConverged', message, { objectId: id });
}

/** True unless it is certain that the flow has no version but ours: nobody is asked to delete what somebody made. */
async function wasThereBefore(reader: Reader, id: string): Promise<boolean> {
  const versions = await versionsOf(reader, id);
  const [only] = versions;
  if (only === undefined || versions.length > 1) return true;
  const client = versionIdOf(only['createdByClient']);
  return client === undefined ? isObject(only['createdBy']) : client !== reader.clientId;
}

async function versionsOf(reader: Reader, id: string): Promise<JsonObject[]> {
  const { body } = await reader.get({ path: paths.versions, params: { flowId: id }, query: { pageSize: 25 } });
  return isObject(body) && Array.isArray(body['entities']) ? body['entities'].filter(isObject) : [];
}

/** The version that is published now, if it is another one and ours: what is read back has to be that. */
export async function versionMade(
  reader: Reader,
  { id, isNew, base, name, jobId }: Done & { id: string; isNew: boolean; base: string | undefined },
): Promise<string | undefined> {
  for (const wait of patience) {
    if (wait > 0) await reader.wait(wait);
    const flow = await readFlow(reader, id);
    if (flow === undefined && !isNew) throw new Failure('Gone', `"${name}" was deleted right after it was published`);
    const version = flow === undefined ? undefined : publishedOf(flow);
    if (version === undefined || (!isNew && version === base)) continue;
    if (await isOurs(reader, { id, base: isNew ? undefined : base, version: flow!['publishedVersion'] as JsonObject }))
      return version;
    throw new Failure('Conflict', `somebody published another version of "${name}" right after ours`);
  }
  // Whether what is new has shown up is for the engine to say.
  if (isNew) return undefined;
  const message = `Genesys says that "${name}" is published (job ${jobId}), and still shows version ${base ?? 'none'}; the next run looks at it again`;
  throw new Failure('JobRunning', message, { trace: { job: jobId } });
}

/**
 * Ours is what our client made. Whom Genesys names for what a client does is nowhere promised, so a person's version is
 * somebody else's only where it is not the only new one: one of them was ours.
 */
async function isOurs(
  reader: Reader,
  { id, base, version }: { id: string; base: string | undefined; version: JsonObject },
): Promise<boolean> {
  const client = versionIdOf(version['createdByClient']);
  if (client !== undefined) return client === reader.clientId;
  if (!isObject(version['createdBy'])) return true;
  const newer = (await versionsOf(reader, id)).filter((one) =>
    isNewer(versionIdOf(one['id'] === undefined ? undefined : one), base),
  );
  return newer.filter((one) => one['type'] === 'PUBLISH' || one['datePublished'] !== undefined).length <= 1;
}

/** Versions count up: `3.0`, `12.0`. */
function isNewer(id: string | undefined, base: string | undefined): boolean {
  return id !== undefined && (base === undefined || Number.parseFloat(id) > Number.parseFloat(base));
}
