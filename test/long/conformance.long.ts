import { expect, test } from 'vitest';
import { hasty } from '../support/clock.ts';
import { fixtures } from '../support/fixtures.ts';
import { quirksOf, walkUnder } from '../support/walk.ts';
import { useWorlds } from '../support/world.ts';

const open = useWorlds();

test.each(fixtures.map((fixture) => [fixture.kind, fixture] as const))(
  '%s, under each quirk',
  async (_kind, fixture) => {
    const quirks = quirksOf(fixture);
    expect(quirks.length).toBeGreaterThan(0);
    for (const quirk of quirks) {
      const it = await open({
        clock: hasty,
        sandbox: { jobMs: 1, activationMs: 1, ...fixture.sandbox, quirks: [quirk] },
      });
      await walkUnder(it, fixture, [quirk]);
    }
  },
);
