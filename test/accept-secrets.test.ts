import { expect, test } from 'vitest';
import { driftOf } from '../src/app/drift.ts';
import { driftJson, driftLines } from '../src/cli/drift-report.ts';
import { plain } from '../src/cli/text.ts';
import { createVault } from '../src/model/seal.ts';
import { type Drifting, useDrifting } from './support/drifting.ts';

let world: Drifting;
useDrifting(
  (made) => {
    world = made;
  },
  undefined,
  { actionsOnly: true, target: { secrets: { crmKey: { fromEnv: 'CRM_KEY' } } } },
);

const secret = 's3cr3t-of-the-crm';

test('a granted secret that somebody pasted into a text is neither written nor told', async () => {
  await world.apply();
  world.editAction('Get Customer', '/config/request/requestTemplate', `{"key":"${secret}"}`);
  world.editAction('Get Customer', '/config/timeoutSeconds', 17);
  world.editAction('Update Case', '/config/request/headers', { 'Content-Type': `x; key=${secret}` });
  world.editAction('Update Case', '/config/request/requestUrlTemplate', `https://x/?k=${secret}`);
  const { patch, told, drift } = await world.patch();
  expect(patch).toContain('timeoutSeconds: 17');
  expect(told.filter((line) => line.includes('a secret of the target stands in it'))).toHaveLength(3);

  const { plan } = drift.report;
  const from = plan.changes.flatMap(({ fields }) => fields.map((field) => JSON.stringify(field.from)));
  expect(from).toContainEqual(expect.stringMatching(/^"https:\/\/x\/\?k=\(sensitive, hmac:\w{16}\)"$/));
  const lines = [...driftLines([{ target: 'test', drift }], plain)].join('\n');
  for (const text of [patch, told.join('\n'), JSON.stringify(plan), driftJson([{ target: 'test', drift }]), lines]) {
    expect(text).not.toContain(secret);
  }
  // It is compared as it is: healed once, and nothing is left.
  await world.apply();
  expect((await driftOf(world.app, world.target, {})).drifted).toEqual([]);
});

test('a vault redacts what is granted without having met it, the longest first, and as addresses have it', () => {
  const vault = createVault('key', { a: 'secret', b: 'secret of all', c: 'short' });
  const told = vault.redact('secret of all, secret%20of%20all, a secret, short');
  expect(told).toMatch(/^\((sensitive, hmac:\w+)\), \(\1\), a \(sensitive, hmac:\w+\), short$/);
});
