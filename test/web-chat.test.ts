import { expect, test } from 'vitest';
import { kinds } from '../src/objects/kinds.ts';
import { resolved } from '../src/source/fixture.ts';
import { auditsOf, hours, soon, told } from './support/audit-world.ts';
import { wholeLines } from './support/log-lines.ts';
import { allowed, body, documentWith, ends, useChats } from './support/web-chat.ts';

const open = useChats();

test("the tutorial's story: written, replicated, quiet, drift, somebody in between", async () => {
  const { log, lines } = wholeLines();
  const it = await open({ log });

  const first = await it.run();
  expect(first.plan.warnings.map(({ code, object }) => `${code} ${object?.id}`)).toEqual([
    'unreadable ORG_ID_1',
    'unreadable ORG_ID_2',
  ]);
  expect(first.plan.changes.map(({ object, after }) => [object.id, after])).toEqual([
    ['ORG_ID_1', undefined],
    ['ORG_ID_2', ['web-chat-configuration:ORG_ID_1']],
  ]);
  expect(ends(first)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 200', 'POST replicate ORG_ID_2 202']);
  const [put, post] = it.sandbox.requests().filter(({ method, path }) => method !== 'GET' && !path.includes('oauth'));
  expect(JSON.stringify(put!.body)).toBe(JSON.stringify(body));
  expect(post!.body).toEqual({
    sourceOrganizationId: 'ORG_ID_1',
    targetOrganizationIds: ['ORG_ID_2'],
    configType: 'webchat',
    overwriteExisting: false,
  });
  expect([it.live('ORG_ID_1'), it.live('ORG_ID_2')]).toEqual([body, body]);
  const { acknowledgedMs, activationMs, trace } = first.outcomes.find(
    ({ object }) => object.id === 'ORG_ID_2',
  )!.receipt;
  expect(trace).toEqual({ jobId: it.sandbox.state.replications()[0]!.id });
  expect(acknowledgedMs).toBeGreaterThanOrEqual(0);
  expect(activationMs).toBeGreaterThanOrEqual(acknowledgedMs!);

  it.sandbox.clearRequests();
  const second = await it.run();
  expect([second.plan.warnings, second.plan.unchanged.length, it.sent()]).toEqual([[], 2, []]);
  expect(it.sandbox.requests().map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 200', 'GET 200']);

  // Somebody changes it, with a field of which nothing is known here: that one stays.
  it.edit('ORG_ID_1', { greetings: { delayMs: 500, sound: 'bell' } });
  const healed = await it.run();
  expect(healed.outcomes).toMatchObject([
    {
      ...{ status: 'applied', cause: 'drift', fields: [{ path: '/greetings/delayMs', from: 500, to: 2000 }] },
      receipt: { versionBefore: '2', versionAfter: '3' },
    },
  ]);
  expect(it.live('ORG_ID_1')).toEqual({ ...body, greetings: { ...body.greetings, sound: 'bell' } });

  // Somebody writes between our look and our PUT: 409, and what they did is told before it is written over.
  it.sandbox.clearRequests();
  const stop = it.sandbox.onRequest(({ method, phase }) => {
    if (method !== 'PUT' || phase !== 'arrived') return;
    stop();
    it.edit('ORG_ID_1', { features: { flags: { enableRichText: true } } });
  });
  const changed = await it.run([
    ['fontSize: 16', 'fontSize: 18'],
    ['[ORG_ID_2]', '[ORG_ID_2]\n    overwriteExisting: true'],
  ]);
  expect(it.sent()).toEqual(['PUT ORG_ID_1 409', 'PUT ORG_ID_1 200', 'POST replicate ORG_ID_2 202']);
  expect(ends(changed)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  expect(lines.find(({ message }) => message === 'planned anew')?.fields).toMatchObject({
    fields: [
      { path: '/features/flags', from: body.features.flags, to: { enableFileUpload: true, enableRichText: true } },
    ],
    ...{ versionBefore: '3', versionNow: '4' },
  });
  expect([it.version('ORG_ID_1'), it.live('ORG_ID_1')!['features'], it.live('ORG_ID_2')]).toEqual([
    5,
    body.features,
    it.live('ORG_ID_1'),
  ]);
});

test('each write is matched with its audit record, and drift has a name on it', async () => {
  const time = hours();
  const it = await open({ clock: time.clock, sandbox: { now: time.now, ...soon } });
  const audits = auditsOf(it);
  it.engine.auditor = audits;
  await it.run();
  expect(await audits.round()).toMatchObject({ matched: 2, waiting: 0, strangers: 0 });
  expect(await told(it)).toEqual([
    'put matched webchat:configuration:update',
    'replicate matched webchat:configuration:update',
  ]);
  time.pass(600_000);
  it.edit('ORG_ID_1', { greetings: { delayMs: 500 } });
  time.pass(60_000);
  const [healed] = (await it.run()).outcomes;
  expect(healed!.drift?.deeds).toMatchObject([
    {
      by: { user: { name: 'Sandbox Admin' } },
      changes: [{ property: 'greetings.delayMs', from: ['2000'], to: ['500'] }],
    },
  ]);
  expect(await audits.round()).toMatchObject({ matched: 1, waiting: 0 });
});

test('an organisation that two documents configure is told once of each, and not field by field', async () => {
  const it = await open();
  const [text, other] = [documentWith([]), documentWith([['name: support-chat', 'name: other-chat']])];
  const { resources } = await resolved({ 'a.yaml': text, 'b.yaml': other }, { kinds, allowed });
  const { problems, changes } = await it.plan(resources);
  expect(changes).toEqual([]);
  expect(problems.filter(({ message }) => message.includes('"ORG_ID_1"'))).toMatchObject([
    {
      ...{ code: 'field-owned-twice', resource: 'WebChatConfiguration/other-chat', pointer: '/spec' },
      message:
        'organisation "ORG_ID_1" is also configured by WebChatConfiguration/support-chat; an organisation has one document',
    },
    { resource: 'WebChatConfiguration/support-chat' },
  ]);
  expect(problems).toHaveLength(4);
});
