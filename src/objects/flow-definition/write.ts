import { satisfied } from '../../model/compare.ts';
import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { type Definition, fieldOf, normalise, paths, readDefinition, versionOf } from './live.ts';
import { changed, stepsOf, withSteps } from './steps.ts';

type Fields = WriteOrder['fields'];

/**
 * One publish of the whole definition as it is at this moment, with nothing but the wished settings changed, the version that
 * was read, and its ETag where there was one (tutorial 2). Not sent where nothing is left to change.
 *
 * @throws Failure `Gone`; `Conflict`, with both versions in its message, where somebody else published since; `BadRequest`
 */
export async function write(ctx: WriteContext, { object, fields, base }: WriteOrder): Promise<Written> {
  const id = object.id!;
  const read = await readDefinition(ctx.reader, id);
  if (read === undefined) throw new Failure('Gone', `the flow ${id} is no longer there`);
  const live = normalise(read.definition);
  const version = versionOf(live);
  const left = fields.filter(({ path, value }) => !satisfied(value, getAt(live, path)));
  if (left.length === 0) return { id, ...(version === undefined ? {} : { version }) };
  const flow = `the flow "${String(live['name'] ?? id)}"`;
  if (version !== base) {
    const words = `${flow} was version ${base} when it was planned, and is version ${version} now: somebody else published it meanwhile`;
    throw new Failure('Conflict', words, version === undefined ? {} : { version });
  }
  const answer = await publish(ctx, { id, read, fields: left, flow });
  const made = isObject(answer) ? versionOf(answer) : undefined;
  return { id, ...(made === undefined ? {} : { version: made }) };
}

interface Publish {
  id: string;
  read: Definition;
  fields: Fields;
  flow: string;
}

async function publish(ctx: WriteContext, { id, read, fields, flow }: Publish) {
  const { definition, etag } = read;
  const body = withFields(definition, fields, flow);
  const ifMatch = etag === undefined ? {} : { ifMatch: etag };
  try {
    return await ctx.write('publish', { method: 'PUT', path: paths.publish, params: { id }, body, ...ifMatch });
  } catch (error) {
    const failure = asFailure(error);
    if (failure.reason === 'Conflict')
      throw await overtaken(failure, ctx.reader, { id, sent: versionOf(definition), flow });
    if (failure.reason === 'BadRequest' && failure.detail.status === 400) throw refused(failure, fields);
    throw error;
  }
}

function withFields(definition: JsonObject, fields: Fields, flow: string): JsonObject {
  const byKey = new Map(stepsOf(definition).map(({ key, step }) => [key, step]));
  const steps = new Map<JsonObject, JsonObject>();
  for (const { path, value } of fields) {
    const field = fieldOf(path);
    const step = field === undefined ? undefined : byKey.get(field.key);
    if (field === undefined || step === undefined)
      throw new Failure(
        'Conflict',
        `${flow} has no step "${field?.key ?? path}" any more; it is read and planned again`,
      );
    steps.set(step, changed(steps.get(step) ?? step, field.what, value));
  }
  return withSteps(definition, steps);
}

/** Which version is there now: as the answer says (409 does), else by a look (412 does not say). */
async function overtaken(
  { message, detail }: Failure,
  reader: Reader,
  { id, sent, flow }: { id: string; sent: string | undefined; flow: string },
): Promise<Failure> {
  const now = detail.version ?? (await versionNow(reader, id));
  const versions = `version ${sent ?? 'unknown'} was sent, and version ${now ?? 'unknown'} is there`;
  const isSame = now !== undefined && now === sent;
  const words = isSame
    ? `Genesys calls it a conflict to publish ${flow}`
    : `${flow} was published by somebody else meanwhile`;
  return new Failure('Conflict', `${words}: ${versions}. ${message}`, {
    ...detail,
    ...(now === undefined ? {} : { version: now }),
  });
}

async function versionNow(reader: Reader, id: string): Promise<string | undefined> {
  try {
    const read = await readDefinition(reader, id);
    return read && versionOf(read.definition);
  } catch {
    // It is told that there was a conflict; why the version cannot be told is the next read's business.
    return undefined;
  }
}

/** The server's words have the limit, which no document knows; what was sent for which step stands beside them. */
function refused({ message, detail }: Failure, fields: Fields): Failure {
  const sent = fields.flatMap(({ path, value }) => {
    const field = fieldOf(path);
    return field?.what === 'timeout' ? [`${String(value)} s for "${field.key}"`] : [];
  });
  return new Failure('BadRequest', sent.length === 0 ? message : `${message} Sent were ${sent.join(', ')}.`, detail);
}
