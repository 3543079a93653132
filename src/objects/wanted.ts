import type { Summary } from '../model/contracts.ts';
import { asFailure } from '../model/failure.ts';

/**
 * Summaries of the wanted ids, for a type that the API has no list of: one look at each. `look` answers undefined, or throws
 * `Gone`, where there is none. One that cannot be looked at (no permission, an error of the server) is `blocked` with the
 * reason and holds nobody else up; what concerns the whole organisation (401, 429) is thrown.
 */
export async function lookAtWanted(
  wanted: readonly string[],
  look: (id: string) => Promise<Summary | undefined>,
): Promise<Summary[]> {
  const looked = wanted.map(async (id): Promise<Summary[]> => {
    try {
      const summary = await look(id);
      return summary === undefined ? [] : [summary];
    } catch (error) {
      const { reason, message, class: next } = asFailure(error);
      if (reason === 'Gone') return [];
      if (next !== 'Retry' && next !== 'NeedsHuman') throw error;
      return [{ id, key: id, name: id, attributes: {}, blocked: { reason, message } }];
    }
  });
  return (await Promise.all(looked)).flat();
}
