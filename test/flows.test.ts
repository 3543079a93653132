import { describe, expect, test } from 'vitest';
import { traceIn } from '../src/cli/trace-facts.ts';
import type { Plan } from '../src/model/plan.ts';
import type { Resource } from '../src/model/resource.ts';
import { hasty } from './support/clock.ts';
import { callFlow, callStep, flowOf } from './support/flows.ts';
import { dataAction, line, resource, useWorlds, type World } from './support/world.ts';

const openAny = useWorlds();
const open = (): Promise<World> => openAny({ clock: hasty });

const oneMinute = { timeout: '{ minutes: 1 }' };
const parts = ({ changes }: Plan): string[] =>
  changes.flatMap(({ fields }) =>
    fields.flatMap((field) =>
      (field.parts ?? []).map(({ at, from, to }) => `${at}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`),
    ),
  );
const problems = ({ problems: found }: Plan): string[] => found.map(({ code, resource: by }) => `${code} ${by}`);
const flowTimeout = (handle: string, flow: string, ...steps: { step?: string; timeout: string }[]): Resource =>
  resource('FlowTimeout', handle, { flow: { type: 'inboundCall', name: flow }, steps });
const live = (it: World, name: string): string =>
  it.sandbox.state.exportText(it.sandbox.state.flowNamed('inboundCall', name)!.id, 'published');
const idOf = (it: World, name: string): string => it.sandbox.state.flowNamed('inboundCall', name)!.id;

const action = dataAction('a', { config: { ...(dataAction('a').spec['config'] as object), timeoutSeconds: 5 } });
const basic = (): Resource[] => [flowOf('main', callFlow('Main Line', callStep('a', oneMinute))), action];

