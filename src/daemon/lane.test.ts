import { expect, test } from 'vitest';
import { createLane, type Wish } from './lane.ts';

test('one at a time; who comes meanwhile joins the next, and a wish by hand is not lost among them', async () => {
  const begun: Wish[] = [];
  const ends: (() => void)[] = [];
  const lane = createLane(async (wish) => {
    begun.push(wish);
    await new Promise<void>((resolve) => ends.push(resolve));
    return wish.trigger;
  });
  const first = lane.enter({ trigger: 'started' });
  const others = [
    lane.enter({ trigger: 'schedule' }),
    lane.enter({ trigger: 'request', byHand: true }),
    lane.enter({ trigger: 'revision' }),
  ];
  expect(begun).toEqual([{ trigger: 'started' }]);
  ends[0]!();
  expect(await first).toBe('started');
  await expect.poll(() => begun.length).toBe(2);
  const idle = lane.idle();
  ends[1]!();
  expect(await Promise.all(others)).toEqual(['request', 'request', 'request']);
  expect(begun[1]).toEqual({ trigger: 'request', byHand: true });
  await idle;
});
