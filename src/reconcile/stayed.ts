import type { Json, JsonObject } from '../model/json.ts';
import type { Change } from '../model/plan.ts';
import { getAt } from '../model/pointer.ts';
import { differencesAt } from './compared.ts';
import type { ObjectState } from './state.ts';

/** Places of a field that differ as they did before, though Genesys took the whole: it keeps them so, and they are left. */
export function whatStayed({ fields }: Change, { type, applied }: ObjectState, live: JsonObject | undefined): string[] {
  return fields.flatMap(({ path, title, to, parts = [] }) => {
    const now = getAt(live, path);
    const still = differencesAt(
      { type, applied },
      { path, ...(title === undefined ? {} : { title }) },
      to as Json,
      now,
    );
    const left = new Set((still ?? []).map(({ at }) => at));
    const stayed = parts.filter(({ at }) => left.has(at)).map(({ at }) => at);
    return stayed.length === 0
      ? []
      : [`Genesys took it, and keeps as it was: ${stayed.slice(0, mostStayed).join(', ')}`];
  });
}

/** So many places are named. */
const mostStayed = 10;
