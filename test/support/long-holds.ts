import { equal, isObject, type Json } from '../../src/model/json.ts';

/** Whether live is what is wished, field by field. Written anew here, so that it shares no mistake with the engine's comparison. */
export function holds(wanted: Json, live: Json | undefined): boolean {
  if (wanted === null) return live === undefined || live === null;
  if (!isObject(wanted)) return equal(wanted, live ?? null);
  return Object.entries(wanted).every(([key, value]) => holds(value, isObject(live) ? live[key] : undefined));
}
