import type { WriteOrder } from '../../model/contracts.ts';
import type { Reader } from '../../model/http.ts';
import { equal, type JsonObject } from '../../model/json.ts';
import { dotted, getAt } from '../../model/pointer.ts';
import { versionOf } from '../versioned.ts';
import { places } from './body.ts';
import { readRaw } from './live.ts';
import { lackingOf } from './wished.ts';

/** Looks at an organisation while a job is under way: what somebody changes there meanwhile is overwritten by the job. */
export function watch(
  reader: Reader,
  { object, base, wished }: WriteOrder,
  before: JsonObject | undefined,
): { look(): Promise<void>; told(version: string | undefined): string[] } {
  const names = new Set<string>();
  return {
    async look() {
      if (before === undefined) return;
      const now = await readRaw(reader, object.id!);
      if (now === undefined || versionOf(now) === base || lackingOf(now, wished).length === 0) return;
      for (const { path } of places) {
        if (!equal(getAt(before, path) ?? null, getAt(now, path) ?? null)) names.add(dotted(path));
      }
    },
    /** `version` is the one that the job made. */
    told(version) {
      const between = Number(version) - Number(base) - 1;
      if (names.size === 0 && !(between > 0)) return [];
      const what = names.size === 0 ? 'what it was could not be seen' : `it was ${[...names].join(', ')}`;
      return [
        `organisation ${object.id} was changed by somebody else while the job ran; ${what}, and the job wrote over it`,
      ];
    },
  };
}
