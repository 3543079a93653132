import { asFailure, Failure } from '../../model/failure.ts';
import type { Reader } from '../../model/http.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../../model/pointer.ts';
import { whole } from '../whole.ts';
import { type Settable, settable, stepsOf } from './steps.ts';

export const paths = { flow: '/api/v2/flows/{id}', publish: '/api/v2/flows/{id}/publish' };

/** What a step waits where it does not say: seconds (tutorial 2). */
export const defaultTimeout = 3;

export interface Definition {
  definition: JsonObject;
  /** As it was answered, where it was. */
  etag?: string;
}

/** The definition with every field of it; undefined where there is no flow of that id. */
export async function readDefinition(reader: Reader, id: string): Promise<Definition | undefined> {
  try {
    const { body, etag } = await reader.get({ path: paths.flow, params: { id } });
    if (!isObject(body) || (body['id'] !== undefined && body['id'] !== id))
      throw new Failure('BadAnswer', `Genesys answered for flow ${id} with something else`);
    return { definition: whole(body, `flow ${id}`), ...(etag === undefined ? {} : { etag }) };
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

/**
 * Name and version, and what may be wished of each data-action step, by the step's key. Without `steps` where the definition
 * has none: then it is no flow of this sort. What is canonical already stays as it is.
 */
export function normalise(definition: JsonObject): JsonObject {
  const { name, version, steps } = definition;
  if (isObject(steps)) return definition;
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(Array.isArray(steps) ? { steps: canonicalSteps(definition) } : {}),
  };
}

function canonicalSteps(definition: JsonObject): JsonObject {
  return Object.fromEntries(
    stepsOf(definition).map(({ key, name, actionId, step }) => {
      const settings = isObject(step['settings']) ? step['settings'] : {};
      const { timeout, inputs, outputs } = settings;
      const canonical: JsonObject = {
        ...(name === undefined ? {} : { name }),
        ...(actionId === undefined ? {} : { actionId }),
        timeout: timeout ?? defaultTimeout,
        ...(inputs === undefined ? {} : { inputs }),
        ...(outputs === undefined ? {} : { outputs }),
      };
      return [key, canonical];
    }),
  );
}

export function versionOf({ version }: JsonObject): string | undefined {
  return typeof version === 'number' || typeof version === 'string' ? String(version) : undefined;
}

/** The field of one step: `/steps/Menu › Lookup/timeout`. */
export function fieldPath(key: string, what: Settable): Pointer {
  return formatPointer(['steps', key, what]);
}

/** The step and what of it a field is about; undefined for any other field. */
export function fieldOf(path: Pointer): { key: string; what: Settable } | undefined {
  const [steps, key, named] = parsePointer(path);
  const what = settable.find((one) => one === named);
  return steps !== 'steps' || key === undefined || what === undefined ? undefined : { key, what };
}
