import { InvalidSnapshot } from '../app.ts';
import type { Audited } from './audited.ts';
import { recorded, setTimeoutByScript } from './demo-admin.ts';
import { ordersActs } from './demo-orders.ts';
import { tellAudit, tellTrace } from './demo-reports.ts';
import {
  type Act,
  apply,
  applyToBoth,
  aside,
  changes,
  everything,
  isBy,
  type Sandbox,
  type Stage,
  say,
  sums,
  tellStatus,
  widget,
} from './demo-stage.ts';
import { renderError } from './report.ts';
import { stdoutPaint } from './session.ts';

/** The story: what a contact-centre team sees in its first days. */
export function acts(stage: Stage): Act[] {
  const { staging, prod, repository } = stage;
  const paint = stdoutPaint();
  const colours = { staging: '#8A1C4A', prod: '#A8320B' };
  let segment = '';
  let scriptAt = new Date();

  return [
    {
      title: 'The first run makes what the repository says: in staging, and then in prod',
      async play() {
        const both = await applyToBoth(stage, changes, sums);
        say(`\nThe messenger, as customers see it:\n  staging  ${widget(staging)}\n  prod     ${widget(prod)}`);
        return both.every(({ status, outcomes }) => status === 'succeeded' && outcomes.length > 10);
      },
    },
    {
      title: 'The next run finds nothing to do, and writes nothing',
      async play() {
        const both = await applyToBoth(stage, sums, everything);
        return both.every(({ status, outcomes }) => status === 'succeeded' && outcomes.length === 0);
      },
    },
    {
      title: 'One commit gives the messenger its autumn colours: prod has them a second after staging',
      async play() {
        const commit = await repository.commit(
          'Autumn',
          ['environments/staging.yaml', '#6D28D9', colours.staging],
          ['environments/prod.yaml', '#0F5C4D', colours.prod],
        );
        aside(`commit ${commit} sets ${colours.staging} for staging and ${colours.prod} for prod`);
        const both = await applyToBoth(stage, changes, changes);
        await tellStatus(stage);
        return (
          both.every(({ outcomes }) => outcomes.length === 2) &&
          colourIn(staging.sandbox) === colours.staging.toLowerCase() &&
          colourIn(prod.sandbox) === colours.prod.toLowerCase()
        );
      },
    },
    {
      title: 'Somebody works on a flow in Architect: the draft is left alone, and mentioned',
      async play() {
        const { state } = prod.sandbox;
        state.editFlow(flowIn(prod.sandbox, 'Customer Lookup'), inTheEditor, { publish: false });
        aside('Sandbox Admin changes "Customer Lookup" in the Architect editor, and saves');
        const { plan, outcomes } = await apply(stage, prod, changes);
        return outcomes.length === 0 && plan.warnings.some(({ code }) => code === 'work-in-progress');
      },
    },
    {
      title: 'They publish it, and another messenger: drift, with their name on it, healed',
      async play() {
        const { state } = prod.sandbox;
        const id = flowIn(prod.sandbox, 'Customer Lookup');
        state.editFlow(id, (yaml) => yaml);
        publishMessenger(prod.sandbox);
        const theirs = state.exportText(id, 'published');
        aside('Sandbox Admin publishes "Customer Lookup", and a yellow "Acme Messenger"');
        await recorded(prod);
        const { plan, outcomes } = await apply(stage, prod, changes);
        const steps = plan.changes.flatMap(({ fields }) => fields.flatMap(({ parts = [] }) => parts));
        const isDrift = plan.changes.every(({ cause }) => cause === 'drift');
        const isHealed = outcomes.length === 3 && state.exportText(id, 'published') !== theirs;
        // The deployment was moved by nobody: it follows the messenger, and says so.
        const isNamed = plan.changes.every(({ drift }) => isBy(drift, 'Sandbox Admin'));
        return isDrift && steps.length === 3 && isHealed && isNamed;
      },
    },
    {
      title: 'A contract changes: published through a draft, and the action keeps its id',
      async play() {
        const { state } = staging.sandbox;
        const before = state.actionNamed('Get Customer')!.id;
        const [from, to] = ['tier: { type: string }', 'tier: { type: string }\n          segment: { type: string }'];
        segment = await repository.commit('Tell the segment too', ['actions/get-customer.yaml', from, to]);
        aside(`commit ${segment} adds "segment" to the answer of "Get Customer"`);
        const { outcomes } = await apply(stage, staging, changes);
        return outcomes.length === 1 && state.actionNamed('Get Customer')!.id === before;
      },
    },
    {
      title: "Somebody's script sets its timeout: who, when and from where; and healed",
      async play() {
        const { state } = staging.sandbox;
        const timeout = (): unknown => state.actionNamed('Get Customer')!.config['timeoutSeconds'];
        const wished = timeout();
        aside('a script of sandbox-admin sets the timeout of "Get Customer" to 3 seconds');
        scriptAt = new Date();
        await setTimeoutByScript(staging, 'Get Customer', 3);
        const theirs = timeout();
        await recorded(staging);
        const { plan, outcomes } = await apply(stage, staging, changes);
        const isNamed = plan.changes.every(({ drift }) => isBy(drift, 'sandbox-admin'));
        return isNamed && theirs === 3 && outcomes.length === 1 && timeout() === wished;
      },
    },
    {
      title: 'An auditor asks: `audit` has both records, `trace` finds all from a commit',
      async play() {
        await recorded(staging);
        const audited = await tellAudit(stage, staging, { resource: 'DataAction/get-customer', since: scriptAt });
        const trace = await tellTrace(stage, segment);
        const isTold = (told: Audited[], ...types: Audited['type'][]): boolean =>
          told.map(({ type }) => type).join() === types.join() && told.every(({ match }) => match === 'matched');
        const traced = [...trace.runs.flatMap(({ changes }) => changes), ...trace.drifts];
        return isTold(audited, 'change', 'drift') && isTold(traced, 'change', 'change', 'drift');
      },
    },
    ...ordersActs(stage),
    {
      title: 'A colour that nobody can read is refused, and the last good revision stays in force',
      async play() {
        const bad = '#FFB000';
        const commit = await repository.commit('Sunshine', ['environments/staging.yaml', colours.staging, bad]);
        aside(`commit ${commit} sets ${bad}`);
        const error: unknown = await apply(stage, staging, changes).catch((reason: unknown) => reason);
        say(renderError(staging.target.name, error, paint));
        const kept = colourIn(staging.sandbox) === colours.staging.toLowerCase();
        await repository.commit('Revert "Sunshine"', ['environments/staging.yaml', bad, colours.staging]);
        return error instanceof InvalidSnapshot && kept;
      },
    },
  ];
}

function flowIn({ state }: Sandbox, name: string): string {
  return state.flowNamed('inboundCall', name)!.id;
}

/** What customers see: the theme colour of the version that the shop serves. */
function colourIn({ state }: Sandbox): unknown {
  const { served } = state.webDeploymentNamed('acme-shop')!;
  const version = state.webConfiguration(served!.id)?.versions.find((one) => one.version === served!.version);
  const { messenger } = (version?.content ?? {}) as { messenger?: { styles?: { primaryColor?: string } } };
  return messenger?.styles?.primaryColor?.toLowerCase();
}

function publishMessenger({ state }: Sandbox): void {
  const messenger = { styles: { primaryColor: '#FFD400' }, launcherButton: { visibility: 'Off' } };
  state.editWebConfiguration(state.webConfigurationNamed('Acme Messenger')!.id, { messenger });
}

/** What the person in the editor does to "Customer Lookup". */
function inTheEditor(yaml: string): string {
  return yaml
    .replace('Welcome to Acme.', 'Welcome.')
    .replace(/(loopCount:\n\s+lit: )2/, '$15')
    .replace('seconds: 45', 'seconds: 5');
}
