import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeKind, kinds, lines, resolved, timeout } from './fixture.ts';
import { substitute } from './variables.ts';

const environment = (body: string): string => `apiVersion: genesys-gitops/v1\nkind: Environment\n${body}`;
const prod = (body: string): Record<string, string> => ({ 'environments/prod.yaml': environment(body) });
const inProd = { environment: 'prod' };

describe('variables', () => {
  test('a text that is exactly one variable takes its type', async () => {
    const { resources, problems } = await resolved(
      {
        'a.yaml': timeout('a', { timeoutSeconds: '$(t)', integration: '"$(region) $$(literal) $(n)"' }),
        ...prod('variables: { t: 20, region: EU, n: 1.5 }\n'),
      },
      inProd,
    );
    expect(problems).toEqual([]);
    expect(resources[0]?.spec).toEqual({ integration: 'EU $(literal) 1.5', timeoutSeconds: 20 });
    expect(resources[0]?.from).toEqual(['a.yaml', 'environments/prod.yaml']);
  });

  test('an undefined one is said at its place, with the nearest', async () => {
    const files = { 'a.yaml': timeout('a', { timeoutSeconds: '$(timout)' }), ...prod('variables: { timeout: 20 }\n') };
    expect(lines((await resolved(files, inProd)).problems)).toEqual([
      'a.yaml:6:19: undefined-variable: the variable "timout" has no value in the environment "prod" (did you mean "timeout"?)',
    ]);
    expect(lines((await resolved(files)).problems)).toEqual([
      'a.yaml:6:19: undefined-variable: the variable "timout" has no value, since no environment is chosen',
    ]);
  });

  test.each(['$(1+1)', '$( a )', '$(a', 'x $()'])('%s is no variable', async (text) => {
    const { problems } = await resolved({ 'a.yaml': timeout('a', { integration: JSON.stringify(text) }) });
    expect(problems.map(({ code }) => code)).toEqual(['undefined-variable']);
  });

  test('the value that came from a variable is judged where it stands', async () => {
    const files = { 'a.yaml': timeout('a', { timeoutSeconds: '$(t)' }), ...prod('variables: { t: 61 }\n') };
    expect(lines((await resolved(files, inProd)).problems)).toEqual([
      'a.yaml:6:19: schema: spec.timeoutSeconds must be an integer from 1 to 60, but is 61',
    ]);
  });

  test('keys are never touched, and variables are not made of variables', async () => {
    const text = timeout('a', { actions: '["$(x)"]' }).replace(
      'metadata: { name: a }',
      'metadata: { name: a, annotations: { "$(x)": "$(x)" } }',
    );
    const { resources } = await resolved({ 'a.yaml': text, ...prod('variables: { x: y }\n') }, inProd);
    expect(resources[0]?.annotations).toEqual({ '$(x)': 'y' });
    const { problems } = await resolved(prod('variables: { x: "$(y)", y: z }\n'), inProd);
    expect(lines(problems)).toEqual([
      'environments/prod.yaml:3:17: undefined-variable: the variable "y" has no value; one variable cannot use another',
    ]);
  });

  test('property: escaping any text and resolving it gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '(', ')', 'a', ' ') }), (text) => {
        // A text before `$(` that ends in `$` cannot be told from the escape; YAML authors write it as a variable.
        fc.pre(!text.includes('$$('));
        expect(substitute(text.replaceAll('$(', '$$$$('), {}, '')).toEqual({ value: text, problems: [] });
      }),
    );
  });
});