describe('Flow', () => {
  test('it and the action that it calls come with one commit; the plan after it is empty, and exports nothing', async () => {
    const it = await open();
    const report = await it.apply(basic());
    expect(report.outcomes.map(({ kind, status, message = '' }) => `${kind} ${status} ${message}`.trim())).toEqual([
      'DataAction applied',
      'Flow applied',
    ]);
    expect(report.outcomes[1]!.receipt.trace).toEqual({ job: it.sandbox.state.flowJobs()[0]!.id });
    const before = it.sandbox.requests().length;
    const plan = await it.plan(basic());
    expect([plan.changes, plan.held, plan.problems]).toEqual([[], [], []]);
    const asked = it.sandbox
      .requests()
      .slice(before)
      .map(({ pathTemplate }) => pathTemplate);
    expect(asked.filter((path) => path.includes('jobs'))).toEqual([]);
  });

  test('its publishing is found by the correlation id of the job that was registered: the file store gives none', async () => {
    const it = await open();
    const { outcomes } = await it.apply(basic());
    const [post, put, ...others] = outcomes[1]!.receipt.requests;
    const registered = it.sandbox.requests().find(({ pathTemplate }) => pathTemplate === '/api/v2/flows/jobs')!;
    expect(post).toMatchObject({ method: 'POST', correlationId: registered.correlationId });
    expect(put).toMatchObject({ method: 'PUT', pathTemplate: '(presigned)' });
    expect([put!.correlationId, others]).toEqual([undefined, []]);
    const { is, runs } = await traceIn(it, registered.correlationId);
    expect(is).toEqual(['correlation id']);
    expect(runs.map(({ changes }) => changes.map(({ object }) => object.type))).toEqual([['flow']]);
  });

  test('comments and the order of keys are no change; a step is, and is named', async () => {
    const it = await open();
    await it.apply(basic());
    const same = callFlow('Main Line', callStep('a', oneMinute)).replace('inboundCall:', '# ours\ninboundCall:');
    expect((await it.plan([flowOf('main', same), action])).changes).toEqual([]);
    const said = callFlow('Main Line', callStep('a', oneMinute)).replace('Welcome', 'Good day');
    const plan = await it.plan([flowOf('main', said), action]);
    expect(plan.changes.map(line)).toEqual(['update Flow/main /content']);
    expect(parts(plan)).toEqual(['initialGreeting: "Welcome" -> "Good day"']);
    expect((await it.apply([flowOf('main', said), action])).status).toBe('succeeded');
    expect(live(it, 'Main Line')).toContain('Good day');
    expect((await it.plan([flowOf('main', said), action])).changes).toEqual([]);
  });

  test('a key that leaves the file is a change, too', async () => {
    const it = await open();
    const described = callFlow('Main Line', callStep('a', oneMinute)).replace(
      '        refId',
      '        audio:\n          tts: Ours\n        refId',
    );
    await it.apply([flowOf('main', described), action]);
    const plan = await it.plan(basic());
    expect(parts(plan)).toEqual(['Main › audio: {"tts":"Ours"} -> undefined']);
    await it.apply(basic());
    expect(live(it, 'Main Line')).not.toContain('Ours');
    expect((await it.plan(basic())).changes).toEqual([]);
  });

  test('what somebody published by hand is drift with the steps that changed, and is healed', async () => {
    const it = await open();
    await it.apply(basic());
    it.sandbox.state.editFlow(idOf(it, 'Main Line'), (yaml) =>
      yaml.replace('Welcome', 'Hello by hand').replace(/minutes: 1\b/, 'minutes: 7'),
    );
    const plan = await it.plan(basic());
    expect(plan.changes.map(({ cause }) => cause)).toEqual(['drift']);
    expect(parts(plan)).toEqual(['initialGreeting: "Hello by hand" -> "Welcome"', 'Main › a › timeout: "7m" -> "1m"']);
    expect((await it.apply(basic())).status).toBe('succeeded');
    expect(live(it, 'Main Line')).toContain('Welcome');
    expect((await it.plan(basic())).changes).toEqual([]);
  });

  test('a default that Genesys made up is compared once it is known', async () => {
    const it = await openAny({ clock: hasty, sandbox: { quirks: ['flow-timeout-default'] } });
    const all = [flowOf('main', callFlow('Main Line', callStep('a'))), action];
    await it.apply(all);
    expect((await it.plan(all)).changes).toEqual([]);
    it.sandbox.state.editFlow(idOf(it, 'Main Line'), (yaml) => yaml.replace(/minutes: \d+|seconds: \d+/, 'seconds: 9'));
    expect((await it.plan(all)).changes.map(({ cause }) => cause)).toEqual(['drift']);
  });

  test('a draft that is only saved is left alone and mentioned; a change then waits for it, with its author', async () => {
    const it = await open();
    await it.apply(basic());
    it.sandbox.state.editFlow(idOf(it, 'Main Line'), (yaml) => yaml.replace('Welcome', 'Draft'), { publish: false });
    const plan = await it.plan(basic());
    expect(plan.changes).toEqual([]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['work-in-progress']);
    expect(plan.warnings[0]!.message).toContain('Main Line');
    const changed = [
      flowOf('main', callFlow('Main Line', callStep('a', oneMinute)).replace('Welcome', 'Ours')),
      action,
    ];
    const report = await it.apply(changed);
    expect(report.outcomes.map(({ reason }) => reason)).toEqual(['Locked']);
    const fingerprint = /force-unlock: "([^"]+)"/.exec(report.outcomes[0]!.message!)![1]!;
    const forced = (value: string): Resource[] => [
      flowOf(
        'main',
        changed[0]!.files['/spec/file']!.text,
        { onLocked: 'unlock' },
        { 'genesys-gitops/force-unlock': value },
      ),
      action,
    ];
    expect((await it.apply(forced('other'))).outcomes.map(({ reason }) => reason)).toEqual(['Locked']);
    expect((await it.apply(forced(fingerprint))).outcomes.map(({ status, message = '' }) => status + message)).toEqual([
      'applied',
    ]);
    expect(live(it, 'Main Line')).toContain('Ours');
  });

  test('onLocked: fail stalls instead of waiting', async () => {
    const it = await open();
    await it.apply(basic());
    it.sandbox.state.lockFlow(idOf(it, 'Main Line'), { user: 'Ada Admin' });
    const changed = callFlow('Main Line', callStep('a', oneMinute)).replace('Welcome', 'Ours');
    const wait = await it.apply([flowOf('main', changed), action]);
    expect(wait.outcomes.map(({ reason, message }) => [reason, message!.includes('Ada Admin')])).toEqual([
      ['Locked', true],
    ]);
    const fail = await it.apply([flowOf('main', changed, { onLocked: 'fail' }), action]);
    expect(fail.outcomes.map(({ reason }) => reason)).toEqual(['LockRefused']);
    expect(
      (await it.apply([flowOf('main', changed, { onLocked: 'fail' }), action])).plan.held.map(({ reason }) => reason),
    ).toEqual(['LockRefused']);
    it.sandbox.state.unlockFlow(idOf(it, 'Main Line'));
    expect((await it.apply([flowOf('main', changed), action])).status).toBe('succeeded');
  });

  test('a rename keeps the id', async () => {
    const it = await open();
    await it.apply(basic());
    const id = idOf(it, 'Main Line');
    const renamed = [flowOf('main', callFlow('Front Desk', callStep('a', oneMinute))), action];
    const report = await it.apply(renamed);
    expect(report.outcomes.map(({ status, message = '' }) => status + message)).toEqual(['applied']);
    expect(idOf(it, 'Front Desk')).toBe(id);
    expect((await it.plan(renamed)).changes).toEqual([]);
  });

  test('a lock of our own that was left behind is given back, and nothing is published for it', async () => {
    const it = await open();
    await it.apply(basic());
    it.sandbox.state.lockFlow(idOf(it, 'Main Line'), { client: 'sandbox-daemon' });
    const published = (): number => it.sandbox.state.flowJobs().filter(({ kind }) => kind === 'publish').length;
    const jobs = published();
    const report = await it.apply(basic());
    expect(report.plan.changes.map(line)).toEqual(['update Flow/main /locked (drift)']);
    expect(report.outcomes.map(({ status, message = '' }) => status + message)).toEqual(['applied']);
    expect(it.sandbox.state.flowNamed('inboundCall', 'Main Line')!.lockedBy).toBeUndefined();
    expect(published()).toBe(jobs);
    expect((await it.plan(basic())).changes).toEqual([]);
  });

  test('a rename by hand is drift, and is taken back', async () => {
    const it = await open();
    await it.apply(basic());
    const id = idOf(it, 'Main Line');
    await it.engine.writer!.send({
      method: 'PUT',
      path: '/api/v2/flows/{flowId}',
      params: { flowId: id },
      body: { name: 'By hand' },
    });
    const plan = await it.plan(basic());
    expect(plan.changes.map(line)).toEqual(['update Flow/main /name (drift)']);
    expect((await it.apply(basic())).outcomes.map(({ status, message = '' }) => status + message)).toEqual(['applied']);
    expect(idOf(it, 'Main Line')).toBe(id);
    expect((await it.plan(basic())).changes).toEqual([]);
  });

  test('an action that is not there is a problem with its place; the nearest word is named', async () => {
    const it = await open();
    const plan = await it.plan([flowOf('main', callFlow('Main Line', callStep('aa'))), action]);
    expect(problems(plan)).toEqual(['action-not-found Flow/main']);
    expect(plan.problems[0]).toMatchObject({ place: { path: 'main.flow.yaml', line: 14, column: 15 } });
    expect(plan.problems[0]!.message).toContain('did you mean "a"');
  });

  test('removing a flow, and the action that it alone calls, in one commit', async () => {
    const it = await open();
    await it.apply([...basic(), dataAction('b')]);
    const report = await it.apply([dataAction('b')]);
    expect(
      report.outcomes.map(({ kind, action: did, status, message = '' }) =>
        `${did} ${kind} ${status} ${message}`.trim(),
      ),
    ).toEqual(['delete Flow applied', 'delete DataAction applied']);
  });

  test('an action that leaves together with the step that calls it goes after the flow was published', async () => {
    const it = await open();
    await it.apply([...basic(), dataAction('b')]);
    const report = await it.apply([flowOf('main', callFlow('Main Line', callStep('b'))), dataAction('b')]);
    expect(
      report.outcomes.map(({ kind, action: did, status, message = '' }) =>
        `${did} ${kind} ${status} ${message}`.trim(),
      ),
    ).toEqual(['update Flow applied', 'delete DataAction applied']);
  });

  test('an action that a flow still calls stays', async () => {
    const it = await open();
    await it.apply(basic());
    it.sandbox.state.seedFlow({ yaml: callFlow('Theirs', callStep('a')) });
    const report = await it.apply([flowOf('main', callFlow('Main Line'))]);
    expect(report.plan.held.map(({ name, reason }) => `${name} ${reason}`)).toEqual(['a InUse']);
  });

  test('an action is renamed together with the flow that calls it', async () => {
    const it = await open();
    await it.apply(basic());
    const renamed = dataAction('a', { ...action.spec, name: 'A2' });
    const report = await it.apply([flowOf('main', callFlow('Main Line', callStep('A2', oneMinute))), renamed]);
    expect(report.outcomes.map(({ kind, status, message = '' }) => `${kind} ${status} ${message}`.trim())).toEqual([
      'DataAction applied',
      'Flow applied',
    ]);
  });
});

