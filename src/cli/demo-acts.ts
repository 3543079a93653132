import { type App, InvalidSnapshot, type loadSandbox, type TargetReport } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { DemoRepository } from './demo-repository.ts';
import { renderError, resultLines } from './report.ts';
import { printReport, stdoutPaint } from './session.ts';

export type Sandbox = Awaited<ReturnType<Awaited<ReturnType<typeof loadSandbox>>['startSandbox']>>;

/** Where the story plays. */
export interface Stage {
  sandbox: Sandbox;
  repository: DemoRepository;
  app: App;
  target: TargetConfig;
}

interface Act {
  title: string;
  /** Answers whether it went as the title says. */
  play(): Promise<boolean>;
}

/** A text of the story's own, broken where the terminal ends. */
export function say(text: string): void {
  printReport([text], 'text');
}

/** The story: what a contact-centre team sees in its first days, in eight acts. */
export function acts({ sandbox, repository, app, target }: Stage): Act[] {
  const { state } = sandbox;
  const paint = stdoutPaint();
  const aside = (text: string): void => say(paint('dim', `${text}\n`));
  const apply = async (shown = folded): Promise<TargetReport> => {
    const report = await app.reconcile(target, { mode: 'apply', byHand: true });
    printReport(shown(resultLines([{ target: target.name, report }], 'text', paint)), 'text');
    return report;
  };
  const flow = (type: string, name: string): { id: string; published?: string | undefined } =>
    state.flowNamed(type, name)!;
  const lookup = () => flow('inboundCall', 'Customer Lookup');
  const offer = () => flow('inboundCall', 'Callback Offer');

  return [
    {
      title: 'The first run makes what the repository says: actions, then the flows that call them',
      async play() {
        const { status, outcomes } = await apply();
        return status === 'succeeded' && outcomes.length === 6;
      },
    },
    {
      title: 'The second run finds nothing to do, and writes nothing',
      async play() {
        const { status, outcomes } = await apply((lines) => lines);
        return status === 'succeeded' && outcomes.length === 0;
      },
    },
    {
      title: 'Somebody changes an action by hand in the admin pages: found as drift, and healed',
      async play() {
        const action = state.actionNamed('Get Customer')!;
        state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
        aside('sandbox-admin sets the timeout of "Get Customer" to 3 seconds');
        const { plan, outcomes } = await apply();
        return plan.changes.every(({ cause }) => cause === 'drift') && outcomes.length === 1;
      },
    },
    {
      title: 'Somebody works on a flow in Architect: a draft is left alone, and mentioned',
      async play() {
        state.editFlow(lookup().id, byHand, { publish: false });
        aside('sandbox-admin changes "Customer Lookup" in the Architect editor, and saves');
        const { plan, outcomes } = await apply();
        return outcomes.length === 0 && plan.warnings.some(({ code }) => code === 'work-in-progress');
      },
    },
    {
      title: 'They publish it: shown step by step as drift, and healed',
      async play() {
        const { id } = lookup();
        state.editFlow(id, (yaml) => yaml);
        const theirs = state.exportText(id, 'published');
        aside('sandbox-admin publishes "Customer Lookup"');
        const { plan, outcomes } = await apply();
        const steps = plan.changes.flatMap(({ fields }) => fields.flatMap(({ parts = [] }) => parts));
        const healed = state.exportText(id, 'published');
        return (
          plan.changes.every(({ cause }) => cause === 'drift') &&
          steps.length === 3 &&
          outcomes.length === 1 &&
          healed !== theirs
        );
      },
    },
    {
      title: 'A commit changes a contract: published through a draft, and the action keeps its id',
      async play() {
        const before = state.actionNamed('Get Customer')!.id;
        const [from, to] = ['tier: { type: string }', 'tier: { type: string }\n          segment: { type: string }'];
        const commit = await repository.commit('Tell the segment too', 'actions/get-customer.yaml', from, to);
        aside(`commit ${commit} adds "segment" to the answer of "Get Customer"`);
        const { outcomes } = await apply();
        return outcomes.length === 1 && state.actionNamed('Get Customer')!.id === before;
      },
    },
    {
      title: 'A commit sets one timeout in a flow of another team: nothing else of it moves',
      async play() {
        const before = state.exportText(offer().id, 'published').split('\n');
        const file = 'timeouts/callback-offer.yaml';
        const commit = await repository.commit('Book faster', file, 'timeout: 1m', 'timeout: 45s');
        aside(`commit ${commit} lets "Book Callback" of "Callback Offer" take 45 seconds`);
        const { outcomes } = await apply();
        const after = state.exportText(offer().id, 'published').split('\n');
        const moved = after.filter((line, i) => line !== before[i]).map((line) => line.trim());
        const many = `${moved.length} of ${after.length} lines`;
        say(paint('dim', `\nits export differs from the one before in ${many}: ${moved.join(', ')}`));
        return outcomes.length === 1 && before.length === after.length && moved.length === 1;
      },
    },
    {
      title: 'A bad commit is refused, and the last good revision stays in force',
      async play() {
        const [file, good, bad] = ['timeouts/genesys.yaml', 'timeoutSeconds: 10', 'timeoutSeconds: 90'];
        const commit = await repository.commit('Wait longer', file, good, bad);
        aside(`commit ${commit} sets a timeout of 90 seconds; Genesys allows 60`);
        const error: unknown = await apply().catch((reason: unknown) => reason);
        say(renderError(target.name, error, paint));
        const kept = state.actionNamed('Get callbacks waiting')!.config.timeoutSeconds === 10;
        await repository.commit('Revert "Wait longer"', file, bad, good);
        return error instanceof InvalidSnapshot && kept;
      },
    },
  ];
}

/** What the person in the editor does to "Customer Lookup". */
function byHand(yaml: string): string {
  return yaml
    .replace('Welcome to Acme.', 'Welcome.')
    .replace(/(loopCount:\n\s+lit: )2/, '$15')
    .replace('seconds: 45', 'seconds: 5');
}

/** So many lines of what is new are shown; `plan` shows all. */
const mostOfNew = 4;

/** A story is no review: the beginning of what is new is enough, and what rests is counted. */
function* folded(lines: Iterable<string>): Iterable<string> {
  let kind: 'new' | 'resting' | 'told' = 'told';
  let below: string[] = [];
  for (const line of lines) {
    const isBelow = line.startsWith('    ');
    if (!isBelow) {
      yield* beginningOf(below);
      below = [];
      kind = line.includes('+ create') ? 'new' : line.includes('= no change') ? 'resting' : 'told';
    }
    if (isBelow && kind === 'new') below.push(line);
    else if (kind !== 'resting') yield line;
  }
}

function beginningOf(lines: readonly string[]): string[] {
  const more = lines.length - mostOfNew;
  return more < 2 ? [...lines] : [...lines.slice(0, mostOfNew), stdoutPaint()('dim', `    ... and ${more} lines more`)];
}
