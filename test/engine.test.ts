import { expect, test } from 'vitest';
import { config, contract, dataAction, line, timeout, useWorlds } from './support/world.ts';

const open = useWorlds();

test('creates, then finds nothing to do', async () => {
  const { apply, plan, writes } = await open();
  const report = await apply([dataAction('get-customer', { name: 'Get Customer' })]);
  expect(report.outcomes.map(({ status }) => status)).toEqual(['applied']);
  expect(writes()).toEqual(['POST /api/v2/integrations/actions']);
  const again = await plan([dataAction('get-customer', { name: 'Get Customer' })]);
  expect(again.changes).toEqual([]);
  expect(again.unchanged).toHaveLength(1);
});

test('a config change is one PATCH, a contract change goes through a draft and keeps the id', async () => {
  const { apply, sandbox, writes } = await open();
  await apply([dataAction('a')]);
  const { id } = sandbox.state.actionNamed('a')!;
  sandbox.clearRequests();
  await apply([dataAction('a', { config: config({ requestType: 'POST' }) })]);
  expect(writes()).toEqual(['PATCH /api/v2/integrations/actions/{actionId}']);
  sandbox.clearRequests();
  await apply([dataAction('a', { config: config({ requestType: 'POST' }), contract: contract('more') })]);
  expect(writes()).toEqual([
    'POST /api/v2/integrations/actions/{actionId}/draft',
    'PATCH /api/v2/integrations/actions/{actionId}/draft',
    'POST /api/v2/integrations/actions/{actionId}/draft/publish',
  ]);
  expect(sandbox.state.actionNamed('a')!.id).toBe(id);
  expect(sandbox.state.actionNamed('a')!.version).toBe(3);
});

test('a change by hand is drift, and is healed', async () => {
  const { apply, plan, sandbox } = await open();
  await apply([dataAction('a'), timeout('t', 20)]);
  const action = sandbox.state.actionNamed('a')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 5 } });
  const found = await plan([dataAction('a'), timeout('t', 20)]);
  expect(found.changes.map(line)).toEqual(['update DataAction/a /config/timeoutSeconds (drift)']);
  await apply([dataAction('a'), timeout('t', 20)]);
  expect(sandbox.state.actionNamed('a')!.config.timeoutSeconds).toBe(20);
});

test('renames by handle, deletes what left', async () => {
  const { apply, sandbox } = await open();
  await apply([dataAction('a'), dataAction('b')]);
  const { id } = sandbox.state.actionNamed('a')!;
  const report = await apply([dataAction('a', { name: 'A renamed' })]);
  expect(report.plan.changes.map(line)).toEqual(['update DataAction/a /name', 'delete DataAction/b']);
  expect(sandbox.state.action(id)!.name).toBe('A renamed');
  expect(sandbox.state.actionNamed('b')).toBeUndefined();
});
