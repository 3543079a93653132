import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Drifting, useDrifting } from './support/drifting.ts';

const action = `# The customer behind a number.
apiVersion: genesys-gitops/v1
kind: DataAction
metadata:
  name: customer # the handle
spec:
  integration: Web Services Data Actions
  requestTemplateFile: templates/customer.vm
  contract: { input: { inputSchema: { type: object, properties: {} } }, output: { successSchema: { type: object, properties: {} } } }
  config:
    timeoutSeconds: 10 # seconds
    request:
      requestUrlTemplate: $(base)/customers
      requestType: POST
      headers:
        # Who asks.
        X-Caller: "genesys" # lower case
        X-Env: $(env)
        Authorization: Bearer abc.def
    response: { translationMap: {}, translationMapDefaults: {}, successTemplate: "\${rawResult}" }
`;
const other = `# Two in one file.
apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: first }
spec:
  integration: Web Services Data Actions
  file: first.custom.json
---
# The second.
apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: second }
spec:
  integration: Web Services Data Actions
  file: second.custom.json
  config: { timeoutSeconds: 7 }
---
apiVersion: genesys-gitops/v1
kind: Timeout
metadata: { name: some }
spec:
  integration: Web Services Data Actions
  timeoutSeconds: $(wait)
  actions: [first]
`;
const exported = (name: string): string => `{
    "name": "${name}",
    "integrationType": "custom-rest-actions",
    "config": {
        "request": { "requestUrlTemplate": "https://example.com", "requestType": "GET", "headers": {} },
        "response": {
            "translationMap": {},
            "translationMapDefaults": {},
            "successTemplate": "\${rawResult}"
        }
    },
    "contract": {
        "input": { "inputSchema": { "type": "object", "properties": {} } },
        "output": { "successSchema": { "type": "object", "properties": {} } }
    },
    "secure": false
}
`;
const environment = (env: string, patches: string): string => `apiVersion: genesys-gitops/v1
kind: Environment
variables:
  base: https://${env}.example.com
  env: ${env} # told to the CRM
  wait: 12
${patches}`;
const prod = environment(
  'prod',
  `patches:
  # The CRM of production wants more.
  - target: DataAction/customer
    patch:
      spec:
        config:
          request:
            headers:
              X-Prod: "yes" # with quotes
              X-Caller: prod
  - target: DataAction/second
    patch: { spec: { category: Seconds } }
ids: {}
exclude: []
`,
);
const staging = environment('staging', 'exclude:\n  - DataAction/second\n');
const files = {
  'actions/customer.yaml': action,
  'actions/templates/customer.vm': '{ "id": "${input.id}" }\n',
  'actions/other.yaml': other,
  'actions/first.custom.json': exported('first'),
  'actions/second.custom.json': exported('second'),
  'environments/prod.yaml': prod,
  'environments/staging.yaml': staging,
};

let world: Drifting;
useDrifting((made) => {
  world = made;
}, files);

/** Takes the patch of what drifted; all of it could be written, and nothing is left to do. */
async function accepted(inEnvironment = false): Promise<string[]> {
  const { patch, told, notes } = await world.patch(inEnvironment);
  expect(told).toEqual([]);
  world.take(patch);
  expect(await world.plan()).toEqual([]);
  return notes;
}

test('of a map, each entry in the layer that it came from', async () => {
  await world.apply();
  const headers = {
    'X-Caller': 'somebody',
    'X-Env': 'prod',
    'X-Prod': 'no',
    'X-New': '$(no variable)',
    Authorization: 'Bearer abc.def',
  };
  world.editAction('customer', '/config/request/headers', headers);
  await accepted();
  expect(world.read('environments/prod.yaml')).toBe(
    prod.replace('X-Prod: "yes"', 'X-Prod: "no"').replace('X-Caller: prod', 'X-Caller: somebody'),
  );
  expect(world.read('actions/customer.yaml')).toBe(
    action.replace('Bearer abc.def\n', (line) => `${line}        X-New: $$(no variable)\n`),
  );
});

