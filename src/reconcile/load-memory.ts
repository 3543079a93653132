import type { Scope } from '../model/journal.ts';
import { loadActivations } from './activation.ts';
import type { Memory } from './observe.ts';
import type { Engine } from './run.ts';

/** What the journal knows before a run looks. */
export async function loadMemory(
  engine: Pick<Engine, 'journal' | 'types'>,
  scope: Scope,
  unsettled: ReadonlySet<string>,
): Promise<Memory> {
  const { journal, types } = engine;
  const [inventory, applied, activations, details] = await Promise.all([
    journal.inventory(scope),
    journal.applied(scope),
    loadActivations(journal, scope),
    Promise.all(
      types
        .filter(({ managed }) => managed)
        .map(async ({ type }) => [type, await journal.details(scope.organization, type)] as const),
    ),
  ]);
  return { inventory, applied, activations, details: new Map(details), unsettled };
}
