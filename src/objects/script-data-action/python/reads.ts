import type { Entry } from './entry.ts';
import { bindingsOf, occurrencesIn } from './scope.ts';
import { type Use, useOf } from './uses.ts';

/** A key of a dictionary, where it stands. */
export interface Key {
  name: string;
  offset: number;
  /** True where it may have been taken out again, or the whole may be another one by then. */
  maybe?: true;
}

/** What `main` reads of the dictionary that it gets. */
export interface Reads {
  keys: Key[];
  /** Keys that it only asks whether they are there. */
  asked: ReadonlySet<string>;
  /** True where nothing else can be read of it: a key that is not among these is then never read. */
  all: boolean;
}

/** The keys that are read of the parameter, and of names that only stand for it. */
export function readsOf({ main, parameter }: Required<Entry>): Reads {
  const bindings = bindingsOf(main);
  const occurrences = occurrencesIn(main);
  const keys: Key[] = [];
  const asked = new Set<string>();
  const own = new Set<string>();
  const names = new Set([parameter]);
  const copies = new Map<string, number>();
  let all = true;
  let isLost = false;
  const take = (use: Use, nested: boolean): void => {
    if (use.does === 'reads' || use.does === 'removes') {
      if (use.key === undefined) all = false;
      else keys.push({ name: use.key, offset: use.at.from });
    } else if (use.does === 'sets') {
      if (use.key === undefined) isLost = true;
      else own.add(use.key);
    } else if (use.does === 'looks') {
      if (use.key !== undefined) asked.add(use.key);
    } else if (use.does === 'copies' && use.into !== undefined && !nested) {
      const seen = (copies.get(use.into) ?? 0) + 1;
      copies.set(use.into, seen);
      // Once all that it is ever given stands for the parameter, it is looked at as well.
      if (bindings.get(use.into)?.length === seen) names.add(use.into);
    } else if (use.does === 'merges') isLost = true;
    else if (use.does !== 'becomes') all = false;
  };
  for (const name of names) for (const one of occurrences.get(name) ?? []) take(useOf(one), one.nested);
  const isAnother = (name: string): boolean => (bindings.get(name)?.length ?? 0) !== (copies.get(name) ?? 0);
  if (isLost || isAnother(parameter)) return { keys: [], asked, all: false };
  // What the script puts in by itself, it may read.
  return { keys: keys.filter(({ name }) => !own.has(name)), asked, all: all && ![...copies.keys()].some(isAnother) };
}
