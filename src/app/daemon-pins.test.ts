import { expect, test } from 'vitest';
import { type Log, silent } from '../model/log.ts';
import { createPins } from './daemon-pins.ts';

test('one at a time, the last wish of each target, and a failure stops none of the others', async () => {
  const begun: string[] = [];
  const warned: object[] = [];
  let most = 0;
  let open = 0;
  const pin = async (name: string, revision: string): Promise<void> => {
    begun.push(`${name} ${revision}`);
    most = Math.max(most, ++open);
    await new Promise((resolve) => setImmediate(resolve));
    open--;
    if (name === 'b') throw new Error('git is away');
  };
  const log: Log = { ...silent, warn: (fields) => warned.push(fields) };
  const pins = createPins({ pin }, log);
  for (const name of ['a', 'b', 'c']) pins.keep(name, 'R1');
  pins.keep('c', 'R2');
  await pins.done();
  pins.keep('a', 'R2');
  await pins.done();
  expect(begun).toEqual(['a R1', 'b R1', 'c R2', 'a R2']);
  expect([most, warned]).toEqual([1, [{ target: 'b', revision: 'R1', detail: 'git is away' }]]);
  await pins.done();
});
