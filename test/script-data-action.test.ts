import { expect, test } from 'vitest';
import { unrecorded } from '../src/model/audit.ts';
import type { JsonObject } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import { scriptDataActionKind } from '../src/objects/script-data-action/script-data-action.ts';
import { tutorialIds as ids } from '../src/sandbox/index.ts';
import { auditedIn } from './support/audit-world.ts';
import { hasty } from './support/clock.ts';
import { lookup, lookupScript, lookupSpec } from './support/scripts.ts';
import { line, resource, useWorlds, type World, type WorldOptions } from './support/world.ts';

const openWorld = useWorlds();
const open = (options: WorldOptions = {}): Promise<World> => openWorld({ clock: hasty, ...options });

const path = '/api/v2/tasks/dataactions';
const name = 'ExternalUserLookup';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const actionIn = ({ sandbox }: World) => sandbox.state.scriptActionNamed(name)!;
const flowIn = ({ sandbox }: World, id: string = ids.flatFlow) => sandbox.state.flowDefinition(id)!;
const edit = (it: World, change: JsonObject) => void it.sandbox.state.editScriptAction(actionIn(it).id, change);
/** The definition with another script or interface, as an edit by hand sends it. */
const redefine = (it: World, change: JsonObject) =>
  edit(it, { definition: { ...(actionIn(it)['definition'] as JsonObject), ...change } });
const bodies = ({ sandbox }: World, method: string): unknown[] =>
  sandbox
    .requests()
    .filter((request) => request.method === method && request.path.startsWith(path))
    .map(({ body }) => body);

/** What tutorial 3 posts, for the script of this test. */
const posted = {
  name,
  description: 'Data Action to call external user API',
  definition: {
    name: 'GetUserDetails',
    description: 'Fetches user details from an external API',
    inputs: lookupSpec['inputs'],
    outputs: lookupSpec['outputs'],
    code: base64(lookupScript),
    language: 'python3',
  },
};

const patient = lookupScript.replace('timeout=10', 'timeout=20');

/** The tutorial maps five outputs to variables of the flow. */
const mapping = {
  inputs: { user_id: '{{User.ID}}' },
  outputs: {
    user_name: '{{User.Name}}',
    user_email: '{{User.Email}}',
    user_phone: '{{User.Phone}}',
    success: '{{API.Success}}',
    error: '{{API.ErrorMessage}}',
  },
};
const use = (change: JsonObject = {}): JsonObject => ({
  usedBy: [{ flowId: ids.flatFlow, step: 'MySlowDataAction', ...mapping, ...change }],
});

test('the whole story: created as the tutorial does it, verified, repeated, changed by hand, set right, pruned', async () => {
  const it = await open();
  const plan = await it.plan([lookup()]);
  expect(plan.changes.map(({ action }) => action)).toEqual(['create']);
  expect(it.writes()).toEqual([]);

  const { outcomes, runId } = await it.apply([lookup()]);
  expect(outcomes).toMatchObject([{ status: 'applied', name: 'user-lookup' }]);
  expect(bodies(it, 'POST')).toEqual([posted]);
  const { id } = actionIn(it);
  expect(actionIn(it)).toEqual({ ...posted, id, version: 1 });
  expect(await it.journal.writesOf(runId)).toMatchObject([
    { step: 'create', by: 'ScriptDataAction/user-lookup', receipt: { status: 200, pathTemplate: path } },
  ]);

  it.sandbox.clearRequests();
  expect((await it.apply([lookup()])).plan.changes).toEqual([]);
  expect(it.writes()).toEqual([]);
  // What the list tells has not moved, so nothing is read.
  expect(it.sandbox.requests().map((request) => request.pathTemplate)).toEqual([path]);

  // Fields that nobody here knows stay, also within the definition and its inputs.
  const [input] = lookupSpec['inputs'] as JsonObject[];
  redefine(it, { code: base64(patient), runtime: '3.11', inputs: [{ ...input, group: 'ids' }] });
  edit(it, { team: 'crm' });
  const drifted = (await it.plan([lookup()])).changes;
  expect(drifted.map(line)).toEqual(['update ScriptDataAction/user-lookup /script (drift)']);
  expect(drifted[0]!.fields[0]!.parts).toEqual([
    {
      at: 'script › main › line 16',
      from: '        response = requests.get(url, headers=headers, timeout=20)',
      to: '        response = requests.get(url, headers=headers, timeout=10)',
    },
  ]);
  await it.apply([lookup()]);
  expect(actionIn(it)).toMatchObject({
    ...posted,
    ...{ version: 4, team: 'crm' },
    definition: { ...posted.definition, runtime: '3.11', inputs: [{ ...input, group: 'ids' }] },
  });
  expect(it.writes()).toEqual([`PUT ${path}/{scriptActionId}`]);
  const entries = await it.journal.outcomes(runId);
  expect(entries).toMatchObject([{ action: 'create', fields: expect.arrayContaining([]) }]);

  const gone = await it.apply([], { empty: false });
  expect(gone.outcomes).toMatchObject([{ action: 'delete', status: 'applied' }]);
  expect(it.sandbox.state.scriptActions()).toEqual([]);
  // Nothing of its own is in the audit log of this surface: that is said at once, and nobody waits for it.
  expect(await auditedIn(it, runId)).toEqual([`create POST ${path} 200 unrecorded (${unrecorded.why})`]);
  expect(await auditedIn(it, gone.runId)).toEqual([
    `delete DELETE ${path}/{dataActionId} 204 unrecorded (${unrecorded.why})`,
  ]);
});

