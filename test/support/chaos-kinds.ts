import type { Fixture } from './fixtures.ts';
import { undisturbed } from './kind-faults.ts';
import { storiesOf } from './kind-stories.ts';
import { judgeKind } from './kind-verdict.ts';
import type { Chaotic } from './long-chaos.ts';

/** What goes on with one kind while answers are spoilt: it is first written, and updated in every way, one after the other. */
export async function chaoticOf(fixture: Fixture): Promise<Chaotic> {
  const stories = storiesOf(fixture).slice(0, Object.keys(fixture.updates).length + 1);
  const expected = await undisturbed(stories.at(-1)!);
  const reads = expected.reads.map(({ path }) => path);
  const commits = stories.map(({ after }) => after);
  return {
    commits,
    lists: reads.filter((path) => !path.includes('{')),
    reads: reads.filter((path) => path.includes('{')),
    warnings: expected.end.warnings,
    ...(fixture.sandbox === undefined ? {} : { sandbox: fixture.sandbox }),
    // A commit that never got through leaves less behind than one that did, and what is in between is not counted.
    judged: (it) =>
      judgeKind(
        it,
        { before: commits.flat(), after: commits.at(-1)! },
        { counts: new Map(), stop: () => {} },
        expected,
        { overwrote: true },
      ),
  };
}
