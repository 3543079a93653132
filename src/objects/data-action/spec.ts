import type { Index, IndexEntry } from '../../model/contracts.ts';
import type { Problem } from '../../model/problem.ts';
import { didYouMean } from '../../model/suggest.ts';

/** The integration that a document names, by name or (in environments only) by id; or why there is none. */
export function findIntegration(
  wanted: string | { id: string },
  index: Index,
  resource: string,
): { integration: IndexEntry } | { problem: Problem } {
  const all = index.all('integration');
  const byName = typeof wanted === 'string';
  const found = all.filter((entry) => (byName ? entry.name === wanted : entry.id === wanted.id));
  if (found.length === 1) return { integration: found[0]! };
  const named = byName ? `"${wanted}"` : `with the id ${wanted.id}`;
  const problem =
    found.length === 0
      ? `no integration ${named} is there${
          byName
            ? didYouMean(
                wanted,
                all.map((entry) => entry.name),
              )
            : ''
        }; make it in the admin pages first`
      : `${found.length} integrations are called ${named}; say which by its id in the environment (patch /spec/integration to {id: ...})`;
  return {
    problem: {
      code: found.length === 0 ? 'integration-not-found' : 'ambiguous-identity',
      message: problem,
      resource,
      pointer: '/spec/integration',
    },
  };
}

/** Integration types whose actions need more than this API form: they come as zip files. */
export const functionType = 'function-data-actions';

export type IntegrationName = string | { id: string };
