import type { Json } from '../model/json.ts';
import type { ProblemCode } from '../model/problem.ts';
import { parseYaml } from './parse.ts';
import { position } from './text.ts';

export type ParsedJson =
  | { value: Json }
  | { problem: { code: ProblemCode; message: string; line: number; column: number } };

/**
 * JSON text with the same judgement as YAML (double and reserved keys, depth). `JSON.parse` says whether it is JSON
 * at all; the YAML parser, of which JSON is a part, finds the rest with its place.
 */
export function parseJson(bytes: Uint8Array, text: string): ParsedJson {
  try {
    JSON.parse(text);
  } catch (error) {
    return { problem: syntaxProblem(error, text) };
  }
  const { documents, problems } = parseYaml(bytes);
  const [first] = problems;
  if (first !== undefined) return { problem: first };
  return { value: documents[0]?.value ?? null };
}

function syntaxProblem(
  error: unknown,
  text: string,
): { code: ProblemCode; message: string; line: number; column: number } {
  const said = error instanceof Error ? error.message : String(error);
  const offset = /at position (\d+)/.exec(said)?.[1];
  const end = text.trimEnd().length;
  const reason =
    offset === undefined
      ? 'it ends too early'
      : said.replace(/,? ?(\.\.\.)?"[\s\S]*$| (in JSON )?at position[\s\S]*$/, '');
  return { code: 'export-invalid', message: `not valid JSON: ${reason}`, ...position(text, Number(offset ?? end)) };
}
