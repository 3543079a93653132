import type { Resource } from '../src/model/resource.ts';
import { config, contract, dataAction, type World, world } from '../test/support/world.ts';
import { atMost, type Row } from './table.ts';

const changes = 200;

/** Requests per change, with everything that its run asks for: token, lists, reads, writes, verification. */
export async function requestsPerChange(): Promise<Row[]> {
  const here = await world({ policy: { maxChanges: changes } });
  const all = (change: Parameters<typeof dataAction>[1]): Resource[] =>
    Array.from({ length: changes }, (_, n) => dataAction(`action-${n}`, change));
  const posted = config({ requestType: 'POST' });
  try {
    return [
      await row(here, 'create', 2.2, all({})),
      await row(here, 'config change', 3.2, all({ config: posted })),
      await row(here, 'contract change', 6.2, all({ config: posted, contract: contract('more') })),
    ];
  } finally {
    await here.close();
  }
}

async function row({ sandbox, apply }: World, what: string, most: number, resources: Resource[]): Promise<Row> {
  sandbox.clearRequests();
  // A revision of its own: limits count per revision.
  const { outcomes } = await apply(resources, { revision: what });
  const applied = outcomes.filter(({ status }) => status === 'applied').length;
  if (applied !== changes) throw new Error(`${applied} of ${changes} were applied: ${JSON.stringify(outcomes[0])}`);
  return atMost({
    what: `requests for each ${what}`,
    value: sandbox.requests().length / changes,
    most,
    digits: 3,
    counted: true,
  });
}
