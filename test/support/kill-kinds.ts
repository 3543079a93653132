import { onlyAsks } from './kill-points.ts';
import type { Point, Scenario } from './kill-scenarios.ts';
import { undisturbed } from './kind-faults.ts';
import type { KindStory } from './kind-stories.ts';
import { countMade, judgeKind } from './kind-verdict.ts';

/** A story of a kind as a run that is killed. */
export async function scenarioOf(story: KindStory): Promise<Scenario> {
  const { what, fixture, before, after } = story;
  const expected = await undisturbed(story);
  return {
    name: what,
    before,
    after,
    warnings: expected.end.warnings,
    ...(fixture.sandbox === undefined ? {} : { sandbox: fixture.sandbox }),
    watching(sandbox) {
      const made = countMade(sandbox);
      return (it) => judgeKind(it, story, made, expected);
    },
  };
}

/** Each write that changes something, lost before it was served and served before it was answered; the rest is alike for all. */
export function aroundWrites(points: readonly Point[]): Point[] {
  return points.filter((point) => 'at' in point && point.at !== 'arrived' && !onlyAsks(point));
}
