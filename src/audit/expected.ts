import type { ObjectType } from '../model/contracts.ts';
import type { SentWrite } from '../model/journal.ts';

/** What the audit log is expected to tell of writes, by object type: `ObjectType.audited`, and what speaks of values. */
export type Expected = ReadonlyMap<string, Pick<ObjectType, 'audited' | 'renders'>>;

/** `EntityType:Action` of the record that this write should have left; none where it leaves none of its own. */
export function actionsOf(write: SentWrite, expected: Expected): readonly string[] {
  return expected.get(write.object.type)?.audited?.[write.step] ?? [];
}

/** Of `EntityType:Action`; there are entity types that have a colon themselves. */
export function entityTypeOf(action: string): string {
  return action.slice(0, action.lastIndexOf(':'));
}

/** The entity types in which an object type shows, each once. */
export function entityTypesOf({ audited = {} }: Pick<ObjectType, 'audited'>): string[] {
  return [...new Set(Object.values(audited).flatMap((actions) => actions.map(entityTypeOf)))];
}
