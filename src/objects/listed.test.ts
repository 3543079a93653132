import { expect, test } from 'vitest';
import { hasty } from '../../test/support/clock.ts';
import { useWorlds } from '../../test/support/world.ts';
import type { Json } from '../model/json.ts';
import { objectTypes } from './index.ts';

const open = useWorlds();
const places = [
  ['web-messaging-configuration', '/api/v2/webdeployments/configurations'],
  ['web-messaging-deployment', '/api/v2/webdeployments/deployments'],
  ['schedule', '/api/v2/architect/schedules'],
  ['schedule-group', '/api/v2/architect/schedulegroups'],
  ['knowledge-base', '/api/v2/knowledge/knowledgebases'],
  ['supported-content', '/api/v2/conversations/messaging/supportedcontent'],
] as const;

test.each(places)('a list of %s whose items cannot be told apart is no list', async (type, path) => {
  const it = await open({ clock: hasty });
  const items: Json[] = [{ id: { toString: 1 }, name: 'a' }, { id: 'a', name: { toString: 1 } }, { id: 'a' }];
  for (const item of items) {
    const body = JSON.stringify({ entities: [item] });
    it.sandbox.addFault({ when: { method: 'GET', path, times: 1 }, then: { instead: { status: 200, body } } });
    const found = objectTypes.find((one) => one.type === type)!.list(it.engine.reader);
    await expect(found).rejects.toMatchObject({
      reason: 'ListIncomplete',
      message: `${path}: item 1 of 1 has no text as its id or its name; the next run asks again`,
    });
  }
});
