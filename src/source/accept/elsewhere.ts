import { equal, type Json } from '../../model/json.ts';
import type { Pointer } from '../../model/pointer.ts';
import { type Desired, type Resource, type ResourceId, resourceId } from '../../model/resource.ts';
import { type ResolveOptions, resolve } from '../resolve.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Wish } from './layers.ts';

/** Where else the text of an edit counts: in other environments, and in other resources. */
export interface Elsewhere {
  resource: ResourceId;
  environment: string;
  /** True where the resource is no longer there. */
  gone: boolean;
  /** True where it is a file of the resource that changes. */
  byFile: boolean;
}

/** What each environment reads, by its name. */
export type Readings = ReadonlyMap<string, Desired>;

export async function readings(
  snapshot: Snapshot,
  names: readonly string[],
  options: ResolveOptions,
): Promise<Readings> {
  // Another target's own variables are not known here; with those of this one its documents can at least be read.
  const { kinds, variables } = options;
  return new Map(
    await Promise.all(
      names.map(
        async (environment) => [environment, await resolve(snapshot, { kinds, variables, environment })] as const,
      ),
    ),
  );
}

/** Resources that say something else in other environments than before. */
export function differing(
  before: Readings,
  after: Readings,
  own: string | undefined,
  wishes: readonly Wish[],
  removed: readonly ResourceId[],
): Elsewhere[] {
  const touched = [...new Set([...wishes.map(({ id }) => id), ...removed])];
  return [...before].flatMap(([environment, was]) => {
    if (environment === own) return [];
    const is = after.get(environment);
    return touched.flatMap((resource) => {
      const [a, b] = [was, is].map((one) => one?.resources.find((some) => resourceId(some) === resource));
      if (a === undefined || (b !== undefined && equal(sayingOf(a), sayingOf(b)))) return [];
      const byFile = wishes.some(
        ({ id, acceptance }) => id === resource && fileOf(a, acceptance.pointer) !== undefined,
      );
      return [{ resource, environment, gone: b === undefined, byFile }];
    });
  });
}

function sayingOf({ spec, annotations, files }: Resource): Json {
  return { spec, annotations, files: files as never };
}

/** The other resource that is made of the file of an edit, where it is not edited alike. */
export function sharedWith(
  { id, resource, acceptance }: Wish,
  wishes: readonly Wish[],
  { resources }: Desired,
): { id: ResourceId; path: string } | undefined {
  const { pointer } = acceptance;
  const file = fileOf(resource, pointer);
  if (file === undefined || 'why' in acceptance || (pointer === file[0] && !('text' in acceptance))) return undefined;
  const [, { path }] = file;
  for (const other of resources) {
    const otherId = resourceId(other);
    const at = Object.entries(other.files).find(([, one]) => one.path === path)?.[0];
    if (otherId === id || at === undefined) continue;
    const wanted = { ...acceptance, pointer: at + pointer.slice(file[0].length) };
    const alike = wishes.some((wish) => wish.id === otherId && equal(wish.acceptance as never, wanted as never));
    if (!alike) return { id: otherId, path };
  }
  return undefined;
}

/** The reference, with its file, at or below whose place a pointer stands. */
function fileOf({ files }: Resource, pointer: Pointer): [Pointer, { path: string }] | undefined {
  return Object.entries(files).find(([at]) => pointer === at || pointer.startsWith(`${at}/`));
}