test('each field is changed by one PUT of the whole, and inputs and outputs are told by name', async () => {
  const it = await open();
  await it.apply([lookup()]);
  const { id } = actionIn(it);
  const outputs = lookupSpec['outputs'] as JsonObject[];
  const changed = lookup(
    {
      name: 'User Lookup',
      description: null,
      inputs: [{ name: 'user_id', datatype: 'string' }],
      // In another order, and one less.
      outputs: outputs.slice(1).toReversed(),
    },
    lookupScript.replace(/ *"user_name".*\n/, ''),
  );
  const plan = await it.plan([changed]);
  expect(plan.problems).toEqual([]);
  const parts = plan.changes[0]!.fields.flatMap(({ path: at, parts: some }) => (some ?? []).map((part) => [at, part]));
  expect(parts).toEqual([
    ['/inputs', { at: 'inputs › user_id › datatype', from: 'integer', to: 'string' }],
    ['/inputs', { at: 'inputs › user_id › required', from: true, to: false }],
    ['/inputs', { at: 'inputs › user_id › description', from: 'The ID of the user to fetch' }],
    ['/outputs', { at: 'outputs › user_name', from: 'string' }],
    ['/script', { at: 'script › main › line 20', from: '            "user_name": user.get("name", "?"),' }],
  ]);
  await it.apply([changed]);
  expect(it.sandbox.state.scriptAction(id)).toMatchObject({ name: 'User Lookup', description: '', version: 2 });
  expect((await it.plan([changed])).changes).toEqual([]);
  const reordered = lookup({ ...changed.spec, outputs: outputs.slice(1) }, changed.files['/spec/script']!.text);
  expect((await it.plan([reordered])).changes).toEqual([]);
});

test("what is live and differs is adopted only where somebody says so; two of one name are nobody's", async () => {
  const it = await open({
    sandbox: { seed: { scriptActions: [{ ...posted, definition: { ...posted.definition, code: base64(patient) } }] } },
  });
  expect((await it.plan([lookup()])).held).toMatchObject([{ reason: 'AdoptionRequired' }]);
  await it.apply([lookup({}, patient)]);
  expect([it.writes(), (await it.plan([lookup({}, patient)])).changes]).toEqual([[], []]);

  const other = await open({ sandbox: { seed: { scriptActions: [posted, posted] } } });
  const { problems, changes } = await other.plan([lookup()]);
  expect([problems.map(({ code }) => code), changes]).toEqual([['ambiguous-identity'], []]);
});

test('a live script that is no text is told, and written over', async () => {
  const it = await open();
  await it.apply([lookup()]);
  redefine(it, { code: Buffer.from([0xff, 0xfe, 0, 1]).toString('base64') });
  const plan = await it.plan([lookup()]);
  expect(plan.changes.map(line)).toEqual(['update ScriptDataAction/user-lookup /script (drift)']);
  expect(plan.warnings).toMatchObject([
    {
      code: 'script-unreadable',
      message: `what is live of "${name}" cannot be shown: its script is no text (4 bytes that are not UTF-8); the script of the document takes its place`,
    },
  ]);
  await it.apply([lookup()]);
  expect(actionIn(it)['definition']).toEqual(posted.definition);
});

