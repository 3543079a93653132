import { describe, expect, test } from 'vitest';
import type { RunReport } from '../src/reconcile/run.ts';
import { fakeClock } from './support/clock.ts';
import { ends, useChats } from './support/web-chat.ts';

const open = useChats();
const configurations = '/api/v2/webchat/organizations/*/configurations';
const own = '/api/v2/webchat/organizations/ORG_ID_1/configurations';
const replicate = '/api/v2/webchat/configurations/replicate';

/** The sentence of what failed or was held, of one organisation. */
function said({ outcomes, plan }: RunReport, id = 'ORG_ID_1'): string | undefined {
  return [...outcomes, ...plan.held].find(({ object, message }) => object.id === id && message !== undefined)?.message;
}

/** What Genesys found wrong, with line and column of the document. */
function faults({ outcomes }: RunReport): string[] {
  return outcomes.flatMap(({ faults: found = [] }) =>
    found.map(({ path, message, place }) => {
      const at = place === undefined ? '' : `${place.line}:${place.column} `;
      return `${at}${path}: ${message}`;
    }),
  );
}

describe('refusals', () => {
  test('422: every entry stands at the line of the document that it came from', async () => {
    const it = await open({ sandbox: { tutorial: { featureFlags: ['enableFileUpload'] } } });
    const report = await it.run();
    expect(ends(report)).toEqual(['ORG_ID_1 failed BadRequest', 'ORG_ID_2 skipped DependencyNotReady']);
    expect(faults(report)).toEqual(['18:54 features.flags.enableRichText: is not a supported feature flag']);

    const errors = [
      ['widget.theme.colors.primary', 'is not of the brand'],
      ['widget.theme.colors.background', 'is missing'],
      ['availability.rules[1].endTime', 'is a holiday'],
      ['region', 'is not known'],
    ].map(([field, message]) => ({ field, message }));
    const body = { message: 'Invalid', code: 'validation.failed', errors };
    it.sandbox.addFault({ when: { method: 'PUT' }, then: { status: 422, body } });
    const rules: [string, string] = [
      '      - { dayOfWeek',
      '      - { dayOfWeek: FRIDAY, startTime: "09:00", endTime: "12:00" }\n      - { dayOfWeek',
    ];
    expect(faults(await it.run([rules], { byHand: true }))).toEqual([
      '8:16 widget.theme.colors.primary: is not of the brand',
      // What the document leaves out has the place of what it would stand in.
      '7:5 widget.theme.colors.background: is missing',
      '17:59 availability.rules[1].endTime: is a holiday',
      'region: is not known',
    ]);
  });

  test('400, 401, 403 and 404 say what to do', async () => {
    const it = await open();
    const { sandbox } = it;
    sandbox.addFault({ when: { method: 'PUT' }, then: { status: 400 } });
    const invalid = await it.run();
    expect(ends(invalid)).toEqual(['ORG_ID_1 failed BadRequest', 'ORG_ID_2 skipped DependencyNotReady']);
    expect(said(invalid)).toMatch(/answered 400: .* Correct what is named of the document/);

    sandbox.clearFaults();
    sandbox.addFault({ when: { path: configurations }, then: { status: 401 } });
    await expect(it.run()).rejects.toThrow(/answered 401: .* check the client id and the client secret of the target/);
    sandbox.clearFaults();

    const scope = 'webchat:configuration:write';
    sandbox.state.takeScopes('sandbox-daemon', scope);
    const scopeless = await it.run([], { byHand: true });
    expect(ends(scopeless)).toEqual(['ORG_ID_1 failed PermissionMissing', 'ORG_ID_2 skipped DependencyNotReady']);
    expect(said(scopeless)).toMatch(/needs the scope webchat:configuration:write\. Add it in the admin pages/);
    sandbox.state.giveScopes('sandbox-daemon', scope);

    // One that is not assigned, and one that is not there at all: they hold themselves up, and no other.
    sandbox.state.assignWebChat('ORG_ID_3', ['somebody-else']);
    const some = await it.run([['[ORG_ID_1]', '[ORG_ID_1, ORG_ID_3, ORG_ID_4]']], { byHand: true });
    expect(ends(some)).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied', 'ORG_ID_4 failed ReferenceNotFound']);
    expect(some.plan.held.map(({ object, reason }) => `${object.id} ${reason}`)).toEqual([
      'ORG_ID_3 PermissionMissing',
    ]);
    expect(said(some, 'ORG_ID_3')).toMatch(/the organisation ORG_ID_3 is not assigned to the client: assign it to/i);
    expect(said(some, 'ORG_ID_4')).toMatch(/no organisation with the id ORG_ID_4 .*: check the id in the document/);
  });

  test('a wrong id to replicate to is told beside the one that it comes from', async () => {
    const it = await open();
    const wrong = await it.run([['[ORG_ID_2]', '[ORG_ID_4]']]);
    expect(ends(wrong)).toEqual(['ORG_ID_1 applied', 'ORG_ID_4 failed ReferenceNotFound']);
    expect(said(wrong, 'ORG_ID_4')).toMatch(
      /^organisation ORG_ID_1 was to be replicated to organisation ORG_ID_4, and one of the two was not found: .*check the ids in `organizations` and `replicateTo`/,
    );
  });

  test('409 for ever: after three more tries it is left for the next run', async () => {
    const it = await open();
    await it.run();
    it.sandbox.onRequest(({ method, phase }) => {
      if (method === 'PUT' && phase === 'arrived') it.edit('ORG_ID_1', { greetings: { delayMs: 1 } });
    });
    it.sandbox.clearRequests();
    const report = await it.run([['fontSize: 16', 'fontSize: 18']]);
    expect(ends(report)).toEqual(['ORG_ID_1 failed Contended']);
    expect(it.sent()).toEqual(Array(4).fill('PUT ORG_ID_1 409'));
    expect(said(report)).toMatch(
      /ORG_ID_1 was changed by somebody else .*; version \d+ is there now\..* tried 4 times in this run/,
    );
  });
});

