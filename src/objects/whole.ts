import { Failure } from '../model/failure.ts';
import type { Json, JsonObject } from '../model/json.ts';

/** Nested deeper than any flow that people draw; beyond it, whatever walks an object would run out of stack. */
const deepest = 200;

/**
 * An object that is read to go back whole, as it is. Refused where it could not: numbers are read as JavaScript has them, which
 * keeps no integer beyond 2^53.
 *
 * @throws Failure `Unsupported`, with the place in the object
 */
export function whole(body: JsonObject, what: string): JsonObject {
  const waiting: { value: Json; at: string; depth: number }[] = [{ value: body, at: '', depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, at, depth } = next;
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const message = `${what} holds a number at ${shortened(at)} that is too large to be kept exactly, and it would go back as another one; it is left alone: have it stored as a text, or change the object by hand`;
      throw new Failure('Unsupported', message);
    }
    if (value === null || typeof value !== 'object') continue;
    if (depth >= deepest) {
      const message = `${what} is nested more than ${deepest} levels deep (${shortened(at)}); it is left alone: make it flatter, or change it by hand`;
      throw new Failure('Unsupported', message);
    }
    for (const [key, child] of Object.entries(value))
      waiting.push({ value: child, at: `${at}/${key}`, depth: depth + 1 });
  }
  return body;
}

const longest = 120;

function shortened(at: string): string {
  return at.length > longest ? `${at.slice(0, longest)}…` : at;
}
