import type { Clock } from '../model/clock.ts';
import { satisfied } from '../model/compare.ts';
import type { ObjectType } from '../model/contracts.ts';
import type { Reader } from '../model/http.ts';
import type { AppliedField } from '../model/journal.ts';
import { equal, type Json, type JsonObject } from '../model/json.ts';
import type { FieldChange } from '../model/plan.ts';
import { getAt, type Pointer } from '../model/pointer.ts';
import type { Vault } from '../model/seal.ts';
import { differencesAt } from './compared.ts';
import { readSealed } from './read.ts';
import type { ObjectState } from './state.ts';

/** Reads may lag behind writes: milliseconds to wait before each further look. */
const patience = [0, 250, 500, 1000, 2000, 4000];

export interface Verified {
  /** Undefined where the object is gone, or cannot be read back. */
  live?: JsonObject;
  /** Written fields that are not as they were written. Empty: the difference is gone. */
  lacking: Pointer[];
  /** The version that the write made, of what cannot be read back. */
  version?: string;
  /** True where live is another version than the one that was written. */
  overtaken?: boolean;
}

export interface VerifyInput {
  type: ObjectType;
  id: string;
  action: 'create' | 'update' | 'delete';
  fields: readonly FieldChange[];
  /** The version that the write made, where it knows: what another made is not what was written. */
  version?: string | undefined;
  reader: Reader;
  vault: Vault;
  clock: Clock;
}

/** Reads the object by id until what was written is there, or patience ends. */
export async function verify(input: VerifyInput): Promise<Verified> {
  let seen: Verified = { lacking: [''] };
  for (const wait of patience) {
    if (wait > 0) await input.clock.sleep(wait);
    seen = await look(input);
    if (seen.lacking.length === 0) return seen;
  }
  return seen;
}

async function look({ type, id, action, fields, version, reader, vault }: VerifyInput): Promise<Verified> {
  const live = await readSealed(type, { id }, reader, vault);
  if (live === 'unreadable') return { lacking: [], ...(version === undefined ? {} : { version }) };
  if (live === undefined) return { lacking: action === 'delete' ? [] : [''] };
  if (action === 'delete') return { live, lacking: [''] };
  if (version !== undefined && (type.versionOf ?? type.fingerprintOf)(live) !== version) {
    return { live, lacking: fields.map(({ path }) => path), overtaken: true };
  }
  const lacking = fields.filter((field) => !stayed(type, field, getAt(live, field.path))).map(({ path }) => path);
  return { live, lacking };
}

/** As it was written, or what the server makes of it: its rendition of a value, or what it fills in after a clear. */
function stayed(type: ObjectType, { path, from, to }: FieldChange, live: Json | undefined): boolean {
  const wanted = to as Json;
  if (satisfied(wanted, live)) return true;
  if (type.renders?.(path, wanted, live) === true) return true;
  return wanted === null && !satisfied(from ?? null, live);
}

/**
 * What to remember of each wish for an object: that it is met; that live is the server's rendition of it, where we wrote
 * it just now and the verification took it for that; else what was remembered before. A wish that was not written (held,
 * suspended, overtaken by somebody) is never remembered as met.
 */
export function appliedFields(
  { type, wish, applied }: Pick<ObjectState, 'type' | 'wish' | 'applied'>,
  live: JsonObject | undefined,
  written: readonly FieldChange[],
): Record<Pointer, AppliedField> {
  return Object.fromEntries(
    wish.fields.flatMap((field): [Pointer, AppliedField][] => {
      const { path } = field;
      const now = getAt(live, path);
      const before = applied?.fields[path];
      // Who else wishes it, for whoever comes to wish something else of it.
      const whose = field.by === wish.owner ? {} : { by: field.by };
      // What it referred to then, so that a later move can be told from a new wish.
      if (!('value' in field)) return now === undefined ? [] : [[path, { wanted: now, follows: true, ...whose }]];
      const { value } = field;
      const kept: [Pointer, AppliedField][] = before === undefined ? [] : [[path, before]];
      const justWritten = written.some((change) => change.path === path && equal(change.to as Json, value));
      const rendered = now === undefined ? {} : { rendered: now };
      const parts = differencesAt({ type, applied }, { path }, value, now);
      if (parts !== undefined && live !== undefined) {
        // Such an object is written whole: what meets its wish then is ours. What differs is held back, and not remembered.
        if (justWritten || (written.length > 0 && parts.length === 0)) {
          return [[path, { wanted: value, ...rendered, written: true, ...whose }]];
        }
        if (parts.length > 0) return kept;
        const baseline = before?.written === true ? { ...rendered, written: true } : {};
        return [[path, { wanted: value, ...baseline, ...whose }]];
      }
      if (live === undefined ? justWritten : satisfied(value, now)) return [[path, { wanted: value, ...whose }]];
      if (justWritten && now !== undefined) return [[path, { wanted: value, rendered: now, ...whose }]];
      return kept;
    }),
  );
}
