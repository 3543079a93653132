import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { actionInput, connect, webServices, world } from './fixture.ts';
import { exported, call as flowCall, flowYaml, publish, put, register, seedCustomer } from './flows/fixture.ts';
import { type Quirk, quirks } from './quirks.ts';
import { seenOfSchedules } from './schedules/fixture.ts';
import { seenOfTutorial } from './tutorial/fixture.ts';
import { surfaceNames } from './world.ts';

type World = Awaited<ReturnType<typeof world>>;
const root = '/integrations/actions';
const consumers = '/architect/dependencytracking/consumingresources';
const bare = { request: { requestUrlTemplate: 'https://x', requestType: 'GET' } };

const made = (w: World, change = {}) => w.state.createAction(actionInput(w.state, change)).id;
const seeded = (w: World, steps?: string[]) => {
  seedCustomer(w.state);
  return w.state.seedFlow({ yaml: flowYaml('Main IVR', steps) });
};
const seededText = (w: World, steps?: string[]) => w.state.exportText(seeded(w, steps).id);
const readBack = async (w: World, id: string) =>
  (await w.call('GET', `${root}/${id}?expand=contract&includeConfig=true`)).body;
const refusal = async (w: World, path: string, body?: unknown) => {
  const reply = await w.call(body && !path.endsWith('draft') && path !== root ? 'PATCH' : 'POST', path, body);
  return reply.status === 200 ? 'accepted' : `${reply.status} ${reply.body['code']}`;
};

/** Quirks of web messaging and of the audit log have a table beside them. */
type Seen = Exclude<Quirk, `web-${string}` | `audit-${string}`>;