describe('environments', () => {
  test('maps merge, lists replace, null stays as cleared, unset unmanages', async () => {
    const document = `apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: a, annotations: { team: x } }
spec:
  integration: CRM
  category: Old
  config: { timeoutSeconds: 5, request: { headers: { A: a, B: b }, requestTemplate: t } }
`;
    const { resources, problems } = await resolved(
      {
        'a.yaml': document,
        ...prod(`variables: { t: 7 }
patches:
  - target: DataAction/a
    patch:
      metadata: { annotations: { genesys-gitops/protect: enabled } }
      spec:
        integration: { id: 11111111-1111-4111-8111-111111111111 }
        config: { timeoutSeconds: $(t), request: { headers: { B: c }, requestTemplate: null } }
    unset: [/spec/category]
ids: { DataAction/a: 22222222-2222-4222-8222-222222222222 }
`),
      },
      inProd,
    );
    expect(problems).toEqual([]);
    expect(resources[0]?.annotations).toEqual({ team: 'x', 'genesys-gitops/protect': 'enabled' });
    expect(resources[0]?.spec).toEqual({
      integration: { id: '11111111-1111-4111-8111-111111111111' },
      config: { timeoutSeconds: 7, request: { headers: { A: 'a', B: 'c' }, requestTemplate: null } },
    });
  });

  test('a problem in a patched value stands in the environment', async () => {
    const body =
      'patches:\n  - target: Timeout/a\n    patch:\n      spec:\n        timeoutSeconds: 99\n        colour: red\n';
    const { problems } = await resolved({ 'a.yaml': timeout('a'), ...prod(body) }, inProd);
    expect(lines(problems)).toEqual([
      'environments/prod.yaml:7:25: schema: spec.timeoutSeconds must be an integer from 1 to 60, but is 99',
      'environments/prod.yaml:8:9: unknown-field: unknown field "colour" in spec',
    ]);
  });

  test('exclude releases; what nobody knows is said', async () => {
    const body = 'exclude: [Timeout/a]\n';
    const files = { 'a.yaml': timeout('a', { timeoutSeconds: '$(none)' }), 'b.yaml': timeout('b') };
    const desired = await resolved({ ...files, ...prod(body) }, inProd);
    expect(desired.problems).toEqual([]);
    expect(desired.excluded).toEqual(['Timeout/a']);
    expect(desired.resources.map(({ name }) => name)).toEqual(['b']);
    const wrong = prod(
      'exclude: [Timeout/bb]\nids: { Timeout/c: x }\npatches: [{ target: Timeout/b, unset: [/spec/colour] }]\n',
    );
    expect(lines((await resolved({ ...files, ...wrong }, { ...inProd })).problems)).toContainEqual(
      'environments/prod.yaml:3:11: unknown-patch-target: there is no Timeout/bb in the repository (did you mean "Timeout/b"?)',
    );
  });

  test('a missing environment is said with the nearest, and its absence makes no noise', async () => {
    const files = { 'a.yaml': timeout('a', { timeoutSeconds: '$(t)' }), ...prod('variables: { t: 1 }\n') };
    expect(lines((await resolved(files, { environment: 'prd' })).problems)).toEqual([
      'environment-not-found: the environment "prd" is not in the repository; there is prod (did you mean "prod"?)',
    ]);
  });

  test('a broken or misplaced environment is said, whichever is chosen', async () => {
    const { problems } = await resolved({
      'environments/dev.yaml': environment('variabels: {}\n'),
      'elsewhere/x.yaml': environment(''),
    });
    expect(lines(problems)).toEqual([
      'elsewhere/x.yaml:2:7: schema: an environment must stand in environments/<name>.yaml',
      'environments/dev.yaml:3:1: unknown-field: unknown field "variabels" (did you mean "variables"?)',
    ]);
  });

  test('an id in a document itself is refused', async () => {
    const { problems } = await resolved({ 'a.yaml': timeout('a', { integration: '{ id: x }' }) });
    expect(lines(problems)).toEqual([
      'a.yaml:5:16: schema: ids differ per organisation: give the name here, or {id: ...} in a patch of an environment',
    ]);
  });
});