describe('what passes', () => {
  test.each([
    ['429 that names a time', { status: 429, retryAfter: 2 }],
    ['429 that names none', { status: 429 }],
  ])('%s is waited for, before a look, a PUT and a replication', async (_what, then) => {
    const clock = fakeClock();
    const it = await open({ clock });
    for (const method of ['GET', 'PUT']) it.sandbox.addFault({ when: { method, path: own, times: 2 }, then });
    it.sandbox.addFault({ when: { path: replicate, times: 1 }, then });
    expect(ends(await clock.drive(it.run()))).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
  });

  test('500 to a look is asked again; to a write, what is live tells that nothing happened, and it is sent again', async () => {
    const it = await open();
    await it.run();
    it.sandbox.clearRequests();
    it.sandbox.addFault({ when: { method: 'GET', path: own, times: 1 }, then: { status: 500 } });
    it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { status: 500 } });
    const report = await it.run([['fontSize: 16', 'fontSize: 18']]);
    expect(ends(report)).toEqual(['ORG_ID_1 applied']);
    expect(it.sent()).toEqual(['PUT ORG_ID_1 500', 'PUT ORG_ID_1 200']);
  });

  test('500 to the first PUT of an organisation that has none yet', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { status: 500 } });
    expect(ends(await it.run())).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
    expect(it.sent().slice(0, 2)).toEqual(['PUT ORG_ID_1 500', 'PUT ORG_ID_1 200']);
  });

  test('a lost answer to a PUT: what is live tells that it was done, and nothing is sent twice', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { method: 'PUT', times: 1 }, then: { lostResponse: true } });
    expect(ends(await it.run())).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
    expect(it.sent()).toEqual(['PUT ORG_ID_1 0', 'POST replicate ORG_ID_2 202']);
    expect(await it.journal.openIntents(it.sandbox.org.id)).toEqual([]);
  });

  test('a lost answer to a replication: what is live tells that it was done, and no other is started', async () => {
    const it = await open();
    it.sandbox.addFault({ when: { path: replicate, times: 1 }, then: { lostResponse: true } });
    expect(ends(await it.run())).toEqual(['ORG_ID_1 applied', 'ORG_ID_2 applied']);
    expect(it.sent()).toEqual(['PUT ORG_ID_1 200', 'POST replicate ORG_ID_2 0']);
    expect(it.sandbox.state.replications()).toHaveLength(1);
    expect(await it.journal.openIntents(it.sandbox.org.id)).toEqual([]);
  });
});