test('what is gone from a patch and stands in the document is taken out by the environment', async () => {
  await world.apply();
  world.editAction('customer', '/config/request/headers', { 'X-Env': 'prod', Authorization: 'Bearer abc.def' });
  await accepted();
  expect(world.read('actions/customer.yaml')).toBe(action);
  expect(world.read('environments/prod.yaml')).toMatch(
    /headers: \{\}\n {4}unset:\n {6}- \/spec\/config\/request\/headers\/X-Caller\n/,
  );
});

test('a template, and an export in its own style', async () => {
  await world.apply();
  world.editAction('customer', '/config/request/requestTemplate', '{ "other": "${input.id}" }');
  world.editAction('first', '/config/response/translationMap', { name: '$.name' });
  world.editAction('second', '/config/request/requestType', 'PUT');
  const notes = await accepted();
  expect(world.read('actions/templates/customer.vm')).toBe('{ "other": "${input.id}" }');
  expect(world.read('actions/first.custom.json')).toBe(
    exported('first').replace(
      '"translationMap": {}',
      '"translationMap": {\n                "name": "$.name"\n            }',
    ),
  );
  expect(world.read('actions/second.custom.json')).toBe(exported('second').replace('"GET"', '"PUT"'));
  expect(notes.join('\n')).toMatch(
    /DataAction\/first changes in the environment "staging" as well, which reads the same text$/m,
  );
});

test('only here: what a document says for others too goes into the environment', async () => {
  await world.apply();
  world.editAction('customer', '/config/timeoutSeconds', 20);
  world.editAction('second', '/config/timeoutSeconds', 21);
  expect(await accepted(true)).toEqual([]);
  expect(world.read('actions/customer.yaml')).toBe(action);
  expect(world.read('environments/staging.yaml')).toBe(staging);
  expect(world.read('environments/prod.yaml')).toBe(
    prod.replace('X-Caller: prod\n', 'X-Caller: prod\n          timeoutSeconds: 20\n'),
  );
  // Nobody else reads the second one.
  expect(world.read('actions/other.yaml')).toBe(other.replace('timeoutSeconds: 7', 'timeoutSeconds: 21'));
});

test('only here: what is gone is excluded, and what the environment took out of a map stands there again', async () => {
  const took = prod.replace('  - target: DataAction/second\n', (line) => {
    return `  - target: DataAction/customer\n    unset: [/spec/config/request/headers/X-Env]\n${line}`;
  });
  world.write('environments/prod.yaml', took);
  await world.apply();
  const headers = { 'X-Caller': 'prod', 'X-Env': 'mine', 'X-Prod': 'yes', Authorization: 'Bearer abc.def' };
  world.editAction('customer', '/config/request/headers', headers);
  world.editAction('first', '/config/timeoutSeconds', 44);
  expect(await accepted(true)).toEqual([]);
  const said = world.read('environments/prod.yaml');
  expect(said).not.toContain('unset');
  expect(said).toMatch(/headers:\n +X-Env: mine\n/);
  expect(world.read('environments/staging.yaml')).toBe(staging);
  expect(world.read('actions/customer.yaml')).toBe(action);
  expect(world.read('actions/other.yaml')).toBe(other);

  await world.apply();
  const { state } = world.sandbox;
  state.deleteAction(state.actionNamed('customer')!.id);
  expect(await accepted(true)).toEqual([]);
  expect(world.read('actions/customer.yaml')).toBe(action);
  expect(world.read('environments/prod.yaml')).toMatch(/^exclude:\n {2}- DataAction\/customer\n/m);
  expect(world.read('environments/prod.yaml')).not.toContain('target: DataAction/customer');
});

test('several actions under one Timeout: each has its exception, under the name that it has now', async () => {
  world.edit('actions/other.yaml', '  config: { timeoutSeconds: 7 }\n', '');
  world.edit('actions/other.yaml', 'actions: [first]', 'actions: [first, second] # both');
  await world.apply();
  world.editAction('first', '/name', 'primus');
  world.editAction('primus', '/config/timeoutSeconds', 44);
  world.editAction('second', '/config/timeoutSeconds', 45);
  await accepted();
  const lines = '- name: primus\n      timeoutSeconds: 44\n    - name: second\n      timeoutSeconds: 45\n';
  expect(world.read('actions/other.yaml')).toContain(`actions: [primus, second] # both\n  exceptions:\n    ${lines}`);
});

