import type { Resource } from '../../src/model/resource.ts';
import { documentsOf, type Fixture, kindOf, seedsOf } from './fixtures.ts';

/** A commit that writes something of one kind, and what was live before it. */
export interface KindStory {
  what: string;
  fixture: Fixture;
  before: Resource[];
  after: Resource[];
  /** What somebody else might wish of the same object meanwhile. */
  theirs: Resource[][];
}

/** From a fixture: what is first written of the example, each update, and the deletion where the kind owns its objects. */
export function storiesOf(fixture: Fixture): KindStory[] {
  const { kind, example, updates, clears } = fixture;
  const seeds = seedsOf(fixture);
  const live = documentsOf(fixture, example);
  const theirs = [example, ...Object.values({ ...updates, ...clears })].map((spec) => documentsOf(fixture, spec));
  const story = (what: string, before: Resource[], after: Resource[]): KindStory => {
    return { what: `${kind}: ${what}`, fixture, before, after, theirs };
  };
  return [
    story('from nothing', seeds, live),
    ...Object.entries(updates).map(([name, spec]) => story(name, live, documentsOf(fixture, spec))),
    ...(kindOf(fixture).owns ? [story('delete', live, seeds)] : []),
  ];
}