describe('flows that use flows', () => {
  const calls = (name: string): string => `          - transferToFlow:
              name: Over
              targetFlow:
                name: ${name}`;
  const done = (it: Awaited<ReturnType<World['apply']>>): string[] =>
    it.outcomes.map(({ name, status, message = '' }) => `${name} ${status} ${message}`.trim());

  test('what is used is made first, and deleted last', async () => {
    const it = await open();
    const chain = [
      flowOf('a', callFlow('A', calls('B'))),
      flowOf('b', callFlow('B', calls('C'))),
      flowOf('c', callFlow('C')),
    ];
    expect(done(await it.apply(chain))).toEqual(['c applied', 'b applied', 'a applied']);
    expect((await it.plan(chain)).changes).toEqual([]);
    expect(done(await it.apply([dataAction('keep')])).slice(1)).toEqual(['a applied', 'b applied', 'c applied']);
  });

  test('a flow that somebody else uses is not deleted', async () => {
    const it = await open();
    await it.apply([flowOf('b', callFlow('B')), action]);
    it.sandbox.state.seedFlow({ yaml: callFlow('Theirs', calls('B')) });
    const { held } = await it.plan([action]);
    expect(held.map(({ name, reason, message }) => [name, reason, message.includes('Theirs')])).toEqual([
      ['b', 'InUse', true],
    ]);
  });

  test('those that can only be made together are a problem with its members; once made, a circle is none', async () => {
    const it = await open();
    const circle = [flowOf('a', callFlow('A', calls('B'))), flowOf('b', callFlow('B', calls('A')))];
    const plan = await it.plan([...circle, flowOf('c', callFlow('C', calls('A')))]);
    expect(problems(plan)).toEqual(['reference-cycle Flow/a', 'reference-cycle Flow/b']);
    expect(plan.problems[0]!.message).toContain('inboundCall/A, inboundCall/B');
    expect(plan.held.map(({ name, reason }) => `${name} ${reason}`)).toEqual(['c DependencyNotReady']);
    await it.apply([flowOf('a', callFlow('A')), flowOf('b', callFlow('B', calls('A')))]);
    expect(done(await it.apply(circle))).toEqual(['a applied']);
    const both = [
      flowOf('a', callFlow('A', calls('B')).replace('Welcome', 'Hi')),
      flowOf('b', callFlow('B', calls('A')).replace('Welcome', 'Hi')),
    ];
    expect(done(await it.apply(both)).sort()).toEqual(['a applied', 'b applied']);
    expect((await it.plan(both)).changes).toEqual([]);
  });
});

