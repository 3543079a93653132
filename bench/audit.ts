import type { Resource } from '../src/model/resource.ts';
import { askedOf, auditsOf, hours } from '../test/support/audit-world.ts';
import { config, contract, dataAction, world } from '../test/support/world.ts';
import { wall } from './measure.ts';
import { atMost, exactly, type Row, told } from './table.ts';

const changes = 1000;

/** One round over all changes of a run, half of them through a draft: 2,000 records of one service. */
export async function auditMatching(): Promise<Row[]> {
  const time = hours();
  const here = await world({
    clock: time.clock,
    policy: { maxChanges: changes },
    sandbox: { now: time.now, audits: { delayMs: 0 } },
  });
  const all = (change: (n: number) => Parameters<typeof dataAction>[1]): Resource[] =>
    Array.from({ length: changes }, (_, n) => dataAction(`action-${n}`, change(n)));
  try {
    await here.apply(
      all(() => ({})),
      { revision: 'create' },
    );
    await auditsOf(here).round();
    // What was before is no part of what is looked at.
    time.pass(3 * 3_600_000);
    const url = (n: number) => config({ requestUrlTemplate: `https://example.com/${n}` });
    await here.apply(
      all((n) => (n % 2 === 0 ? { config: url(n) } : { contract: contract('more') })),
      {
        revision: 'change',
      },
    );
    const records = here.sandbox.state.audits().length - changes;
    if (records !== 2 * changes) throw new Error(`${records} records`);
    here.sandbox.clearRequests();
    let matched = 0;
    const ms = await wall(async () => {
      matched = (await auditsOf(here).round()).matched;
    });
    const asked = askedOf(here);
    return [
      exactly(`changes matched, of ${changes}`, matched, changes),
      atMost({
        what: `requests for ${records} records of one service`,
        value: asked.length,
        most: 12,
        counted: true,
        note: `all of the round: ${asked.length} requests`,
      }),
      told('time of the round', ms / 1000, { unit: ' s', digits: 1, note: 'with the sandbox in this process' }),
    ];
  } finally {
    await here.close();
  }
}
