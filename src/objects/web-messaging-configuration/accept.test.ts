import { expect, test } from 'vitest';
import type { Index, IndexEntry } from '../../model/contracts.ts';
import { equal, type JsonObject } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import { accept } from './accept.ts';
import { canonical } from './canonical.ts';

const bases: IndexEntry[] = ['k1', 'k2'].map((id) => ({
  type: 'knowledge-base',
  key: id,
  name: `Base ${id}`,
  id,
  attributes: {},
}));
const index: Index = { all: (type) => (type === 'knowledge-base' ? bases : []), find: () => [] };

/** What a document says after live became this, at one place. */
function accepted(spec: JsonObject, live: JsonObject, path: string): ReturnType<typeof accept>[number] {
  const fields = [{ path, to: null, by: 'WebMessagingConfiguration/a' }];
  return accept({ spec } as never, { live, fields, index })[0]!;
}

test('a list in the words and the order of the document', () => {
  const spec = {
    languages: ['en-US', 'de'],
    messenger: { fileUpload: { modes: [{ fileTypes: ['image/png', 'image/jpeg'] }] } },
    customI18nLabels: [
      {
        language: 'en-US',
        localizedLabels: [
          { key: 'B', value: 'b' },
          { key: 'A', value: 'a' },
        ],
      },
      { language: 'de', localizedLabels: [{ key: 'A', value: 'ä' }] },
    ],
  };
  const live = structuredClone(canonical(spec)) as typeof spec;
  live.languages.push('fr');
  live.customI18nLabels.find(({ language }) => language === 'en-us')!.localizedLabels[0]!.value = 'new';
  live.messenger.fileUpload.modes[0]!.fileTypes = ['image/gif', 'image/png'];
  expect(accepted(spec, live, '/languages')).toEqual({ pointer: '/spec/languages', value: ['en-US', 'de', 'fr'] });
  const labels = accepted(spec, live, '/customI18nLabels');
  const wanted = structuredClone(spec.customI18nLabels);
  wanted[0]!.localizedLabels[1]!.value = 'new';
  expect(labels).toEqual({ pointer: '/spec/customI18nLabels', value: wanted });
  // The size that is published as the default is not written down.
  expect(accepted(spec, live, '/messenger/fileUpload/modes')).toEqual({
    pointer: '/spec/messenger/fileUpload/modes',
    value: [{ fileTypes: ['image/png', 'image/gif'] }],
  });
  for (const path of ['/languages', '/customI18nLabels', '/messenger/fileUpload/modes']) {
    const said = accepted(spec, live, path);
    const parts = path.split('/').slice(1);
    const nested = parts.reduceRight<unknown>(
      (inner, part) => ({ [part]: inner }),
      'value' in said ? said.value : null,
    );
    expect(equal(getAt(canonical(nested as JsonObject), path), getAt(live, path))).toBe(true);
  }
});

test('names for ids; what is gone is cleared', () => {
  const at = '/supportCenter/knowledgeBase';
  expect(accepted({}, { supportCenter: { knowledgeBase: { id: 'k2' } } }, `${at}/id`)).toEqual({
    pointer: `/spec${at}`,
    value: 'Base k2',
  });
  expect(accepted({}, { supportCenter: {} }, `${at}/id`)).toEqual({ pointer: `/spec${at}`, value: null });
  expect(accepted({}, { supportCenter: { knowledgeBase: { id: 'k3' } } }, `${at}/id`)).toEqual({
    pointer: `/spec${at}`,
    why: expect.any(String),
  });
});
