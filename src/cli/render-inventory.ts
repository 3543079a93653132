import type { ManagedObject, TargetInventory } from './inventory-facts.ts';
import { count, type Paint, safe } from './text.ts';

/** A target after the other, a line for each object; what no target of the configuration manages comes last. */
export function* inventoryLines(all: readonly TargetInventory[], paint: Paint): Generator<string> {
  for (const [i, { target, configured, organization, objects, takeOver }] of all.entries()) {
    if (i > 0) yield '';
    const where = organization === undefined ? '' : `, organisation ${safe(organization)}`;
    const what = objects.length === 0 ? 'manages nothing yet' : count(objects.length, 'object');
    const title = `${paint('bold', safe(target))}  ${what}${where}`;
    yield configured ? title : `${title}; ${paint('yellow', 'no target of the configuration')}`;
    yield* rows(objects, paint);
    if (takeOver !== undefined) yield `  ${paint('dim', 'to take them over:')} ${takeOver}`;
  }
}

function* rows(objects: readonly ManagedObject[], paint: Paint): Generator<string> {
  const cells = objects.map(({ owner, type, key, id }) => [safe(owner), safe(type), safe(id), safe(key)]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]!.length)));
  for (const [i, row] of cells.entries()) {
    const [owner, type, id, key] = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    yield `  ${owner}  ${type}  ${paint('dim', id!)}  ${key}${objects[i]!.adopted ? '  (adopted)' : ''}`;
  }
}
