import { clientLines } from './log-lines-client.ts';
import { daemonLines } from './log-lines-daemon.ts';
import { runLines } from './log-lines-runs.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** One line that the program writes, as people and tools may rely on it: its message never has a value in it. */
export interface LogLine {
  /** Several where it depends on what is told. */
  level: Level | readonly Level[];
  /** When it is written, as a sentence. */
  meaning: string;
  /**
   * Its fields. Where something is to be said only of this line, its meaning; empty for the meaning in `commonFields`.
   * Fields within are named by their path: `requests[].status`. Any may be absent where there is nothing to tell.
   */
  fields: Readonly<Record<string, string>>;
}

/** What a run adds to each of its lines. */
export const runContext = ['runId', 'target', 'revision'] as const;

/** Sections of the reference; `context`: fields that every line of it has beside its own. */
export const logSections: readonly {
  title: string;
  meaning: string;
  context: readonly string[];
  lines: Readonly<Record<string, LogLine>>;
}[] = [
  {
    title: 'Runs, changes, drift and the audit log',
    meaning:
      'The story of every change, of every drift, and of every run. What the journal keeps is told here as well, so that a log store has it too.',
    context: runContext,
    lines: runLines,
  },
  {
    title: 'The daemon, its source and its journal',
    meaning: 'What a person who runs the daemon has to know of it.',
    context: [],
    lines: daemonLines,
  },
  {
    title: 'Requests to Genesys',
    meaning:
      'Of each target; the lines of level `debug` are one for each request and more, and mean little by themselves.',
    context: ['target'],
    lines: clientLines,
  },
];

/** What a field of this name means on every line that has it. */
export const commonFields: Readonly<Record<string, string>> = {
  runId: 'The run; `history show` tells it. Its first eight characters are enough there.',
  target: 'The target, by its name in the daemon file.',
  revision: 'What was read of the repository: `main@sha1:<hex>`, or `folder@sha256:<hex>`.',
  object:
    '`{type, key, id, name}`: what it is in Genesys, its natural key (`integration/name`), its id once it has one, and what people call it where its key is an id.',
  resource: '`Kind/handle` of the document that owns it, else of the first one that has a wish of it.',
  action: '`create`, `update` or `delete`.',
  reason: 'Why, as a constant: see [errors](errors.md).',
  detail: 'Why, as a sentence for a person. May change from version to version.',
  status: 'What came of it.',
  summary: '`{create, update, delete, unchanged, held}`: how many objects.',
  digest: "SHA-256 over the run's entries in the journal: `audit verify` compares it.",
  path: 'The file.',
  place: '`{path, line, column}` in the repository or the daemon file.',
  code: 'The problem, as a constant: see [errors](errors.md).',
  fields: 'Which fields; values that are long are left out, sensitive ones are sealed: `(sensitive, hmac:...)`.',
  'fields[].path': 'The field, as a JSON pointer within the object: `/config/timeoutSeconds`.',
  'fields[].by': 'The resource that wants it.',
  auditIds: "Ids of Genesys's audit records.",
  correlationIds:
    "The `ININ-Correlation-Id` of each answer, in the order of the requests: what Genesys's support asks for.",
  auditId: "The id of Genesys's audit record.",
  remoteIp: 'From which addresses, as Genesys saw them.',
  at: "When, by Genesys's clock (ISO 8601).",
  properties: "What changed, in Genesys's words: a list of `{property, from, to}`, in which values are lists of texts.",
  deeds: 'What others did to the object, the newest first.',
  against: '`{revision, commit}`: what was in force until then.',
  attempts: 'How many times it was sent.',
  failures: 'Failures in a row.',
  last: 'The last answer: its status, or why there was none.',
  probeIn: 'When it is tried again, in milliseconds.',
  err: 'The error with its stack.',
};
