import { describe, expect, test } from 'vitest';
import {
  config,
  contract,
  dataAction,
  line,
  resource,
  timeout,
  useWorlds,
  webServices,
} from '../../../test/support/world.ts';
import type { Plan } from '../../model/plan.ts';
import type { Resource } from '../../model/resource.ts';
import { noRules } from '../../model/rules.ts';
import { timeoutKind } from './timeout.ts';

const open = useWorlds();

const problems = ({ problems: found }: Plan): string[] =>
  found.map(({ code, message, resource: by, pointer }) => `${by}${pointer ?? ''} ${code}: ${message}`);

describe('DataAction', () => {
  test('the category is the integration when it is made, and is not compared unless declared', async () => {
    const it = await open();
    await it.apply([dataAction('a')]);
    const { id, category } = it.sandbox.state.actionNamed('a')!;
    expect(category).toBe(webServices);
    it.sandbox.state.editAction(id, { category: 'By hand' });
    expect((await it.plan([dataAction('a')])).changes).toEqual([]);
    const declared = await it.plan([dataAction('a', { category: 'Ours' })]);
    expect(declared.changes.map(line)).toEqual(['update DataAction/a /category']);
  });

  test('what a document does not declare is left as it is, in the same PATCH', async () => {
    const it = await open();
    await it.apply([dataAction('a', { config: { ...config({ headers: { A: '1' } }), timeoutSeconds: 9 } })]);
    await it.apply([dataAction('a', { config: { request: { requestType: 'PUT' } } })]);
    expect(it.sandbox.state.actionNamed('a')!.config).toMatchObject({
      timeoutSeconds: 9,
      request: { requestType: 'PUT', headers: { A: '1' }, requestUrlTemplate: 'https://example.com/${input.id}' },
    });
  });

  test("the server's own fields never show", async () => {
    const it = await open({ sandbox: { quirks: ['template-uri', 'writes-answer-whole'] } });
    const spec = { config: config({ requestTemplate: '{"a": 1}' }) };
    await it.apply([dataAction('a', spec)]);
    const { changes } = await it.plan([dataAction('a', { ...spec, config: config({ requestTemplate: '{"a": 2}' }) })]);
    expect(changes.map(line)).toEqual(['update DataAction/a /config/request/requestTemplate']);
    expect(changes[0]!.fields[0]).toMatchObject({ from: '{"a": 1}', to: '{"a": 2}' });
  });

  test('an object that is not there needs a contract and a config to be made', async () => {
    const it = await open();
    const plan = await it.plan([resource('DataAction', 'a', { integration: webServices })]);
    expect(problems(plan)).toEqual([
      'DataAction/a/spec incomplete-for-creation: no data action "a" is there, and to make one the document must also declare config and contract',
    ]);
  });

  test('an integration that is not there is named, with the nearest word', async () => {
    const it = await open();
    const plan = await it.plan([dataAction('a', { integration: 'Web Service Data Actions' }), dataAction('b')]);
    expect(problems(plan)[0]).toMatch(
      /DataAction\/a\/spec\/integration integration-not-found: .*did you mean "Web Services Data Actions"/,
    );
    expect(plan.changes.map(line)[0]).toMatch(/^create DataAction\/b/);
  });

  test('another integration is refused: the API cannot move an action, and replacing it would break flows', async () => {
    const it = await open();
    await it.apply([dataAction('a')]);
    const plan = await it.plan([dataAction('a', { integration: 'Genesys Cloud Data Actions' })]);
    expect(problems(plan)[0]).toContain('immutable-field');
    expect(plan.changes).toEqual([]);
  });

  test('a built-in action is read-only, and said to be', async () => {
    const it = await open();
    const builtIn = dataAction('x', { name: 'Get Estimated Wait Time', integration: 'Genesys Cloud Data Actions' });
    expect(problems(await it.plan([builtIn]))[0]).toContain('one of the actions that Genesys ships');
  });

  test('function integrations are refused until they are built', async () => {
    const it = await open({
      sandbox: { seed: { integrations: [{ name: 'Functions', type: 'function-data-actions' }] } },
    });
    expect(problems(await it.plan([dataAction('a', { integration: 'Functions' })]))[0]).toContain('zip files');
  });

  test('a renamed handle keeps its object', async () => {
    const it = await open();
    await it.apply([dataAction('old', { name: 'The Action' })]);
    const report = await it.apply([dataAction('new', { name: 'The Action' })]);
    expect([report.plan.changes, report.plan.held]).toEqual([[], []]);
    const inventory = await it.journal.inventory({ organization: it.sandbox.org.id, target: 'test' });
    expect(inventory.map(({ owner }) => owner)).toEqual(['DataAction/new']);
  });

  test('two integrations of one name are told apart by id, which an environment may give', async () => {
    const it = await open({
      sandbox: {
        seed: {
          integrations: [
            { name: 'CRM', type: 'custom-rest-actions', id: 'one' },
            { name: 'CRM', type: 'custom-rest-actions', id: 'two' },
          ],
        },
      },
    });
    expect(problems(await it.plan([dataAction('a', { integration: 'CRM' })]))[0]).toContain('ambiguous-identity');
    await it.apply([dataAction('a', { integration: { id: 'two' } })]);
    expect(it.sandbox.state.actionNamed('a')!.integrationId).toBe('two');
    expect((await it.plan([dataAction('a', { integration: { id: 'two' } })])).changes).toEqual([]);
  });
});