describe('FlowTimeout', () => {
  test('on a flow that nobody here owns it exports, edits and publishes; nothing else moves', async () => {
    const it = await open();
    await it.apply([action]);
    it.sandbox.state.seedFlow({
      yaml: callFlow('Theirs', callStep('a', { ...oneMinute, name: 'Look up' }), callStep('a', { name: 'Again' })),
    });
    const before = live(it, 'Theirs');
    const timeouts = [action, flowTimeout('t', 'Theirs', { step: 'Look up', timeout: '17s' })];
    const plan = await it.plan(timeouts);
    expect(plan.changes.map(({ action: does, kind, object }) => `${does} ${kind} ${object.key}`)).toEqual([
      'update FlowTimeout inboundCall/Theirs',
    ]);
    expect((await it.apply(timeouts)).status).toBe('succeeded');
    expect(live(it, 'Theirs')).toBe(before.replace(/minutes: 1\b/, 'seconds: 17'));
    expect((await it.plan(timeouts)).changes).toEqual([]);
    it.sandbox.state.editFlow(idOf(it, 'Theirs'), (yaml) => yaml.replace('Welcome', 'Theirs to change'));
    expect((await it.plan(timeouts)).changes).toEqual([]);
    it.sandbox.state.editFlow(idOf(it, 'Theirs'), (yaml) => yaml.replace('seconds: 17', 'seconds: 16'));
    expect((await it.plan(timeouts)).changes.map(({ cause }) => cause)).toEqual(['drift']);
    await it.apply(timeouts);
    expect(live(it, 'Theirs')).toContain('Theirs to change');
    expect(live(it, 'Theirs')).toContain('seconds: 17');
  });

  test('on a flow of the repository the file is the base, and one publish carries both', async () => {
    const it = await open();
    const all = [...basic(), flowTimeout('t', 'Main Line', { step: 'a', timeout: '15s' })];
    const report = await it.apply(all);
    expect(report.outcomes.map(({ kind }) => kind)).toEqual(['DataAction', 'Flow']);
    expect(it.sandbox.state.flowJobs().filter(({ kind }) => kind === 'publish')).toHaveLength(1);
    expect(live(it, 'Main Line')).toContain('seconds: 15');
    expect((await it.plan(all)).changes).toEqual([]);
    const changed = [...basic(), flowTimeout('t', 'Main Line', { step: 'a', timeout: '20s' })];
    const plan = await it.plan(changed);
    expect(plan.changes.map(({ fields }) => fields.map(({ path, by }) => `${path} ${by}`))).toEqual([
      ['/timeouts/Main › a FlowTimeout/t'],
    ]);
  });

  test('two steps of one name are both changed, and the plan says two; a step that is named goes before every step', async () => {
    const it = await open();
    const twice = callFlow(
      'Main Line',
      callStep('a', { name: 'Look up' }),
      callStep('b', { name: 'Look up' }),
      callStep('a'),
    );
    const all = [flowOf('main', twice), action, dataAction('b')];
    await it.apply(all);
    const named = await it.plan([...all, flowTimeout('t', 'Main Line', { step: 'Look up', timeout: '20s' })]);
    expect(parts(named)).toEqual([
      'Main › Look up › timeout: undefined -> "20s"',
      'Main › Look up (2) › timeout: undefined -> "20s"',
    ]);
    const dataActionOf = { category: 'Web Services Data Actions', name: 'a' };
    const steps = [
      { dataAction: dataActionOf, timeout: '30s' },
      { step: 'Look up', timeout: '20s' },
    ];
    const both = resource('FlowTimeout', 't', { flow: { type: 'inboundCall', name: 'Main Line' }, steps });
    expect(parts(await it.plan([...all, both]))).toEqual([
      'Main › Look up › timeout: undefined -> "20s"',
      'Main › Look up (2) › timeout: undefined -> "20s"',
      'Main › a › timeout: undefined -> "30s"',
    ]);
  });

  test('on a flow that was never published it is a problem; one that is not there names the nearest', async () => {
    const it = await open();
    it.sandbox.state.seedFlow({
      yaml: callFlow('Theirs', callStep('Get Estimated Wait Time', { category: 'Genesys Cloud Data Actions' })),
    });
    const plan = await it.plan([flowTimeout('t', 'Their', { step: 'x', timeout: '20s' })]);
    expect(problems(plan)).toEqual(['flow-not-found FlowTimeout/t']);
    expect(plan.problems[0]!.message).toContain('did you mean "Theirs"');
  });

  test('one that rests keeps what is live, while the file is published', async () => {
    const it = await open();
    const waiting = flowTimeout('t', 'Main Line', { step: 'a', timeout: '17s' });
    await it.apply([...basic(), waiting]);
    const resting = {
      ...flowTimeout('t', 'Main Line', { step: 'a', timeout: '18s' }),
      annotations: { 'genesys-gitops/suspend': 'enabled' },
    };
    const changed = callFlow('Main Line', callStep('a', oneMinute)).replace('Welcome', 'Good day');
    const report = await it.apply([flowOf('main', changed), action, resting]);
    expect(report.outcomes.map(({ status, message = '' }) => status + message)).toEqual(['applied']);
    expect(report.plan.held.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['FlowTimeout Suspended']);
    expect(live(it, 'Main Line')).toContain('Good day');
    expect(live(it, 'Main Line')).toContain('seconds: 17');
  });

  test('two of them on one step are a problem of both, and the flow is left as it is', async () => {
    const it = await open();
    const both = [
      flowTimeout('t', 'Main Line', { step: 'a', timeout: '15s' }),
      flowTimeout('u', 'Main Line', { step: 'a', timeout: '16s' }),
    ];
    await it.apply(basic());
    const plan = await it.plan([...basic(), ...both]);
    expect(problems(plan).sort()).toEqual(['field-owned-twice FlowTimeout/t', 'field-owned-twice FlowTimeout/u']);
    expect(plan.changes).toEqual([]);
  });

  test('a step that is not there is a problem that lists those that are', async () => {
    const it = await open();
    await it.apply(basic());
    const plan = await it.plan([...basic(), flowTimeout('t', 'Main Line', { step: 'aa', timeout: '15s' })]);
    expect(problems(plan)).toEqual(['step-not-found FlowTimeout/t']);
    expect(plan.problems[0]).toMatchObject({ pointer: '/spec/steps/0' });
    expect(plan.problems[0]!.message).toContain('"Main › a"');
  });

  test('one that is shorter than the data action may take is a warning', async () => {
    const it = await open();
    const plan = await it.plan([...basic(), flowTimeout('t', 'Main Line', { step: 'a', timeout: '4s' })]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['timeout-shadowed']);
    expect((await it.plan([...basic(), flowTimeout('t', 'Main Line', { step: 'a', timeout: '5s' })])).warnings).toEqual(
      [],
    );
  });
});
