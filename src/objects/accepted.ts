import { equal, isObject, type Json } from '../model/json.ts';

/**
 * What is live in the words of a document: where live is as it is wished, the document stays as it is written. A sealed
 * value is no other for being written down openly, and neither is a place that is to be ignored.
 */
export function asWritten(live: Json, wished: Json | undefined, written: Json | undefined): Json {
  if (written !== undefined && wished !== undefined && equal(live, wished)) return written;
  if (!isObject(live)) return live;
  const [a, b] = [wished, written].map((value) => (isObject(value) ? value : {}));
  return Object.fromEntries(Object.entries(live).map(([key, value]) => [key, asWritten(value, a![key], b![key])]));
}
