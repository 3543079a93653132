import { asFailure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { Call } from '../model.ts';
import { outline } from '../prepare.ts';
import { exportText } from './export-job.ts';
import { divisionOf, isLockedByUs, publishedOf, readFlow, typeOf } from './head.ts';
import { withNames } from './names.ts';
import { ownerName } from './title.ts';

/**
 * A flow as it is published: `{name, type, division, published, content: {digest, text}, timeouts: {step: '15s'}}`. Of one
 * that was never published only the head is there. Where the list told which version is published, nothing but that
 * version is asked for: versions do not change.
 */
export async function read(
  reader: Reader,
  { id, name, attributes }: { id: string; name?: string; attributes?: JsonObject },
): Promise<JsonObject | undefined> {
  const isListed = name !== undefined && attributes?.['published'] !== undefined;
  const head = isListed ? headOf(attributes, name) : await readHead(reader, id);
  if (head === undefined) return undefined;
  const published = head['published'];
  if (typeof published !== 'string' || published === '') return head;
  try {
    const text = await withNames(reader, await exportText(reader, id, published));
    await ownerName(reader, text, { id, type: String(head['type']), name: String(head['name']) });
    const { calls, digest } = outline(text, `the export of flow ${id}`);
    return { ...head, content: { digest, text }, timeouts: timeoutsOf(calls) };
  } catch (error) {
    if (asFailure(error).reason === 'Gone') return undefined;
    throw error;
  }
}

async function readHead(reader: Reader, id: string): Promise<JsonObject | undefined> {
  const flow = await readFlow(reader, id);
  if (flow === undefined) return undefined;
  const attributes = {
    type: typeOf(flow),
    published: publishedOf(flow) ?? '',
    division: divisionOf(flow),
    ...(isLockedByUs(flow, reader.clientId) ? { locked: true } : {}),
  };
  return headOf(attributes, String(flow['name']));
}

function headOf({ type = '', published = '', division = '', locked }: JsonObject, name: string): JsonObject {
  return { name, type, division, published, ...(locked === true ? { locked } : {}) };
}

/** By step, and by data action for steps that a file may not name: every timeout that is set. */
export function timeoutsOf(calls: readonly Call[]): Record<string, string> {
  return Object.fromEntries(
    calls.flatMap(({ key, byAction, timeout }) => {
      return timeout === undefined ? [] : [key, byAction].map((name) => [name, timeout]);
    }),
  );
}
