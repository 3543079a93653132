import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../src/model/json.ts';
import type { Resource } from '../src/model/resource.ts';
import { usedBy } from '../src/objects/flow/check/references.ts';
import { parseFlow } from '../src/objects/flow/yaml/parse.ts';
import { findCalls } from '../src/objects/flow/yaml/steps.ts';
import { hasty } from './support/clock.ts';
import { flowOf } from './support/flows.ts';
import { dataAction, resource, useWorlds, type World } from './support/world.ts';

const folder = new URL('../../shared/samples/flows/', import.meta.url);
const samples = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.yaml'))
      .sort()
  : [];
const open = useWorlds();

/** The value for a token: a name that no other token has, or a language where Architect wants one. */
const wordFor = (token: string): string =>
  token.includes('language') ? 'en-us' : token.includes('division') ? 'Home' : `Sample ${token.replaceAll('_', ' ')}`;

interface Sample {
  flow: Resource;
  text: string;
  calls: ReturnType<typeof findCalls>;
  uses: ReturnType<typeof usedBy>['flows'];
}

function read(name: string): Sample {
  const raw = readFileSync(new URL(encodeURIComponent(name), folder), 'utf8');
  const tokens = [...new Set([...raw.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g)].map(([, token]) => token!))];
  const substitutions = Object.fromEntries(tokens.map((token) => [token, wordFor(token)]));
  const text = raw.replaceAll(/\{\{\s*([\w.-]+)\s*\}\}/g, (_all, token: string) => wordFor(token));
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  const { type, body } = parsed.flow;
  const spec = { type, name: String(body['name']), ...(tokens.length > 0 ? { substitutions } : {}) };
  return { flow: flowOf('sample', raw, spec), text, calls: findCalls(parsed.flow), uses: usedBy(parsed.flow).flows };
}

/** The actions that the flow calls, made in integrations that are called as its categories are. */
function actionsOf({ calls }: Sample): Resource[] {
  const wanted = new Map(calls.map(({ category, action }) => [`${category}/${action}`, { category, action }]));
  return [...wanted.values()].map(({ category, action }, i) =>
    dataAction(`action-${i}`, { name: action, integration: category }),
  );
}

async function worldFor(sample: Sample): Promise<World> {
  const categories = [...new Set(sample.calls.map(({ category }) => category))];
  const it = await open({
    clock: hasty,
    sandbox: { seed: { integrations: categories.map((name) => ({ name, type: 'custom-rest-actions' })) } },
  });
  for (const { type, name } of sample.uses)
    it.sandbox.state.seedFlow({ yaml: `${type}:\n  name: ${JSON.stringify(name)}\n` });
  return it;
}

/** Every leaf of a tree by its path. */
function leaves(value: Json, at = ''): Map<string, Json> {
  if (typeof value !== 'object' || value === null) return new Map([[at, value]]);
  return new Map(Object.entries(value).flatMap(([key, child]) => [...leaves(child as Json, `${at}/${key}`)]));
}

describe.skipIf(samples.length === 0).each(samples)('%s', (name) => {
  test('it publishes, plans as no change, and each of its timeouts can be set alone', async () => {
    const sample = read(name);
    const it = await worldFor(sample);
    const all = [sample.flow, ...actionsOf(sample)];
    const report = await it.apply(all);
    expect(report.outcomes.filter(({ status }) => status !== 'applied').map(({ message }) => message)).toEqual([]);
    const quiet = await it.plan(all);
    expect([quiet.changes, quiet.held, quiet.problems]).toEqual([[], [], []]);

    const { type, name: flowName } = sample.flow.spec as { type: string; name: string };
    const live = it.sandbox.state.flowNamed(type, flowName)!;
    let before = leaves(parse(it.sandbox.state.exportText(live.id, 'published')));
    const steps: Json[] = [];
    for (const [i, call] of sample.calls.entries()) {
      const same = sample.calls.filter(({ category, action }) => category === call.category && action === call.action);
      const isAlone =
        call.named && sample.calls.filter(({ label, named }) => named && label === call.label).length === 1;
      if (!isAlone && same.length > 1) continue;
      const step = isAlone ? { step: call.label } : { dataAction: { category: call.category, name: call.action } };
      steps.push({ ...step, timeout: `${11 + i}s` });
      const timeouts = resource('FlowTimeout', 'timeouts', { flow: { type, name: flowName }, steps: [...steps] });
      const set = await it.apply([...all, timeouts]);
      expect(set.outcomes.map(({ status, message }) => `${status} ${message ?? ''}`.trim())).toEqual(['applied']);
      expect(set.plan.changes.flatMap(({ fields }) => fields.map(({ path }) => path.split('/')[1]))).toEqual([
        'timeouts',
      ]);
      const after = leaves(parse(it.sandbox.state.exportText(live.id, 'published')));
      const moved = [...new Set([...before.keys(), ...after.keys()])].filter(
        (path) => before.get(path) !== after.get(path),
      );
      expect(moved.length).toBeGreaterThan(0);
      for (const path of moved) expect(path).toMatch(/\/callData\/timeout\/(lit\/\w+|noValue|exp)$/);
      before = after;
    }
    const timeouts = resource('FlowTimeout', 'timeouts', { flow: { type, name: flowName }, steps });
    if (steps.length > 0) expect((await it.plan([...all, timeouts])).changes).toEqual([]);
  });
});
