import { asFailure } from '../../src/model/failure.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { RunReport } from '../../src/reconcile/run.ts';
import type { ChaosKind, ChaosReport, Fault, SandboxOptions, SandboxState } from '../../src/sandbox/index.ts';
import { fakeClock } from './clock.ts';
import { converge } from './kill-points.ts';
import { inWords, judge, type Verdict, watch } from './long-verdict.ts';
import { actions, one } from './stories.ts';
import { group, hours, messenger, page } from './web-documents.ts';
import { config, contract, dataAction, type World, world } from './world.ts';

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

/** What goes on while answers are spoilt. */
export interface Chaotic {
  commits: Resource[][];
  /** Lists, and reads by id, that lag in some of the stories. */
  lists: readonly string[];
  reads: readonly string[];
  /** What the last commit deletes, by its name. */
  leaves?: string;
  /** A person changes something that a document declares, and something that none does; answers whether that is still so. */
  byHand?(state: SandboxState): (() => boolean) | undefined;
  sandbox?: SandboxOptions;
  /** How it is judged in the end, where not by what the sandbox keeps of each sort of object. */
  judged?(it: World): Promise<Verdict>;
  /** How many warnings stand in every plan. */
  warnings?: number;
}

const ofActions: Chaotic = { commits, lists: [actions], reads: [one], leaves: 'a', byHand: driftByHand };

const configurations = '/api/v2/webdeployments/configurations';
const deployments = '/api/v2/webdeployments/deployments';
const green = '#047857';
const wide = { allowedDomains: ['shop.example.com', 'www.example.com'] };
const late = { end: '2026-01-05T18:00' };

/** The four objects: created, another colour, other domains and hours, all renamed, a deletion. */
const ofWeb: Chaotic = {
  commits: [
    [messenger(), page(), hours(), group()],
    [messenger(green), page(), hours(), group()],
    [messenger(green), page(wide), hours(late), group({ timeZone: 'Europe/Paris' })],
    [
      messenger(green, { name: 'Other' }),
      page({ ...wide, configuration: 'Other' }),
      hours({ ...late, name: 'Times' }),
      group({ timeZone: 'Europe/Paris', openSchedules: ['Times'] }),
    ],
    [messenger(green, { name: 'Other' }), page({ ...wide, configuration: 'Other' }), hours({ ...late, name: 'Times' })],
  ],
  lists: [configurations, deployments, '/api/v2/architect/schedules', '/api/v2/architect/schedulegroups'],
  reads: [`${configurations}/*/versions/*`, `${deployments}/*`, '/api/v2/architect/schedules/*'],
  leaves: 'Group',
  byHand(state) {
    const found = state.webConfigurationNamed('Other');
    if (found === undefined) return undefined;
    const change = { description: 'By hand', messenger: { styles: { primaryColor: '#b91c1c' } } };
    state.editWebConfiguration(found.id, change);
    return () => state.webConfiguration(found.id)?.versions.at(-1)?.content['description'] === 'By hand';
  },
};

export const chaotic = { actions: ofActions, web: ofWeb } as const;

/** One story under chaos: a run for each commit, each as it may end, drift by hand, then calm. */
export async function play(seed: number, share = 0.2, story: Chaotic = ofActions): Promise<Seeded> {
  const { commits, byHand, leaves, judged, warnings = 0 } = story;
  const clock = fakeClock();
  const it = await world({
    clock,
    sandbox: { now: () => clock.now().getTime(), activationMs: 1, jobMs: 1, ...story.sandbox },
  });
  const { sandbox } = it;
  const watched = judged === undefined ? watch(sandbox) : undefined;
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
    for (const fault of lagOf(seed, story)) sandbox.addFault(fault);
    for (const [i, resources] of commits.entries()) await once(resources, i + 1);
    const last = commits.at(-1)!;
    const stayed = byHand?.(sandbox.state);
    await once(last, commits.length);
    sandbox.calm();
    sandbox.clearFaults();
    const runs = await converge(it, clock, last, { most: 30, warnings });
    const looking = watched === undefined ? judged!(it) : judge(it, last, watched, [...commits[0]!, ...last]);
    const verdict = await clock.drive(looking);
    if (stayed !== undefined && !stayed()) {
      verdict.lost.push('what a person changed and no document declares');
    }
    const { gone, made } = watched ?? { gone: [], made: new Map<string, string>() };
    const surprises = [...gone].map((id) => made.get(id)!).filter((name) => name !== leaves);
    const chaos = sandbox.chaosReport()!;
    return { seed, troubled, verdict, unexpected, surprises, chaos, ...(runs === undefined ? {} : { runs }) };
  } finally {
    watched?.stop();
    await it.close();
  }
}

/** Half of the stories have lists that lag, and every third has reads that do. */
function lagOf(seed: number, story: Chaotic): Fault[] {
  const lists = story.lists.map((path) => ({
    when: { method: 'GET', path },
    then: { lag: { created: 20_000, deleted: 10_000, updated: 5000 } },
  }));
  const reads = story.reads.map((path) => ({ when: { method: 'GET', path }, then: { lag: { updated: 1000 } } }));
  return [...(seed % 4 >= 2 ? lists : []), ...(seed % 3 === 0 ? reads : [])];
}

/** A person changes something that the document declares, which is healed, and something that it does not, which stays. */
function driftByHand(state: SandboxState): (() => boolean) | undefined {
  const found = state.actionNamed('b');
  if (found === undefined) return undefined;
  const { id, config: before } = found;
  state.editAction(id, {
    category: 'By hand',
    config: { ...before, request: { ...before.request, requestType: 'PUT' } },
  });
  return () => state.action(id)?.category === 'By hand';
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
