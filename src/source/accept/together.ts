import type { Acceptance } from '../../model/contracts.ts';
import type { Json } from '../../model/json.ts';
import type { Wish } from './layers.ts';

/** Edits of which each would undo the other as one: what several objects add to one list of a resource. */
export function together(wishes: readonly Wish[]): Wish[] {
  const keyOf = ({ id, acceptance }: Wish): string => `${id} ${acceptance.pointer}`;
  const sums = new Map<string, Wish>();
  for (const wish of wishes) {
    const items = [...addedBy(sums.get(keyOf(wish))?.acceptance), ...addedBy(wish.acceptance)];
    if ('add' in wish.acceptance) {
      sums.set(keyOf(wish), { ...wish, acceptance: { pointer: wish.acceptance.pointer, add: items } });
    }
  }
  const isAddition = ({ acceptance }: Wish): boolean => 'add' in acceptance;
  return [...wishes.filter((wish) => !isAddition(wish)), ...sums.values()];
}

function addedBy(acceptance: Acceptance | undefined): readonly Json[] {
  return acceptance !== undefined && 'add' in acceptance ? acceptance.add : [];
}
