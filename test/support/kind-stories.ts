import type { JsonObject } from '../../src/model/json.ts';
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

/** Of these: what is first written, the update that changes the most, and the deletion. */
export function chiefOf(fixture: Fixture): [KindStory, ...KindStory[]] {
  const [first, ...more] = storiesOf(fixture) as [KindStory, ...KindStory[]];
  return [first, ...more.slice(Object.keys(fixture.updates).length - 1)];
}

/** From a fixture: what is first written of the example, each update, and the deletion where the kind owns its objects. */
export function storiesOf(fixture: Fixture): KindStory[] {
  const { kind, example, updates, clears } = fixture;
  const seeds = seedsOf(fixture);
  const live = documentsOf(fixture, example);
  const all = [example, ...Object.values({ ...updates, ...clears })];
  const story = (what: string, before: Resource[], spec?: JsonObject): KindStory => {
    const after = spec === undefined ? seeds : documentsOf(fixture, spec);
    const theirs = all.filter((one) => one !== spec).map((one) => documentsOf(fixture, one));
    return { what: `${kind}: ${what}`, fixture, before, after, theirs };
  };
  return [
    story('from nothing', seeds, example),
    ...Object.entries(updates).map(([name, spec]) => story(name, live, spec)),
    ...(kindOf(fixture).owns ? [story('delete', live)] : []),
  ];
}