describe('secrets', () => {
  const action = (header: string): Record<string, string> => ({
    'a.yaml': `apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: a }
spec:
  integration: CRM
  config: { request: { headers: { X-Key: ${header} } } }
`,
  });

  test('a granted one stays as it is', async () => {
    const { resources, problems } = await resolved(action('{ secret: crmKey }'), { grants: ['crmKey'] });
    expect(problems).toEqual([]);
    expect(resources[0]?.spec).toMatchObject({ config: { request: { headers: { 'X-Key': { secret: 'crmKey' } } } } });
  });

  test('one that is not granted is a problem, unless nobody knows', async () => {
    expect((await resolved(action('{ secret: x }'))).problems).toEqual([]);
    expect(lines((await resolved(action('{ secret: crmKy }'), { grants: ['crmKey'] })).problems)).toEqual([
      'a.yaml:6:52: secret-not-granted: the secret "crmKy" is not granted to this target (did you mean "crmKey"?)',
    ]);
  });

  test.each([
    ['{ fromEnv: HOME }', /\{fromEnv\} and \{fromFile\} are for the daemon's own file/],
    ['{ secret: 1 }', /headers\.X-Key\.secret must be a text that is not empty, but is 1/],
    ['3', /headers\.X-Key must be a text or \{secret: \.\.\.\}, but is 3/],
  ])('%s is refused', async (header, said) => {
    const { problems } = await resolved(action(header));
    expect(problems.map(({ message }) => message)).toEqual([expect.stringMatching(said)]);
  });

  test('a secret where none may stand', async () => {
    const { problems } = await resolved({ 'a.yaml': timeout('a', { timeoutSeconds: '{ secret: x }' }) });
    expect(lines(problems)).toEqual(['a.yaml:6:19: schema: spec.timeoutSeconds may not be a secret']);
  });
});

describe('files', () => {
  const document = `apiVersion: genesys-gitops/v1
kind: DataAction
metadata: { name: a }
spec: { integration: CRM, file: export.custom.json, requestTemplateFile: $(which).vm }
`;

  test('contents are put beside the spec, untouched, and problems in them have their place', async () => {
    const nosy = fakeKind('DataAction', 'data-action.schema.json', {
      check: () => [
        { code: 'export-invalid', message: 'no', resource: 'DataAction/a', pointer: '/spec/file/config/x' },
      ],
    });
    const { resources, problems, warnings } = await resolved(
      {
        'd/a.yaml': document,
        'd/export.custom.json': '{\n  "config": {\n    "x": "$(y)" } }',
        'd/b.vm': '${input.x} $(y)',
        ...prod('variables: { which: b }\n'),
      },
      { ...inProd, kinds: [nosy] },
    );
    expect(resources[0]?.files).toEqual({
      '/spec/file': { path: 'd/export.custom.json', text: expect.any(String), value: { config: { x: '$(y)' } } },
      '/spec/requestTemplateFile': { path: 'd/b.vm', text: '${input.x} $(y)' },
    });
    expect(lines(problems)).toEqual(['d/export.custom.json:3:10: export-invalid: no']);
    expect(warnings).toEqual([]);
  });

  test('a YAML file that a document refers to is its own business', async () => {
    const flow = document.replace('export.custom.json', 'flow.yaml').replace('$(which).vm', 't.yaml');
    const { warnings, problems } = await resolved(
      { 'a.yaml': flow, 'flow.yaml': '{"a": 1}', 't.yaml': '- !x a' },
      { kinds },
    );
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

test('property: neither the order of files nor of documents matters', async () => {
  const texts = ['a', 'b', 'c', 'd'].map((name) => timeout(name, { timeoutSeconds: name === 'c' ? '99' : '5' }));
  const names = (desired: Awaited<ReturnType<typeof resolved>>): unknown => [
    desired.resources.map(({ name }) => name).sort(),
    desired.problems.map(({ message }) => message),
  ];
  const expected = names(await resolved({ 'x.yaml': texts.join('---\n') }));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(texts, { minLength: 4 }), fc.nat(4), async (order, cut) => {
      const files = { 'x.yaml': order.slice(0, cut).join('---\n'), 'y.yaml': order.slice(cut).join('---\n') };
      expect(names(await resolved(files))).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});
