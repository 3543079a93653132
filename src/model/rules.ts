import type { JsonObject } from './json.ts';

/** What a repository demands of its documents beyond what the API does: `rules.yaml`. */
export interface Rules {
  /** The `spec` of the repository's `kind: Rules`, valid; empty where there is none. */
  spec: JsonObject;
  /** True where the target makes problems of what else are warnings (`rules: required`). */
  required: boolean;
}

export const noRules: Rules = { spec: {}, required: false };
