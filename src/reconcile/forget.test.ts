import { expect, test } from 'vitest';
import { dataAction, timeout, useWorlds } from '../../test/support/world.ts';

const open = useWorlds();

test('what was read of other people’s actions goes when they do', async () => {
  const it = await open();
  const wish = [dataAction('ours'), timeout('all', 9)];
  const { id } = it.sandbox.state.seedAction({ name: 'theirs', integration: 'Web Services Data Actions' });
  await it.apply(wish);
  const scope = { organization: it.sandbox.org.id, target: 'test' };
  const known = async (): Promise<boolean> => (await it.journal.details(scope.organization, 'data-action')).has(id);
  expect(await known()).toBe(true);
  it.sandbox.state.deleteAction(id);
  await it.apply(wish);
  expect(await known()).toBe(false);
  expect((await it.journal.applied(scope)).map((one) => one.id)).not.toContain(id);
});

test('what another target of the organisation sent and does not know the end of is not made by this one', async () => {
  const first = await open({ target: 'old', waits: { settleMs: 10 } });
  first.sandbox.addFault({ when: { method: 'POST', path: '/api/v2/integrations/actions' }, then: { drop: true } });
  expect((await first.apply([dataAction('a')])).outcomes).toMatchObject([{ reason: 'Unsettled' }]);
  first.sandbox.clearFaults();
  first.engine.target = 'new';
  const { plan } = await first.plan([dataAction('a')]).then((found) => ({ plan: found }));
  expect(plan.held).toMatchObject([{ reason: 'Unsettled' }]);
});
