import { type Document, type ParsedNode, parseAllDocuments, type YAMLError } from 'yaml';
import type { Json } from '../model/json.ts';
import { type ColorComment, colorComment, swallowedEnd } from './color-comment.ts';
import { tooDeepIn } from './depth.ts';
import type { LocalProblem } from './finding.ts';
import { decode, forbiddenCharacter, type Positions, positions } from './text.ts';
import { toJson } from './to-json.ts';

export interface ParsedDocument {
  index: number;
  value: Json;
  /** True where some text holds `$(`, so that most documents need no second walk. */
  variables: boolean;
  /** True where the parse found problems in it: nothing more is said about such a document. */
  bad: boolean;
}

/** A YAML file, read once: plain values and problems. The syntax tree is not kept; places are found by parsing again. */
export interface ParsedFile {
  documents: ParsedDocument[];
  problems: LocalProblem[];
}

/** YAML 1.2 as this program reads it; keys are compared in `to-json.ts`, where it takes linear time. */
const options = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: false,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** The syntax trees of a text, with nothing judged. */
export function trees(text: string): Document.Parsed<ParsedNode>[] {
  const parsed = parseAllDocuments(text, options);
  return Array.isArray(parsed) ? parsed : [];
}

/** Bytes to plain values; whatever is wrong becomes a problem with its line, and spoils no other document. */
export function parseYaml(bytes: Uint8Array): ParsedFile {
  const decoded = decode(bytes);
  if (!('text' in decoded)) return broken(decoded);
  const { text } = decoded;
  const control = forbiddenCharacter(text);
  if (control !== undefined) return broken({ code: 'yaml', ...control });

  const at = positions(text);
  const deep = tooDeepIn(text);
  const problems: LocalProblem[] = [];
  const documents: ParsedDocument[] = [];
  for (const [index, tree] of trees(text).entries()) {
    const before = problems.length;
    problems.push(...syntaxProblems(tree, index, { text, at, deep }));
    const syntaxIsGood = problems.length === before;
    const { value, variables } = syntaxIsGood
      ? toJson(tree.contents, text, (code, message, offset, fine) => {
          problems.push({
            code,
            message,
            index,
            ...at(offset),
            ...(fine === undefined ? {} : { fineElsewhere: true }),
          });
        })
      : { value: null, variables: false };
    documents.push({ index, value, variables, bad: problems.length > before });
  }
  return { documents, problems };
}

function broken(problem: Omit<LocalProblem, 'index'>): ParsedFile {
  return { documents: [], problems: [{ index: 0, ...problem }] };
}

function syntaxProblems(
  tree: Document.Parsed<ParsedNode>,
  index: number,
  { text, at, deep }: { text: string; at: Positions; deep: ReturnType<typeof tooDeepIn> },
): LocalProblem[] {
  if (tree.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION')) {
    const { message, offset } = deep(tree.range[0]);
    return [{ code: 'too-deep', message, index, ...at(offset) }];
  }
  const version = tree.directives?.yaml;
  if (version?.explicit === true && version.version !== '1.2') {
    const message = `the file asks for YAML ${version.version}; only YAML 1.2 is read here`;
    return [{ code: 'yaml', message, index, ...at(Math.max(0, text.indexOf('%YAML'))) }];
  }
  // One mistake in YAML often reads as several; the first of each line says enough.
  const byLine = new Map<number, LocalProblem>();
  for (const error of tree.errors) {
    const color = colorBehind(error, text);
    const place = at(color?.offset ?? error.pos[0]);
    const message = color?.message ?? sentence(error);
    if (!byLine.has(place.line)) byLine.set(place.line, { code: 'yaml', message, index, ...place });
    // What follows is read with the wrong indentation, or is the next tab.
    if (color !== undefined || error.code === 'TAB_AS_INDENT') break;
  }
  return [...byLine.values()].slice(0, 5);
}

/** The colour without quotes that is behind an error within `{...}` or `[...]`. */
function colorBehind({ message, pos }: YAMLError, text: string): ColorComment | undefined {
  if (/end with a [\]}]/.test(message)) return swallowedEnd(text, pos[0]);
  return message.startsWith('Comments must be separated') ? colorComment(text, pos[0]) : undefined;
}

function sentence(error: YAMLError): string {
  if (error.code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML indents with spaces only';
  return error.message.charAt(0).toLowerCase() + error.message.slice(1);
}
