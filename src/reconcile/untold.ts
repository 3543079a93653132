import type { Json } from '../model/json.ts';
import type { Change, FieldChange, Held, Plan } from '../model/plan.ts';
import { redacted, type Vault } from '../model/seal.ts';

/**
 * A plan in which no live value tells a granted secret that somebody put in the midst of a text (an address, a template).
 * It was compared as it is; a value that is nothing but a secret is sealed already. What is wished stands in the repository
 * as it is, and stays: else a document full of guesses would show which of them is right.
 */
export function withoutSecrets(plan: Plan, vault: Pick<Vault, 'redact'>): Plan {
  const told = <T extends Change | Held>(change: T): T => ({ ...change, fields: change.fields.map(fieldOf) });
  const fieldOf = (field: FieldChange): FieldChange => ({
    ...field,
    ...fromOf(field),
    ...(field.parts === undefined ? {} : { parts: field.parts.map((part) => ({ ...part, ...fromOf(part) })) }),
  });
  const fromOf = ({ from }: { from?: Json }): { from?: Json } => {
    return from === undefined ? {} : { from: redacted(from, vault) };
  };
  return { ...plan, changes: plan.changes.map(told), held: plan.held.map(told) };
}
