import { isObject, type Json } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { objectTypes, surfaces } from '../../src/objects/index.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { listOf, typeOf } from './fixtures.ts';
import type { Verdict } from './long-verdict.ts';
import type { World } from './world.ts';

/** What there is in the end: every object whole, by names in the place of ids, and what a plan has to warn of. */
export interface End {
  objects: string[];
  warnings: number;
}

/** How often each POST was carried out that makes something, by the template of its path. */
export interface Made {
  counts: Map<string, number>;
  stop(): void;
}

export const asks = new Set(surfaces.flatMap((surface) => surface.asks));

export function countMade({ onRequest }: Sandbox): Made {
  const counts = new Map<string, number>();
  const stop = onRequest(({ phase, method, pathTemplate, status = 0 }) => {
    if (phase !== 'served' || method !== 'POST' || status >= 300) return;
    if (asks.has(pathTemplate) || !pathTemplate.startsWith('/api/')) return;
    counts.set(pathTemplate, (counts.get(pathTemplate) ?? 0) + 1);
  });
  return { counts, stop };
}

/** What a server sets by itself, and moves with every write: identities, versions, and points in time. */
const noise = /^(id|selfUri|version|published)$/;
const isMoment = (value: Json | undefined): boolean => typeof value === 'string' && /T[\d:.]+Z/.test(value);

/** A commit, with what was wished before it: objects of all of these are looked at. */
export interface Wished {
  before: Resource[];
  after: Resource[];
}

/** Looks at every object of the types that these documents are about, by lists and whole reads. */
export async function endOf(it: World, { before, after }: Wished): Promise<End> {
  const resources = [...before, ...after];
  const about = new Set(resources.map((resource) => typeOf(resource).type));
  const names = new Map<string, string>();
  const found: { called: string; live: Json }[] = [];
  for (const type of objectTypes.filter((one) => about.has(one.type))) {
    const summaries = (await listOf(it, type, resources)).filter(({ readOnly }) => readOnly === undefined);
    for (const summary of summaries) {
      const called = `${type.type} ${summary.name}`;
      names.set(summary.id, called);
      const live = await type.read(it.engine.reader, summary);
      found.push({ called, live: live === undefined || live === 'unreadable' ? called : live });
    }
  }
  const plain = (value: Json): Json => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(plain);
    if (!isObject(value)) return value;
    const fields = Object.entries(value).filter(([name, child]) => !noise.test(name) && !isMoment(child));
    return Object.fromEntries(fields.toSorted().map(([name, child]) => [name, plain(child!)]));
  };
  const { warnings } = await it.plan(after, { empty: false });
  const objects = found.map(({ called, live }) => `${called}: ${JSON.stringify(plain(live))}`).sort();
  return { objects, warnings: warnings.length };
}

/** What an undisturbed world came to, for worlds that were disturbed on the way to the same documents. */
export interface Expected {
  end: End;
  made: ReadonlyMap<string, number>;
  inventory: string[];
  /** True where it makes something: then nothing is made twice, and somebody else's is another object. */
  creates: boolean;
}

/** Owners of the objects that are kept as ours. */
export async function inventoryOf({ journal, sandbox, engine }: World): Promise<string[]> {
  const entries = await journal.inventory({ organization: sandbox.org.id, target: engine.target });
  return entries.map(({ owner, adopted }) => `${owner}${adopted ? ', taken for somebody else’s' : ''}`).sort();
}

/**
 * What is wrong in the end, where nothing else may be there than in an undisturbed world. `overwrote`: somebody else wrote in
 * between, so that what nobody wishes may be theirs, and writes are not counted.
 */
export async function judgeKind(
  it: World,
  wished: Wished,
  { counts }: Made,
  expected: Expected,
  { overwrote = false } = {},
): Promise<Verdict> {
  const { end, made, inventory, creates } = expected;
  const now = await endOf(it, wished);
  const owners = await inventoryOf(it);
  const open = await it.journal.openIntents(it.sandbox.org.id);
  const names = (some: readonly string[]): string[] => some.map((one) => one.slice(0, one.indexOf(':')));
  const missing = without(names(end.objects), names(now.objects));
  const differing = overwrote ? [] : now.objects.filter((one) => !end.objects.includes(one));
  // What is begun anew after a failure, a draft, is no second object.
  const repeated = overwrote || !creates ? [] : [...counts].filter(([path, times]) => times > (made.get(path) ?? 0));
  return {
    doubled: [
      ...without(names(now.objects), names(end.objects)),
      ...repeated.map(([path, times]) => `POST ${path} ${times} times`),
    ],
    orphaned: without(inventory, owners),
    lost: [...missing, ...differing],
    left: [
      ...without(owners, inventory),
      ...open.map(({ step, object }) => `open intent ${step} of ${object.key}`),
      ...(now.warnings > end.warnings ? [`${now.warnings} warnings`] : []),
    ],
  };
}

/** The first list without what is in the second, each as often as it is there. */
function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
