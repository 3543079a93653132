import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { prepared } from '../prepare.ts';
import { substitute } from '../yaml/substitutions.ts';
import { accepted, commented, driftOf, flowResource, liveOf, remaining, rendition } from './fixture.ts';
import { changedLive } from './random-edits.fixture.ts';

const picks = (maxLength: number) => fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength });

/** A flow with values for its tokens, and what may be done to what was published of it. */
function published(source: string) {
  const tokens = [...new Set(substitute(source, {}).missing.map(({ token }) => token))];
  const substitutions = Object.fromEntries(tokens.map((token) => [token, `Value of ${token}`]));
  const { text } = substitute(source, substitutions);
  const { type, body } = prepared(text, 'a flow').flow;
  const title = { name: String(body['name']), division: String(body['division'] ?? 'Home') };
  const spec = { type, name: title.name, ...(tokens.length > 0 ? { substitutions } : {}) };
  const resource = flowResource(source, spec);
  const left = rendition(text);
  return (edits: readonly (readonly [number, number, number])[]) => {
    const { tree, did } = changedLive(left, edits);
    return { did, resource, drift: driftOf(resource, liveOf(tree, title), left) };
  };
}

/** What is written is live; what is not is told. */
function written(source: string, runs: number): void {
  const change = published(source);
  let whole = 0;
  fc.assert(
    fc.property(picks(4), (edits) => {
      const { resource, drift } = change(edits);
      const { text, rest } = accepted(resource, drift);
      const unused = rest.filter((one) => 'remove' in one).map(({ pointer }) => pointer.split('/').at(-1)!);
      const values = resource.spec['substitutions'];
      const substitutions = Object.fromEntries(
        Object.entries(values ?? {}).filter(([token]) => !unused.includes(token)),
      );
      const now = { ...resource, spec: { ...resource.spec, substitutions } };
      if (rest.some((one) => 'why' in one)) return;
      expect(remaining(now, drift, text)).toEqual([]);
      whole++;
    }),
    { numRuns: runs, seed: 1 },
  );
  // Else nothing was tried.
  expect(whole).toBeGreaterThan(runs / 2);
}

test('whatever people did to it, the edited file says what is live', () => written(commented, 70));

test.each(['customer-lookup', 'web-greeting'])('so of the example repository: %s', (name) => {
  written(readFileSync(`config-repo-example/flows/architect/${name}.yaml`, 'utf8'), 20);
});

const samples = '/work/shared/samples/flows';

test.skipIf(!existsSync(samples))('so of real flows', () => {
  for (const file of readdirSync(samples)) written(readFileSync(`${samples}/${file}`, 'utf8'), 4);
});

test('a comment goes only with the step that it belongs to', () => {
  const change = published(commented);
  const comments = commented.match(/# c\d+\b/g)!;
  fc.assert(
    fc.property(picks(1), (edits) => {
      const { did, resource, drift } = change(edits);
      const { text } = accepted(resource, drift);
      const kept: string[] = text.match(/# c\d+\b/g) ?? [];
      expect(new Set(kept).size).toBe(kept.length);
      const lost = comments.filter((comment) => !kept.includes(comment));
      if (!/^(?:remove|drop)/.test(did[0]!)) expect(lost).toEqual([]);
      // One step's comments stand together.
      else if (lost.length > 0) expect(comments.join()).toContain(lost.join());
    }),
    { numRuns: 80, seed: 2 },
  );
});
