import { expect, test } from 'vitest';
import { kinds } from '../src/objects/kinds.ts';
import { lines, resolved } from '../src/source/fixture.ts';

const head = 'apiVersion: tutorial.genesys-gitops/v1\nkind: ExternalApplication\nmetadata: { name: crm }\n';
const told = async (spec: string, environment?: string): Promise<string[]> => {
  const files = { 'app.yaml': `${head}spec:\n${spec}` };
  const overlay = environment === undefined ? {} : { 'environments/prod.yaml': environment };
  const options = environment === undefined ? { kinds } : { kinds, environment: 'prod' };
  return lines((await resolved({ ...files, ...overlay }, options)).problems);
};

test('a timeout out of range is refused once, at its place, with the nearest allowed value and what else there is', async () => {
  expect(await told('  id: a\n  timeoutMs: 999\n')).toEqual([
    'app.yaml:6:14: timeout-range: an external application waits 1000 to 30000 ms, and 999 is less; the nearest allowed value is 1000',
  ]);
  expect(await told('  id: a\n  timeoutMs: 45000\n')).toEqual([
    'app.yaml:6:14: timeout-range: an external application waits 1000 to 30000 ms, and 45000 is more; the nearest allowed value is 30000. Work that takes longer needs an asynchronous pattern: a webhook that is called when it is done, or a queue',
  ]);
  expect(await told('  id: a\n  timeoutMs: 1000\n')).toEqual([]);
  expect(await told('  id: a\n  timeoutMs: 30000\n')).toEqual([]);
});

test('what is no whole number, a range beside another mistake, and an unknown field', async () => {
  expect(await told('  id: a\n  timeoutMs: 2500.5\n')).toEqual([
    'app.yaml:6:14: schema: spec.timeoutMs must be a whole number of milliseconds from 1000 to 30000, but is 2500.5',
  ]);
  expect(await told('  id: ""\n  timeoutMs: 0\n  dataActions: [x, x]\n  timeout: 5\n')).toEqual([
    expect.stringMatching(/^app.yaml:5:7: schema: spec.id must be an id/),
    expect.stringMatching(/^app.yaml:6:14: timeout-range: .*0 is less/),
    expect.stringMatching(/^app.yaml:7:20: schema: spec.dataActions has the same item twice/),
    expect.stringMatching(/^app.yaml:8:3: unknown-field: .*did you mean "timeoutMs"/),
  ]);
});

test('ids and the timeout may be variables, and a range is told where the value was written', async () => {
  const spec = '  id: $(APP)\n  timeoutMs: $(WAIT)\n  dataActions: [$(ACTION)]\n';
  const overlay = (wait: number): string =>
    `apiVersion: genesys-gitops/v1\nkind: Environment\nmetadata: { name: prod }\nvariables: { APP: a, ACTION: b, WAIT: ${wait} }\n`;
  expect(await told(spec, overlay(5000))).toEqual([]);
  expect(await told(spec, overlay(50_000))).toEqual([expect.stringMatching(/timeout-range: .*50000 is more/)]);
});
