import { expect, it } from 'vitest';
import { connect } from '../fixture.ts';
import { ids } from './base-seed.ts';
import { chatBody, mainChat, secondChat, surfaceWorld, webChatPath } from './fixture.ts';

const match = (version: number | string) => ({ 'if-match': String(version) });

it('takes the first configuration without a version, and each later one with the version before', async () => {
  await using w = await surfaceWorld();
  const path = webChatPath(secondChat);
  expect((await w.call('GET', path)).status).toBe(404);
  const first = await w.call('PUT', path, { ...chatBody(), region: 'eu' });
  expect([first.status, first.body]).toEqual([
    200,
    { ...chatBody(), region: 'eu', id: secondChat, version: 1, dateModified: expect.any(String) },
  ]);
  const second = await w.call('PUT', path, first.body, match(1));
  expect(second.body).toMatchObject({ region: 'eu', version: 2 });
  expect((await w.call('PUT', path, chatBody(), match('"2"'))).body).not.toHaveProperty('region');
});

it.each([[undefined], ['3'], ['"3"'], ['*']])('tells who sends If-Match %s which version there is', async (ifMatch) => {
  await using w = await surfaceWorld();
  const headers = ifMatch === undefined ? {} : match(ifMatch);
  const { status, body } = await w.call('PUT', webChatPath(mainChat), chatBody(), headers);
  expect([status, body]).toMatchObject([409, { code: 'version.conflict', version: 4 }]);
  expect((await w.call('PUT', webChatPath(mainChat), chatBody(), match(4))).status).toBe(200);
});

it('tells every fault of a body at once', async () => {
  await using w = await surfaceWorld({ tutorial: { featureFlags: ['enableFileUpload'] } });
  const body = {
    widget: {
      theme: { colors: { primary: 'blue', background: '#12' }, typography: { fontSize: '12px', fontFamily: '' } },
      accessibility: { wcagLevel: 'B', contrastRatio: 3, ariaLiveRegion: 'loud' },
    },
    greetings: { enabled: 'yes', messages: ['x'.repeat(151)], delayMs: -1 },
    availability: {
      schedule: 5,
      rules: [
        { dayOfWeek: 'SOMEDAY', startTime: '9:00', endTime: '25:00' },
        { dayOfWeek: 'MONDAY', startTime: '17:00', endTime: '09:00' },
      ],
    },
    features: { flags: { enableRichText: true, enableFileUpload: 1 }, audiences: [1], dynamicRouting: 0 },
  };
  const { status, body: refusal } = await w.call('PUT', webChatPath(secondChat), body);
  const errors = refusal['errors'] as unknown as { field: string; message: string }[];
  expect([status, refusal['code']]).toEqual([422, 'validation.failed']);
  expect(errors.map(({ field }) => field)).toEqual([
    ...['widget.theme.colors.primary', 'widget.theme.colors.background', 'widget.theme.typography.fontSize'],
    ...['widget.theme.typography.fontFamily', 'widget.accessibility.wcagLevel', 'widget.accessibility.contrastRatio'],
    ...['widget.accessibility.ariaLiveRegion', 'greetings.enabled', 'greetings.messages', 'greetings.delayMs'],
    ...['availability.schedule', 'features.audiences', 'features.dynamicRouting'],
    ...['availability.rules[0].dayOfWeek', 'availability.rules[0].startTime', 'availability.rules[0].endTime'],
    ...['availability.rules[1].endTime', 'features.flags.enableRichText', 'features.flags.enableFileUpload'],
  ]);
  expect(errors.at(-2)!.message).toBe('is not a supported feature flag');
  const nothing = (await w.call('PUT', webChatPath(secondChat), {})).body['errors'];
  expect(nothing).toEqual(
    ['theme.colors.primary', 'theme.typography.fontSize', 'accessibility.contrastRatio']
      .map((field) => ({ field: `widget.${field}`, message: 'is required' }))
      .concat({ field: 'greetings.messages', message: 'is required' }),
  );
  expect(w.state.webChat(secondChat)).not.toHaveProperty('configuration');
});

it('counts the characters of a greeting as Python does', async () => {
  await using w = await surfaceWorld();
  const greeting = (message: string) => ({ ...chatBody(), greetings: { messages: [message] } });
  expect((await w.call('PUT', webChatPath(secondChat), greeting('😀'.repeat(150)))).status).toBe(200);
  expect((await w.call('PUT', webChatPath(secondChat), greeting('😀'.repeat(151)), match(1))).status).toBe(422);
});

it('refuses an organisation that is not assigned to the client, and one that is not there', async () => {
  await using w = await surfaceWorld({ seed: { clients: [{ id: 'partner' }] } });
  const theirs = webChatPath(ids.unassignedWebChat);
  for (const method of ['GET', 'PUT']) {
    const sent = method === 'PUT' ? chatBody() : undefined;
    const refusal = await w.call(method, theirs, sent);
    expect([refusal.status, refusal.body]).toMatchObject([
      403,
      { code: 'organization.not.assigned', message: 'Forbidden' },
    ]);
    expect((await w.call(method, webChatPath('unknown'), sent)).status).toBe(404);
  }
  w.state.assignWebChat(ids.unassignedWebChat, ['partner']);
  const partner = await connect(w.sandbox, 'partner');
  expect((await partner('PUT', theirs, chatBody())).status).toBe(200);
  expect((await w.call('GET', theirs)).status).toBe(403);
});

it('lets reads lag, and never writes', async () => {
  await using w = await surfaceWorld();
  w.sandbox.addFault({ when: { path: '/api/v2/webchat/**' }, then: { lag: { updated: 60_000 } } });
  await w.call('PUT', webChatPath(mainChat), chatBody(), match(4));
  expect((await w.call('GET', webChatPath(mainChat))).body['version']).toBe(4);
  expect((await w.call('PUT', webChatPath(mainChat), chatBody(), match(5))).status).toBe(200);
});
