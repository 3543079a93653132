import type { Json, JsonObject } from '../../model/json.ts';
import { formatPointer, type Pointer } from '../../model/pointer.ts';
import type { Settable } from './steps.ts';

/** How a document names steps: by their name, or, where they have none, by the action that they call (tutorial 2). */
export type Selector = { name: string } | { actionId: string };

/** The selector of a document's step; undefined where it names none, or both. */
export function selectorOf({ name, actionId }: JsonObject): Selector | undefined {
  if (typeof name === 'string' && actionId === undefined) return { name };
  if (typeof actionId === 'string' && name === undefined) return { actionId };
  return undefined;
}

/** As one part of a pointer: `name:Lookup`, `action:5f2c...`. */
export function selectorText(selector: Selector): string {
  return 'name' in selector ? `name:${selector.name}` : `action:${selector.actionId}`;
}

export function selectorIn(text: string): Selector | undefined {
  if (text.startsWith('name:')) return { name: text.slice('name:'.length) };
  return text.startsWith('action:') ? { actionId: text.slice('action:'.length) } : undefined;
}

/** Where a wish stands among the fields until its steps are found. With who wishes it: who collides is told by step, then. */
export function selectorPath(selector: Selector, what: Settable, by: string): Pointer {
  return formatPointer(['select', selectorText(selector), what, by]);
}

/** Whether a step, with what is canonical of it, is meant. */
export function selects(selector: Selector, { name, actionId }: { [field: string]: Json | undefined }): boolean {
  return 'name' in selector ? name === selector.name : name === undefined && actionId === selector.actionId;
}