test('variables and sensitive values are told with their places, and the rest is written', async () => {
  world.target.variables = { env: 'of this target' };
  await world.apply();
  const headers = { 'X-Caller': 'prod', 'X-Env': 'other', 'X-Prod': 'yes', Authorization: 'Bearer somebody-elses' };
  world.editAction('customer', '/config/request/headers', headers);
  world.editAction('customer', '/config/request/requestUrlTemplate', 'https://else.example.com/customers');
  world.editAction('customer', '/config/timeoutSeconds', 33);
  world.editAction('first', '/config/timeoutSeconds', 44);
  const { patch, told } = await world.patch();
  expect(told.sort()).toEqual([
    'actions/customer.yaml:18:16: DataAction/customer: it comes from the target\'s own variable "env", which stands in the daemon\'s file',
    'actions/customer.yaml:19:24: DataAction/customer: it is sensitive, and is never written down; put the new value where the secret is kept',
    'environments/prod.yaml:4:9: DataAction/customer: it comes from the variable "base", which others may use as well',
  ]);
  expect(patch).not.toContain('somebody-elses');
  expect(patch).not.toContain('hmac');
  world.take(patch);
  expect(world.read('actions/customer.yaml')).toBe(action.replace('10 # seconds', '33 # seconds'));
  expect(world.read('actions/other.yaml')).toContain(
    'actions: [first]\n  exceptions:\n    - name: first\n      timeoutSeconds: 44\n',
  );
});

test('a sensitive value that is gone is told, and no patch shows it as taken out', async () => {
  await world.apply();
  world.editAction('customer', '/config/request/headers', { 'X-Caller': 'new', 'X-Env': 'prod', 'X-Prod': 'yes' });
  const { patch, told } = await world.patch();
  expect(told).toEqual([
    'actions/customer.yaml:19:24: DataAction/customer: it is sensitive, and live it is gone; take it out by hand',
  ]);
  expect(patch).not.toContain('Bearer');
  world.take(patch);
  expect(world.read('environments/prod.yaml')).toBe(prod.replace('X-Caller: prod', 'X-Caller: new'));
});

test('an object that is gone takes its document, its files and what environments say of it', async () => {
  await world.apply();
  const { state } = world.sandbox;
  state.deleteAction(state.actionNamed('second')!.id);
  const { patch, told, notes } = await world.patch();
  expect(told).toEqual([]);
  expect(notes).toEqual([]);
  world.take(patch);
  expect(world.read('actions/other.yaml')).toBe(other.replace(/---\n# The second[\s\S]*timeoutSeconds: 7 \}\n/, ''));
  expect(existsSync(path.join(world.dir.path, 'repo/actions/second.custom.json'))).toBe(false);
  expect(world.read('environments/prod.yaml')).toBe(prod.replace(/ {2}- target: DataAction\/second\n.*\n/, ''));
  expect(world.read('environments/staging.yaml')).toBe(environment('staging', ''));
  expect(await world.plan()).toEqual([]);

  await world.apply();
  state.deleteAction(state.actionNamed('first')!.id);
  state.deleteAction(state.actionNamed('customer')!.id);
  const both = await world.patch();
  expect(both.told).toEqual([
    expect.stringMatching(
      /^actions\/other.yaml:15:13: Timeout\/some: with the patch: "Web Services Data Actions" has no data action "first"/,
    ),
  ]);
  expect(both.notes).toContain(
    'DataAction/customer goes from the environment "staging" as well, which deletes its object there where prune is on',
  );
  world.take(both.patch);
  expect(existsSync(path.join(world.dir.path, 'repo/actions/customer.yaml'))).toBe(false);
  expect(existsSync(path.join(world.dir.path, 'repo/actions/templates/customer.vm'))).toBe(false);
  expect(world.read('actions/other.yaml')).toMatch(/^apiVersion.*\nkind: Timeout/);
});

test('a Timeout that names what is gone names it no more', async () => {
  world.edit('actions/other.yaml', 'actions: [first]', 'actions: [first, customer] # both');
  world.edit('actions/customer.yaml', '    timeoutSeconds: 10 # seconds\n', '');
  await world.apply();
  world.sandbox.state.deleteAction(world.sandbox.state.actionNamed('customer')!.id);
  await accepted();
  expect(world.read('actions/other.yaml')).toContain('  actions: [first] # both\n');
});
