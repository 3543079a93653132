import { expect, test } from 'vitest';
import type { Log } from '../src/model/log.ts';
import { silent } from '../src/model/log.ts';
import { useDays } from './support/long-day.ts';
import { config, contract, dataAction } from './support/world.ts';

const open = useDays();
const before = ['b', 'c', 'd'].map((name) => dataAction(name));
const after = [
  dataAction('a'),
  dataAction('b', { config: config({ requestType: 'POST' }) }),
  dataAction('c', { contract: contract('more') }),
];
const [post, patch, remove] = ['POST', 'PATCH', 'DELETE'].map((method) => ({ method, path: '/api/v2/**' }));

/** A log that keeps what a person would look for. */
function keeping(): { log: Log; said: string[] } {
  const said: string[] = [];
  const log: Log = {
    ...silent,
    warn: (fields, message) => {
      const { object, reason } = fields as { object?: { key: string }; reason?: string };
      said.push(`${message}: ${object?.key} ${reason}`);
    },
    child: () => log,
  };
  return { log, said };
}

test('the answer to every single write is lost: each is looked up, said in the log, and made once', async () => {
  const { log, said } = keeping();
  const day = await open({ log });
  await day.apply(before);
  for (const when of [post!, patch!, remove!]) day.it.sandbox.addFault({ when, then: { lostResponse: true } });
  const report = await day.apply(after);
  expect(report.outcomes.map(({ name, status, reason }) => [name, status, reason]).sort()).toEqual([
    ['a', 'applied', undefined],
    ['b', 'applied', undefined],
    // Nobody knows which version its draft has: the next run goes on with it.
    ['c', 'failed', 'NetworkError'],
    ['d', 'applied', undefined],
  ]);
  for (const name of ['a', 'b', 'c', 'd']) {
    expect(said).toContain(`answer lost, looking up: Web Services Data Actions/${name} Unsettled`);
  }
  await day.endsWell(after, [...before, ...after]);
});

test('every write is cut off before it arrives: nothing is claimed that is not so, and all is made when Genesys is back', async () => {
  const day = await open();
  await day.apply(before);
  for (const when of [post!, patch!, remove!]) day.it.sandbox.addFault({ when, then: { drop: true } });
  const report = await day.apply(after);
  const unknown =
    'no answer came (socket hang up). Whether it took effect is not known; it is looked up before anything is sent again.';
  const lost = (field: string): string =>
    `${unknown} Each time the answer to the update was lost, and ${field} did not change; tried 4 times in this run, the next one goes on`;
  const told = report.outcomes.map(({ name, reason, message = '' }) => `${name} ${reason}: ${message}`);
  expect(told.map((text) => text.replace(/custom_[-\w]+/, 'ID'))).toEqual([
    `a Unsettled: POST /api/v2/integrations/actions: ${unknown}`,
    `b NetworkError: PATCH /api/v2/integrations/actions/ID: ${lost('config.request.requestType')}`,
    `c NetworkError: POST /api/v2/integrations/actions/ID/draft: ${lost('contract.output.successSchema')}`,
    'd DependencyNotReady: an object of its type could not be created, and nothing is deleted beside that',
  ]);
  await day.endsWell(after, [...before, ...after]);
});
