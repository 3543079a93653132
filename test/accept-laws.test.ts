import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isObject, type Json, type JsonObject } from '../src/model/json.ts';
import { silent } from '../src/model/log.ts';
import { getAt, setAt } from '../src/model/pointer.ts';
import type { Desired } from '../src/model/resource.ts';
import { kinds } from '../src/objects/kinds.ts';
import { acceptLive } from '../src/source/accept/index.ts';
import { folderWith, noSecrets } from '../src/source/fixture.ts';
import { openSource, resolve } from '../src/source/index.ts';

const texts = fc.constantFrom('a', 'b', 'yes', '5', '# x', '$(v)', 'x $(v) y', '$$(v)', 'it: is', '');
const headers = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D e'), texts, { maxKeys: 4, noNullPrototype: true });
const patches = fc.option(headers, { nil: undefined });
const wishes = fc.dictionary(
  fc.constantFrom('A', 'B', 'C', 'D e', 'F'),
  fc.constantFrom('a', 'b', 'new', '$(v)', '5'),
  {
    maxKeys: 4,
    noNullPrototype: true,
  },
);

function environment(value: string, patch: JsonObject | undefined): string {
  const head = { apiVersion: 'genesys-gitops/v1', kind: 'Environment', variables: { v: value } };
  const spec = { config: { request: { headers: patch ?? {} } } };
  return stringify(patch === undefined ? head : { ...head, patches: [{ target: 'DataAction/a', patch: { spec } }] });
}

const headersOf = ({ resources, problems }: Desired): JsonObject => {
  expect(problems).toEqual([]);
  const found = getAt(resources[0]!.spec, '/config/request/headers');
  return isObject(found) ? found : {};
};

/** What is written there as a text that holds a variable. */
const isFromVariable = (written: Json | undefined): boolean =>
  typeof written === 'string' && /(?<!\$)\$\(/.test(written);

test('what comes from a variable stays, all else becomes what is live, and another environment is spared where it is to be', async () => {
  await fc.assert(
    fc.asyncProperty(headers, patches, patches, wishes, fc.boolean(), async (own, here, there, live, hereOnly) => {
      const spec = { integration: 'CRM', config: { request: { headers: own } } };
      const document = { apiVersion: 'genesys-gitops/v1', kind: 'DataAction', metadata: { name: 'a' }, spec };
      await using folder = await folderWith({
        'a.yaml': stringify(document),
        'environments/here.yaml': environment('one', here),
        'environments/there.yaml': environment('two', there),
      });
      const how = { baseDir: '/', cacheDir: folder.path, log: silent, readSecret: noSecrets };
      const source = await openSource({ path: folder.path }, how);
      const snapshot = await source.read();
      const desired = await resolve(snapshot, { kinds, environment: 'here' });
      const before = headersOf(desired);
      const acceptance = { pointer: '/spec/config/request/headers', value: live };
      const wanted = { edits: [{ resource: 'DataAction/a', acceptance, hereOnly }], removed: [] };
      const accepted = await acceptLive(snapshot, desired, { kinds, environment: 'here' }, wanted);

      const after = headersOf(accepted.desired);
      const names = [...new Set([...Object.keys(before), ...Object.keys(live)])];
      const kept = names.filter((name) => {
        const written = here !== undefined && Object.hasOwn(here, name) ? here[name] : own[name];
        return Object.hasOwn(before, name) && before[name] !== live[name] && isFromVariable(written);
      });
      const expected = names.reduce<JsonObject>((all, name) => {
        const value = kept.includes(name) ? before[name] : live[name];
        return value === undefined ? all : setAt(all, `/${name}`, value);
      }, {});
      expect(after).toEqual(expected);
      expect(accepted.unwritten.map(({ pointer }) => pointer.split('/').at(-1)).sort()).toEqual(kept.sort());
      if (hereOnly) expect(accepted.elsewhere).toEqual([]);
      await source.close();
    }),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
  );
});