describe('Timeout', () => {
  const actions = (): Resource[] => [dataAction('a'), dataAction('b')];

  test('sets the timeout of all actions, those of the same commit among them, and nothing else', async () => {
    const it = await open();
    it.sandbox.state.seedAction({ name: 'by hand', integration: webServices });
    const before = it.sandbox.state.actionNamed('by hand')!;
    const report = await it.apply([
      ...actions(),
      timeout('t', 20, { exceptions: [{ name: 'b', timeoutSeconds: 40 }] }),
    ]);
    expect(report.plan.changes.map(({ kind, name, action }) => `${action} ${kind}/${name}`).sort()).toEqual([
      'create DataAction/a',
      'create DataAction/b',
      'update Timeout/t',
    ]);
    const live = (name: string) => it.sandbox.state.actionNamed(name)!.config.timeoutSeconds;
    expect([live('a'), live('b'), live('by hand')]).toEqual([20, 40, 20]);
    const { config: now, ...rest } = it.sandbox.state.actionNamed('by hand')!;
    expect({ ...now, timeoutSeconds: undefined }).toEqual({ ...before.config, timeoutSeconds: undefined });
    expect(rest.contract).toEqual(before.contract);
  });

  test('a plan tells the timeout of each action, changed or not', async () => {
    const it = await open();
    await it.apply([...actions(), timeout('t', 20)]);
    const { changes, unchanged } = await it.plan([
      ...actions(),
      timeout('t', 20, { exceptions: [{ name: 'b', timeoutSeconds: 40 }] }),
    ]);
    expect(changes.map(({ object, fields }) => [object.key, fields])).toEqual([
      [`${webServices}/b`, [{ path: '/config/timeoutSeconds', from: 20, to: 40, by: 'Timeout/t' }]],
    ]);
    expect(unchanged.map(({ object, fields }) => [object.key, fields])).toEqual([
      [`${webServices}/a`, [{ path: '/config/timeoutSeconds', value: 20, by: 'Timeout/t' }]],
    ]);
  });

  test('an action that is not there is named, in actions and in exceptions', async () => {
    const it = await open();
    const spec = { actions: ['a', 'aa'], exceptions: [{ name: 'c', timeoutSeconds: 5 }] };
    const plan = await it.plan([...actions(), timeout('t', 20, spec)]);
    expect(problems(plan)).toEqual([
      `Timeout/t/spec/actions/1 action-not-found: "${webServices}" has no data action "aa", neither live nor in this repository (did you mean "a"?)`,
      `Timeout/t/spec/exceptions/0/name action-not-found: "${webServices}" has no data action "c", neither live nor in this repository`,
    ]);
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['DataAction', 'DataAction']);
  });

  test('two wishes for one timeout are a problem of both, and the action is left alone', async () => {
    const it = await open();
    const plan = await it.plan([dataAction('a', { config: { ...config(), timeoutSeconds: 5 } }), timeout('t', 20)]);
    expect(plan.problems.map(({ code, resource: by }) => `${code} ${by}`)).toEqual([
      'field-owned-twice DataAction/a',
      'field-owned-twice Timeout/t',
    ]);
    expect(plan.changes).toEqual([]);
  });

  test('an exception for an action that leaves is said before it is a problem, and the action is counted once', async () => {
    const it = await open();
    await it.apply([...actions(), timeout('t', 20)]);
    const plan = await it.plan([
      dataAction('a'),
      timeout('t', 20, { exceptions: [{ name: 'b', timeoutSeconds: 20 }] }),
    ]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['action-leaving']);
    expect([...plan.changes, ...plan.unchanged].map(({ object }) => object.key)).toEqual([
      `${webServices}/b`,
      `${webServices}/a`,
    ]);
  });

  test('an action that is excepted twice is a problem that needs no organisation to be found', () => {
    const exceptions = [5, 6].map((timeoutSeconds) => ({ name: 'a', timeoutSeconds }));
    expect(timeoutKind.check(timeout('t', 20, { exceptions }), noRules).map(({ pointer }) => pointer)).toEqual([
      '/spec/exceptions/1/name',
    ]);
  });

  test('built-in actions are left out with a warning; naming one is a problem', async () => {
    const it = await open();
    const integration = 'Genesys Cloud Data Actions';
    const plan = await it.plan([timeout('t', 20, { integration })]);
    expect(plan.warnings.map(({ code }) => code)).toEqual(['read-only-object', 'timeout-without-actions']);
    const named = await it.plan([timeout('t', 20, { integration, actions: ['Get Estimated Wait Time'] })]);
    expect(problems(named)[0]).toContain('Timeout/t/spec/actions/0 read-only-object');
  });

  test('its names are those of the repository, where the same commit renames an action', async () => {
    const it = await open();
    await it.apply([...actions(), timeout('t', 20)]);
    const report = await it.apply([
      dataAction('a', { name: 'A' }),
      dataAction('b'),
      timeout('t', 20, { exceptions: [{ name: 'A', timeoutSeconds: 7 }] }),
    ]);
    expect(report.plan.changes.map(line)).toEqual(['update DataAction/a /config/timeoutSeconds /name']);
    expect(it.sandbox.state.actionNamed('A')!.config.timeoutSeconds).toBe(7);
  });

  test('an action that leaves the repository is deleted, not given a timeout first', async () => {
    const it = await open();
    await it.apply([...actions(), timeout('t', 20)]);
    it.sandbox.clearRequests();
    await it.apply([dataAction('a'), timeout('t', 30)]);
    expect(it.writes().sort()).toEqual([
      'DELETE /api/v2/integrations/actions/{actionId}',
      'PATCH /api/v2/integrations/actions/{actionId}',
    ]);
  });

  test('a contract change and a timeout are one publish', async () => {
    const it = await open();
    await it.apply([dataAction('a'), timeout('t', 20)]);
    const { version } = it.sandbox.state.actionNamed('a')!;
    await it.apply([dataAction('a', { contract: contract('more') }), timeout('t', 30)]);
    expect(it.sandbox.state.actionNamed('a')).toMatchObject({ version: version + 1, config: { timeoutSeconds: 30 } });
  });
});
