import { describe, expect, test } from 'vitest';
import { silent } from '../src/model/log.ts';
import { type ResourceId, resourceId } from '../src/model/resource.ts';
import { kinds } from '../src/objects/kinds.ts';
import { acceptLive } from '../src/source/accept/index.ts';
import { folderWith, noSecrets } from '../src/source/fixture.ts';
import { openSource, resolve } from '../src/source/index.ts';

const action = (name: string, more = ''): string =>
  `apiVersion: genesys-gitops/v1\nkind: DataAction\nmetadata: { name: ${name} }\nspec:\n  integration: CRM\n${more}`;
const one = action('one');
const two = action('two');
const modeline = '# yaml-language-server: $schema=x\n';

interface Removed {
  files: Map<string, string | undefined>;
  told: string[];
  left: ResourceId[];
}

/** The files that a patch changes, with what is left of them, where these are gone. */
async function removing(ids: ResourceId[], texts: Record<string, string>): Promise<Removed> {
  const environment = 'apiVersion: genesys-gitops/v1\nkind: Environment\n';
  await using folder = await folderWith({ 'environments/here.yaml': environment, ...texts });
  const how = { baseDir: '/', cacheDir: folder.path, log: silent, readSecret: noSecrets };
  const source = await openSource({ path: folder.path }, how);
  const snapshot = await source.read();
  const options = { kinds, environment: 'here' };
  const desired = await resolve(snapshot, options);
  expect(desired.problems).toEqual([]);
  const accepted = await acceptLive(snapshot, desired, options, { edits: [], removed: ids });
  await source.close();
  return {
    files: new Map(accepted.changes.map(({ path, after }) => [path, after])),
    told: accepted.unwritten.map(({ resource, why }) => `${resource}: ${why}`),
    left: accepted.desired.resources.map(resourceId),
  };
}

describe('of several documents in a file, exactly the one goes', () => {
  test.each([
    [
      'a modeline, then a mark',
      `${modeline}---\n${one}---\n${two}`,
      `${modeline}---\n${two}`,
      `${modeline}---\n${one}`,
    ],
    ['a directive', `%YAML 1.2\n---\n${one}---\n${two}`, `%YAML 1.2\n---\n${two}`, `%YAML 1.2\n---\n${one}`],
    ['a modeline alone', `${modeline}${one}---\n${two}`, modeline + two, modeline + one],
    ['comments about the file', `# All.\n\n# One.\n${one}---\n${two}`, `# All.\n\n${two}`, `# All.\n\n# One.\n${one}`],
    ['nothing between', `${one}---\n---\n# c\n---\n${two}`, `---\n---\n# c\n---\n${two}`, `${one}---\n---\n# c\n`],
    ['an end', `${one}...\n---\n${two}`, two, `${one}...\n`],
    [
      'comments on and after marks',
      `--- # 1\n${one}# end\n--- # 2\n${two}`,
      `--- # 2\n${two}`,
      `--- # 1\n${one}# end\n`,
    ],
    ['other ends of lines', `# a\r\n---\r\n${one}---\r\n${two}`, `# a\r\n---\r\n${two}`, `# a\r\n---\r\n${one}`],
    ['a directive in between', `${one}...\n%YAML 1.2\n---\n${two}`, `%YAML 1.2\n---\n${two}`, `${one}...\n`],
  ])('%s', async (_what, text, withoutOne, withoutTwo) => {
    const first = await removing(['DataAction/one'], { 'm.yaml': text });
    expect(first).toEqual({ files: new Map([['m.yaml', withoutOne]]), told: [], left: ['DataAction/two'] });
    const second = await removing(['DataAction/two'], { 'm.yaml': text });
    expect(second).toEqual({ files: new Map([['m.yaml', withoutTwo]]), told: [], left: ['DataAction/one'] });
  });
});

test('one that cannot be cut out keeps no other from going', async () => {
  // Another tool's document, in which not everything can be read here.
  const foreign = 'apiVersion: v1\nkind: ConfigMap\ndata: !theirs 1\n';
  const texts = { 'm.yaml': `${one}---\n${foreign}---\n${two}`, 'o.yaml': action('other') };
  const { files, told, left } = await removing(['DataAction/two', 'DataAction/other'], texts);
  expect(told).toEqual(['DataAction/two: which of the documents of m.yaml it is cannot be told']);
  expect(files).toEqual(new Map([['o.yaml', undefined]]));
  expect(left).toEqual(['DataAction/one', 'DataAction/two']);
});

test('a template of two goes with the second of them', async () => {
  const shared = '  requestTemplateFile: t/shared.vm\n';
  const texts = { 'a.yaml': action('one', shared), 'b.yaml': action('two', shared), 't/shared.vm': 'x' };
  const first = await removing(['DataAction/one'], texts);
  expect([...first.files.keys()]).toEqual(['a.yaml']);
  const both = await removing(['DataAction/one', 'DataAction/two'], texts);
  expect([...both.files.keys()].sort()).toEqual(['a.yaml', 'b.yaml', 't/shared.vm']);
});