test('usedBy and a FlowStepTimeout are one change of the flow and one publish, after the action is there', async () => {
  const it = await open();
  const before = flowIn(it);
  const timeout = resource('FlowStepTimeout', 'slow', {
    flowId: ids.flatFlow,
    steps: [{ name: 'MySlowDataAction', timeoutSeconds: 20 }],
  });
  const all: Resource[] = [timeout, lookup(use())];
  const plan = await it.plan(all);
  expect(plan.problems).toEqual([]);
  const step = '/steps/MySlowDataAction';
  expect(
    plan.changes.map(({ object, fields }) => [object.type, fields.map((field) => [field.path, field.by])]),
  ).toEqual([
    ['script-data-action', expect.anything()],
    [
      'flow-definition',
      [
        [`${step}/actionId`, 'ScriptDataAction/user-lookup'],
        [`${step}/inputs`, 'ScriptDataAction/user-lookup'],
        [`${step}/outputs`, 'ScriptDataAction/user-lookup'],
        [`${step}/timeout`, 'FlowStepTimeout/slow'],
      ],
    ],
  ]);
  await it.apply(all);
  expect(it.writes()).toEqual([`POST ${path}`, 'PUT /api/v2/flows/{flowId}/publish']);
  const [hello, slow] = before['steps'] as JsonObject[];
  const settings = { timeout: 20, ...mapping };
  expect(flowIn(it)).toEqual({
    ...before,
    version: 4,
    steps: [hello, { ...slow, actionId: actionIn(it).id, settings }],
  });
  expect((await it.apply(all)).plan.changes).toEqual([]);

  // Somebody maps another variable, and takes the step to another action.
  it.sandbox.state.editFlowDefinition(ids.flatFlow, (now) => ({
    ...now,
    steps: [hello, { ...slow, settings: { ...settings, inputs: { user_id: '{{Call.User}}' } } }],
  }));
  const [drifted] = (await it.plan(all)).changes;
  expect(drifted!.fields.map((field) => field.path)).toEqual([`${step}/actionId`, `${step}/inputs`]);
  const live = {
    steps: {
      MySlowDataAction: { name: 'MySlowDataAction', actionId: ids.actions.slow, inputs: { user_id: '{{Call.User}}' } },
    },
  };
  const index = { all: () => [], find: () => [] };
  const summary = { id: ids.flatFlow, key: ids.flatFlow, name: 'Slow Lookup', attributes: {} };
  expect(scriptDataActionKind.accept!(all[1]!, { live, summary, fields: drifted!.fields, index })).toEqual([
    { pointer: '/spec/usedBy/0/step', why: expect.stringContaining('calls another data action by now') },
    { pointer: '/spec/usedBy/0/inputs', value: { user_id: '{{Call.User}}' } },
  ]);
  await it.apply(all);
  expect(flowIn(it)['steps']).toEqual([hello, { ...slow, actionId: actionIn(it).id, settings }]);

  // What a flow calls is not taken from it.
  const held = await it.apply([timeout]);
  const message = `it is used by flow-definition "Slow Lookup" (${ids.flatFlow})`;
  expect([held.outcomes, held.plan.held]).toMatchObject([[], [{ action: 'delete', reason: 'InUse', message }]]);
  const approved = await it.apply([timeout], { approve: held.plan.approval! });
  expect(approved.outcomes).toMatchObject([{ status: 'failed', reason: 'InUse' }]);
  expect(approved.outcomes[0]!.message).toContain('give the step another one, first');
  expect(actionIn(it)).toBeDefined();
});

test('a flow or a step that is not there, or two wishes for one, are problems with their places', async () => {
  const it = await open();
  const told = async (resources: Resource[]) =>
    (await it.plan(resources)).problems.map(({ code, resource: by, pointer, message }) => [code, by, pointer, message]);
  const by = 'ScriptDataAction/user-lookup';
  expect(await told([lookup(use({ flowId: 'no-flow' }))])).toEqual([
    [
      ...['reference-not-found', by, '/spec/usedBy/0/flowId'],
      expect.stringMatching(/^no flow with the id no-flow is there; look its id up in Architect/),
    ],
  ]);
  expect(await told([lookup(use({ step: 'MyslowAction' }))])).toEqual([
    ['step-not-found', by, '/spec/usedBy/0/step', expect.stringContaining('"MySlowDataAction"')],
  ]);
  const second = { ...lookup({ ...use(), name: 'Another' }), name: 'another' };
  expect((await told([lookup(use()), second])).map(([code, who]) => [code, who])).toEqual(
    expect.arrayContaining([
      ['field-owned-twice', by],
      ['field-owned-twice', 'ScriptDataAction/another'],
    ]),
  );
});

test('drift is accepted as the document says it; what is exported plans as no change', async () => {
  const it = await open();
  await it.apply([lookup()]);
  redefine(it, {
    code: base64(patient),
    outputs: [...(lookupSpec['outputs'] as JsonObject[]), { name: 'trace', datatype: 'string', required: false }],
  });
  edit(it, { description: '' });
  const [change] = (await it.plan([lookup()])).changes;
  const type = it.engine.types.find((each) => each.type === 'script-data-action')!;
  const live = (await type.read(it.engine.reader, { id: actionIn(it).id })) as JsonObject;
  const index = { all: () => [], find: () => [] };
  expect(scriptDataActionKind.accept!(lookup(), { live, fields: change!.fields, index })).toEqual([
    { pointer: '/spec/description', value: null },
    {
      pointer: '/spec/outputs',
      value: [...(lookupSpec['outputs'] as JsonObject[]), { name: 'trace', datatype: 'string' }],
    },
    { pointer: '/spec/script', text: patient },
  ]);
  const [summary] = await type.list(it.engine.reader);
  expect(scriptDataActionKind.toDocument(live, summary!, index)).toMatchObject({
    spec: { name, definition: lookupSpec['definition'], inputs: lookupSpec['inputs'] },
    files: { '/script': { suffix: '.py', text: patient } },
  });
});
