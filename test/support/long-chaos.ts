import { asFailure } from '../../src/model/failure.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { RunReport } from '../../src/reconcile/run.ts';
import type { ChaosKind, ChaosReport, Fault, SandboxState } from '../../src/sandbox/index.ts';
import { fakeClock } from './clock.ts';
import { converge } from './kill-points.ts';
import { inWords, judge, type Verdict, watch } from './long-verdict.ts';
import { actions, one } from './stories.ts';
import { config, contract, dataAction, world } from './world.ts';

/** What one seed came to. */
export interface Seeded {
  seed: number;
  /** Runs after the calm until nothing was left to do; undefined where that did not happen. */
  runs?: number;
  /** Runs during the chaos that did not succeed. */
  troubled: number;
  verdict: Verdict;
  /** Reasons that nobody should ever read. */
  unexpected: string[];
  /** What was deleted and should not have been. */
  surprises: string[];
  chaos: ChaosReport;
}

const update = config({ requestType: 'POST' });

/** After these nobody knows whether a write took effect; every second story has nothing else. */
const hiding: ChaosKind[] = ['lost-response', 'truncate', 'html', 'drop'];

/** The commits of the story, each a whole repository: creates, an update, a contract change, a rename, a deletion. */
const commits: Resource[][] = [
  ['a', 'b', 'c', 'd'].map((name) => dataAction(name)),
  [dataAction('a'), dataAction('b', { config: update }), dataAction('c'), dataAction('d')],
  [
    dataAction('a'),
    dataAction('b', { config: update }),
    dataAction('c', { contract: contract('more') }),
    dataAction('d'),
  ],
  [
    dataAction('a'),
    dataAction('b', { config: update }),
    dataAction('c', { contract: contract('more') }),
    dataAction('d', { name: 'renamed' }),
  ],
  [
    dataAction('b', { config: update }),
    dataAction('c', { contract: contract('more') }),
    dataAction('d', { name: 'renamed' }),
  ],
];

/** One story under chaos: a run for each commit, each as it may end, drift by hand, then calm. */
export async function play(seed: number, share = 0.2): Promise<Seeded> {
  const clock = fakeClock();
  const it = await world({ clock, sandbox: { now: () => clock.now().getTime() } });
  const { sandbox } = it;
  const watched = watch(sandbox);
  const unexpected: string[] = [];
  let troubled = 0;
  const once = async (resources: Resource[], number: number): Promise<void> => {
    const report = await clock
      .drive(it.apply(resources, { revision: `main@sha1:${number}` }))
      .catch((error: unknown) => asFailure(error));
    const bad = unexpectedOf(report);
    unexpected.push(...bad);
    if (!('status' in report) || report.status !== 'succeeded') troubled++;
    await clock.advance(30_000);
  };
  try {
    sandbox.chaos({ seed, share, delayMs: 1, ...(seed % 2 === 0 ? { kinds: hiding } : {}) });
    for (const fault of lagOf(seed)) sandbox.addFault(fault);
    for (const [i, resources] of commits.entries()) await once(resources, i + 1);
    const last = commits.at(-1)!;
    const byHand = driftByHand(sandbox.state);
    await once(last, commits.length);
    sandbox.calm();
    sandbox.clearFaults();
    const runs = await converge(it, clock, last, 30);
    const verdict = await judge(it, last, watched, [...commits[0]!, ...last]);
    if (byHand !== undefined && sandbox.state.action(byHand)?.category !== 'By hand') {
      verdict.lost.push('what a person changed and no document declares');
    }
    const surprises = [...watched.gone].filter((id) => watched.made.get(id) !== 'a').map((id) => watched.made.get(id)!);
    const chaos = sandbox.chaosReport()!;
    return { seed, troubled, verdict, unexpected, surprises, chaos, ...(runs === undefined ? {} : { runs }) };
  } finally {
    watched.stop();
    await it.close();
  }
}

/** Half of the stories have lists that lag, and every third has reads that do. */
function lagOf(seed: number): Fault[] {
  const lists = {
    when: { method: 'GET', path: actions },
    then: { lag: { created: 20_000, deleted: 10_000, updated: 5000 } },
  };
  const reads = { when: { method: 'GET', path: one }, then: { lag: { updated: 1000 } } };
  return [...(seed % 4 >= 2 ? [lists] : []), ...(seed % 3 === 0 ? [reads] : [])];
}

/** A person changes something that the document declares, which is healed, and something that it does not, which stays. */
function driftByHand(state: SandboxState): string | undefined {
  const found = state.actionNamed('b');
  if (found === undefined) return undefined;
  const { id, config: before } = found;
  state.editAction(id, {
    category: 'By hand',
    config: { ...before, request: { ...before.request, requestType: 'PUT' } },
  });
  return id;
}

function unexpectedOf(report: RunReport | ReturnType<typeof asFailure>): string[] {
  if (!('status' in report)) return report.reason === 'Unexpected' ? [report.message] : [];
  return report.outcomes.flatMap(({ reason, message = '' }) => (reason === 'Unexpected' ? [message] : []));
}

/** What is wrong with it and how to see it again; undefined where nothing is. */
export function complaintOf({ seed, runs, verdict, unexpected, surprises }: Seeded): string | undefined {
  const said = [
    runs === undefined ? 'did not converge' : '',
    inWords(verdict),
    ...unexpected.map((message) => `unexpected: ${message}`),
    ...surprises.map((name) => `deleted by surprise: ${name}`),
  ].filter((text) => text !== '');
  return said.length === 0
    ? undefined
    : `seed ${seed}: ${said.join('; ')} (again: SEEDS=${seed} npm run test:long -- chaos)`;
}

/** `SEEDS=7` or `SEEDS=7,8`; else all from 1. */
export function seedsOf(count: number): number[] {
  const asked = process.env['SEEDS'];
  if (asked !== undefined) return asked.split(',').map(Number);
  return Array.from({ length: count }, (_, i) => i + 1);
}
