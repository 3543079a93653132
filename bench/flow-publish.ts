import type { Resource } from '../src/model/resource.ts';
import { flowOf } from '../test/support/flows.ts';
import { dataAction, type World, world } from '../test/support/world.ts';
import { actionName, flowName, flowText } from './flow-files.ts';
import { median, wall } from './measure.ts';
import { atLeast, type Row, told } from './table.ts';

const flows = 40;
const jobMs = 2000;
const perMinute = 6000;
/** So many are published alone, each in a run of its own; the others would take as long. */
const alone = 5;

/** 40 flows to publish where a job takes two seconds, all in one run and one after the other. */
export async function flowPublishing(): Promise<Row[]> {
  const here = await world({ sandbox: { rateLimit: perMinute, jobMs }, policy: { maxChanges: 2 * flows } });
  try {
    const texts = Array.from({ length: flows }, (_, n) => textOf(n, 'Welcome'));
    const action = dataAction(actionName(0));
    await apply(here, [action], 1);
    const all = (): Resource[] => [action, ...texts.map((text, n) => flowOf(flowName(n), text))];
    const created = await measured(here, all(), flows);
    const single: Measured[] = [];
    for (let n = 0; n < alone; n++) {
      texts[n] = textOf(n, 'Hello');
      single.push(await measured(here, all(), 1));
    }
    for (let n = 0; n < flows; n++) texts[n] = textOf(n, 'Good day');
    const updated = await measured(here, all(), flows);
    const one = median(single.map(({ ms }) => ms));
    return [
      atLeast({
        what: `${flows} flows one after the other / in one run`,
        value: (one * flows) / updated.ms,
        least: 5,
        digits: 1,
        note: `${flows} x ${(one / 1000).toFixed(1)} s (median of ${alone} runs that published one of them) / ${(updated.ms / 1000).toFixed(1)} s; jobs of ${jobMs / 1000} s, exports too; new flows took ${(created.ms / 1000).toFixed(1)} s`,
      }),
      told('requests for each new flow', created.requests / flows, { digits: 1, note: created.paths }),
      told('requests for each flow published anew', updated.requests / flows, { digits: 1, note: updated.paths }),
    ];
  } finally {
    await here.close();
  }
}

function textOf(n: number, greeting: string): string {
  return flowText(flowName(n), 4, () => actionName(0), greeting);
}

interface Measured {
  ms: number;
  requests: number;
  /** Requests for each flow, by path. */
  paths: string;
}

async function measured(here: World, resources: Resource[], changes: number): Promise<Measured> {
  here.sandbox.clearRequests();
  const ms = await wall(() => apply(here, resources, changes));
  const served = here.sandbox.requests();
  const counts = Map.groupBy(served, ({ method, pathTemplate }) => `${method} ${pathTemplate}`);
  const paths = [...counts].map(([call, { length }]) => `${(length / changes).toFixed(2)} ${call}`).join(', ');
  return { ms, requests: served.length, paths };
}

let revisions = 0;

/** A revision of its own for each: limits count per revision. */
async function apply(here: World, resources: Resource[], changes: number): Promise<void> {
  const { outcomes } = await here.apply(resources, { revision: `revision ${revisions++}` });
  const applied = outcomes.filter(({ status }) => status === 'applied').length;
  if (applied !== changes) throw new Error(`${applied} of ${changes} were applied: ${JSON.stringify(outcomes[0])}`);
}