/** What one sees of each quirk: without it, and with it. */
const seen: Record<Seen, { look(w: World): Promise<unknown>; without: unknown; with: unknown }> = {
  'template-uri': {
    look: async (w) =>
      Object.keys((await readBack(w, made(w)))['config']!['request']!).filter((key) => key.startsWith('requestT')),
    without: ['requestTemplate', 'requestType'],
    with: ['requestType', 'requestTemplateUri'],
  },
  'schema-keywords-dropped': {
    look: async (w) => {
      const schema = { type: 'object', properties: { a: { oneOf: [] } }, oneOf: [] };
      const id = made(w, { contract: { input: { inputSchema: schema }, output: { successSchema: schema } } });
      return Object.keys((await readBack(w, id))['contract']!['input']!['inputSchema']!);
    },
    without: ['type', 'properties', 'oneOf'],
    with: ['type', 'properties'],
  },
  'schema-keywords-added': {
    look: async (w) => '$schema' in (await readBack(w, made(w)))['contract']!['output']!['successSchema']!,
    without: false,
    with: true,
  },
  'draft-exists-400': {
    look: (w) => refusal(w, `${root}/${w.state.startDraft(made(w)).id}/draft`),
    without: '409 request.conflict',
    with: '400 bad.request',
  },
  'version-mismatch-400': {
    look: async (w) => {
      const reply = await w.call('PATCH', `${root}/${made(w)}`, { version: 9, name: 'x' });
      return [reply.status, reply.text.includes('does not match the current version')];
    },
    without: [409, false],
    with: [400, true],
  },
  'version-conflict-code': {
    look: (w) => refusal(w, `${root}/${made(w)}`, { version: 9 }),
    without: '409 request.conflict',
    with: '409 version.conflict',
  },
  'config-merged': {
    look: async (w) => {
      const id = made(w);
      await w.call('PATCH', `${root}/${id}`, { version: 1, config: bare });
      return w.state.action(id)!.config.timeoutSeconds;
    },
    without: undefined,
    with: 10,
  },
  'timeout-default': {
    look: async (w) => w.state.action(made(w, { config: bare }))!.config.timeoutSeconds,
    without: undefined,
    with: 60,
  },
  'empty-maps-omitted': {
    look: async (w) => w.state.action(made(w, { config: bare }))!.config.request!.headers,
    without: {},
    with: undefined,
  },
  'request-template-default': {
    look: async (w) => w.state.action(made(w, { config: bare }))!.config.request!.requestTemplate,
    without: undefined,
    with: '${input.rawRequest}',
  },
  'success-template-default': {
    look: async (w) => w.state.action(made(w, { config: bare }))!.config.response!.successTemplate,
    without: undefined,
    with: '${rawResult}',
  },
  'duplicate-names-refused': {
    look: (w) => refusal(w, root, actionInput(w.state, { name: w.state.action(made(w))!.name })),
    without: 'accepted',
    with: '409 request.conflict',
  },
  'unknown-fields-ignored': {
    look: (w) => refusal(w, `${root}/${made(w)}`, { version: 1, contract: {} }),
    without: '400 invalid.property',
    with: 'accepted',
  },
  'version-kept-if-unchanged': {
    look: async (w) =>
      (await w.call('PATCH', `${root}/${made(w)}`, { version: 1, name: 'Get Customer' })).body['version'],
    without: 2,
    with: 1,
  },
  'writes-answer-whole': {
    look: async (w) => 'config' in (await w.call('POST', root, actionInput(w.state))).body,
    without: false,
    with: true,
  },
  'publish-keeps-draft': {
    look: async (w) => {
      const { id } = w.state.startDraft(made(w));
      await w.call('POST', `${root}/${id}/draft/publish`, { version: 1 });
      return w.state.draft(id) !== undefined;
    },
    without: false,
    with: true,
  },
  'integration-activates-late': {
    look: async (w) => {
      const path = `/integrations/${webServices(w.state).id}`;
      await w.call('PATCH', path, { intendedState: 'DISABLED' });
      return (await w.call('GET', path)).body['reportedState']!['code'];
    },
    without: 'INACTIVE',
    with: 'DEACTIVATING',
  },
  'lists-unsorted': {
    look: async (w) => {
      for (let n = 0; n < 10; n += 1) made(w);
      const { body } = await w.call('GET', root);
      const ids = (body['entities'] as unknown as { id: string }[]).map(({ id }) => id);
      return ids.join() === ids.toSorted().join();
    },
    without: false,
    with: true,
  },
  'page-size-clamped': {
    look: async (w) => (await w.call('GET', `${root}?pageSize=500`)).body['pageSize'] ?? 'refused',
    without: 'refused',
    with: 100,
  },
  'rate-limit-no-retry-after': {
    look: async (w) => {
      for (let n = 0; n < 20; n += 1) await w.call('GET', '/organizations/me');
      const { headers, body } = await w.call('GET', '/organizations/me');
      return [headers.has('retry-after'), body['code']];
    },
    without: [true, 'too.many.requests.retry.after'],
    with: [false, 'too.many.requests'],
  },
  'rate-limit-per-token': {
    look: async (w) => {
      for (let n = 0; n < 20; n += 1) await w.call('GET', '/organizations/me');
      return (await (await connect(w.sandbox))('GET', '/organizations/me')).status;
    },
    without: 429,
    with: 200,
  },
  'delete-in-use-refused': {
    look: async (w) => {
      const id = made(w);
      w.state.addConsumer({ name: 'Orders', uses: { id } });
      return (await w.call('DELETE', `${root}/${id}`)).status;
    },
    without: 204,
    with: 409,
  },
  'dependency-206-partial': {
    look: async (w) => {
      const id = made(w);
      for (const name of ['Orders', 'Returns']) w.state.addConsumer({ name, uses: { id } });
      w.state.dependencyTracking = 'rebuilding';
      const { status, text, body } = await w.call('GET', `${consumers}?id=${id}&objectType=DATAACTION`);
      return [status, text === '' ? undefined : body['total']];
    },
    without: [206, undefined],
    with: [206, 1],
  },
  'dependency-unknown-empty': {
    look: async (w) => (await w.call('GET', `${consumers}?id=none&objectType=DATAACTION`)).status,
    without: 404,
    with: 200,
  },
  ...seenOfSchedules,
  ...seenOfTutorial,
  'flow-ref-ids-rewritten': {
    look: async (w) => /startUpRef.*/.exec(seededText(w))![0],
    without: 'startUpRef: /inboundCall/tasks/task[start]',
    with: 'startUpRef: /inboundCall/tasks/task[Start_10]',
  },
  'flow-timeout-default': {
    look: async (w) => /Call Data Action\s+timeout:\s+(\w+)/.exec(seededText(w, [flowCall()]))![1],
    without: 'noValue',
    with: 'lit',
  },
  'flow-durations-in-seconds': {
    look: async (w) => /timeout:\s+lit:\s+minutes: 1\n/.test(seededText(w)),
    without: true,
    with: false,
  },
  'flow-outputs-skeleton': {
    look: async (w) => /^ +outputs:$/m.test(seededText(w)),
    without: false,
    with: true,
  },
  'flow-export-old-names': {
    look: async (w) => {
      const { id } = seeded(w);
      w.state.editAction(w.state.actionNamed('Get Customer')!.id, { name: 'Find Customer' });
      return /(\w+ Customer):/.exec(w.state.exportText(id))![1];
    },
    without: 'Find Customer',
    with: 'Get Customer',
  },
  'flow-name-contains': {
    look: async (w) => {
      seeded(w);
      return (await w.call('GET', '/flows?name=main')).body['total'];
    },
    without: 0,
    with: 1,
  },
  'flow-put-needs-lock': {
    look: async (w) => {
      const { status, body } = await w.call('PUT', `/flows/${seeded(w).id}`, { name: 'Other' });
      return status === 200 ? 200 : body['code'];
    },
    without: 200,
    with: 'architect.flow.not.locked.by.user',
  },
  'flow-unlock-refuses-drafts': {
    look: async (w) => {
      const { id } = seeded(w);
      w.state.editFlow(id, (yaml) => yaml, { publish: false });
      return (await w.call('POST', `/flows/actions/unlock?flow=${id}`)).status;
    },
    without: 200,
    with: 409,
  },
  'flow-job-breaks-locks': {
    look: async (w) => {
      w.state.lockFlow(seeded(w).id, { user: 'Jo Doe' });
      return (await publish(w.call, flowYaml())).status;
    },
    without: 'Failure',
    with: 'Success',
  },
  'flow-job-needs-permissions': {
    look: async (w) => {
      seedCustomer(w.state);
      w.state.takePermissions('sandbox-daemon', 'architect:flow:publish');
      return (await publish(w.call, flowYaml())).messages.map(({ text }) => text);
    },
    without: [],
    with: ["Flow 'Main IVR': the 'architect:flow:publish' permission is required."],
  },
  'job-registered-200': {
    look: async (w) => (await w.call('POST', '/flows/jobs')).status,
    without: 202,
    with: 200,
  },
  'flow-upload-repeats': {
    look: async (w) => {
      const { id } = seeded(w);
      const job = await register(w.call);
      for (let n = 0; n < 2; n += 1) {
        await put(job.presignedUrl, job.headers, flowYaml());
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      return w.state.flow(id)!.published;
    },
    without: '2.0',
    with: '3.0',
  },
  'export-throttled': {
    look: async (w) => {
      const flows = [{ flow: { id: seeded(w).id } }];
      const ends = await Promise.all([exported(w.call, { flows }), exported(w.call, { flows })]);
      return ends.map(({ status }) => status).sort();
    },
    without: ['Success', 'Success'],
    with: ['Failure', 'Success'],
  },
};

const names = Object.keys(quirks).filter((name): name is Seen => !/^(web|audit)-/.test(name));

it.each(names)('%s', async (name) => {
  const { look, ...expected } = seen[name];
  const options = {
    rateLimit: name.startsWith('rate-limit') ? 20 : 0,
    jobMs: 90,
    now: () => 1_700_000_000_000,
    surfaces: surfaceNames,
  };
  await using plain = await world(options);
  await using quirky = await world({ ...options, quirks: [name] });
  expect({ without: await look(plain), with: await look(quirky) }).toEqual(expected);
});

it('stand in the README, every one and no other', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('## Quirks'), readme.indexOf('## Faults'));
  const rows = [...section.matchAll(/^\| `([a-z0-9-]+)` *\| (.+?) *\|$/gm)].map(([, name, text]) => [name, text]);
  expect(Object.fromEntries(rows)).toEqual(quirks);
});
