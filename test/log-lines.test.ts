import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { commonFields, logSections } from '../src/model/log-lines.ts';
import { runLines } from '../src/model/log-lines-runs.ts';
import type { Commit } from '../src/model/plan.ts';
import { auditsOf, hours, setTimeoutOf, soon } from './support/audit-world.ts';
import { namesIn, unsaid, wholeLines } from './support/log-lines.ts';
import { dataAction, timeout, useWorlds } from './support/world.ts';

const root = path.resolve(import.meta.dirname, '..');
const levels = new Set(['debug', 'info', 'warn', 'error']);

interface Call {
  file: string;
  level: string;
  message: string;
  /** Names of its fields, as far as they stand there. */
  fields: string[];
}

/** Every line that the source writes. A message that is given by a name is looked up among the texts of that name. */
function callsIn(folder: string): Call[] {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('fixture.ts'))
    .map((file) => path.join(folder, file));
  const trees = files.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return /\blog\b|failed|refused/i.test(text) ? [ts.createSourceFile(file, text, ts.ScriptTarget.Latest)] : [];
  });
  const named = new Map<string, string[]>();
  for (const tree of trees) {
    each(tree, (node) => {
      const isGiven = (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node)) && ts.isIdentifier(node.name);
      if (!isGiven || node.initializer === undefined || !ts.isStringLiteralLike(node.initializer)) return;
      const name = (node.name as ts.Identifier).text;
      named.set(name, [...(named.get(name) ?? []), node.initializer.text]);
    });
  }
  const calls: Call[] = [];
  for (const tree of trees) {
    each(tree, (node) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      const { expression, name } = node.expression;
      if (!levels.has(name.text) || !/(?:^log|\.log|Log)$/.test(expression.getText(tree))) return;
      const [fields, message] = node.arguments;
      const keys =
        fields !== undefined && ts.isObjectLiteralExpression(fields)
          ? fields.properties.flatMap((one) => (one.name === undefined ? [] : [one.name.getText(tree)]))
          : [];
      const texts =
        message === undefined
          ? []
          : ts.isStringLiteralLike(message)
            ? [message.text]
            : (named.get(message.getText(tree)) ?? [`${message.getText(tree)} (no text)`]);
      // Of a name that several use, only what is a line counts: `failed` is a word of statuses, too.
      const told = texts.filter((text) => texts.length === 1 || isLine(text));
      for (const text of told) calls.push({ file: tree.fileName, level: name.text, message: text, fields: keys });
    });
  }
  return calls;
}

function isLine(message: string): boolean {
  return logSections.some(({ lines }) => Object.hasOwn(lines, message));
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

test('every line that the source writes is in the reference, and nothing else is', () => {
  const calls = callsIn('src');
  expect(calls.length).toBeGreaterThan(60);
  const asLines = calls.map(({ level, message, fields }) => ({
    level,
    message,
    fields: Object.fromEntries(fields.map((name) => [name, 0])),
  }));
  expect(unsaid(asLines)).toEqual([]);
  const written = new Set(calls.map(({ message }) => message));
  const all = logSections.flatMap(({ lines }) => Object.keys(lines));
  expect(all.filter((message) => !written.has(message))).toEqual([]);
  expect(new Set(all).size).toBe(all.length);
});

test('every field has a meaning', () => {
  const silent = logSections.flatMap(({ context, lines }) => [
    ...context.filter((name) => commonFields[name] === undefined),
    ...Object.entries(lines).flatMap(([message, { fields }]) =>
      Object.entries(fields).flatMap(([name, own]) =>
        own === '' && (commonFields[name] ?? commonFields[name.split(/[.\]]+/).at(-1)!]) === undefined
          ? [`${message}: ${name}`]
          : [],
      ),
    ),
  ]);
  expect(silent).toEqual([]);
});

const open = useWorlds();
const { log, lines } = wholeLines();

/** A world whose lines are kept, with a clock for both sides; audit records come after a while. */
async function watched(delayMs: number, target = 'test') {
  const time = hours();
  const it = await open({ clock: time.clock, log, target, sandbox: { ...soon, audits: { delayMs }, now: time.now } });
  const audits = auditsOf(it);
  it.engine.auditor = audits;
  return { it, time, audits };
}

const commit: Commit = {
  sha: '1'.repeat(40),
  author: { name: 'Ann', email: 'ann@example.com' },
  committer: { name: 'GitHub', email: 'noreply@github.com' },
  merge: { sha: 'b'.repeat(40), pullRequest: '#12' },
  at: '2026-11-21T07:00:00Z',
  message: 'Slower customers (#12)',
};
const wish = [dataAction('a'), timeout('crm', 30)];

/** A change by a commit, one against drift that is explained at once, and what another process did. */
async function named(): Promise<void> {
  const { it, time, audits } = await watched(0);
  const past = {
    since: 'main@sha1:2',
    commitsOf: async () => ({ commits: new Map([['DataAction/a', commit]]), rewritten: true }),
  };
  const progress = (): never => {
    throw new Error('the terminal is gone');
  };
  await it.apply(wish, { past, progress });
  await audits.round();
  time.pass(600_000);
  setTimeoutOf(it, 'a', 9);
  time.pass(1000);
  await it.apply(wish);
  setTimeoutOf(it, 'a', 7, 'sandbox-daemon');
  time.pass(1000);
  await audits.round();
}

/** Drift whose record comes later: told by a run that still sees it, and by a round. */
async function explainedLater(target: string, again: 'run' | 'round'): Promise<void> {
  const { it, time, audits } = await watched(60_000, target);
  if (again === 'run') it.engine.policy = { ...it.engine.policy, drift: 'report' };
  await it.apply(wish);
  time.pass(600_000);
  setTimeoutOf(it, 'a', 8);
  time.pass(1000);
  await it.apply(wish);
  time.pass(600_000);
  if (again === 'run') await it.apply(wish);
  else await audits.round();
}

/** What fails: a write, a plan, a history, a run; an answer that is lost, and a write that somebody else overtook. */
async function failing(): Promise<void> {
  const { it } = await watched(0, 'failing');
  const past = { since: 'main@sha1:2', commitsOf: () => Promise.reject(new Error('no history')) };
  await it.apply(wish, { past });
  it.sandbox.addFault({ when: { method: 'PATCH', times: 1 }, then: { lostResponse: true } });
  // Somebody else is faster.
  await it.apply([dataAction('a'), timeout('crm', 32)], { planned: () => setTimeoutOf(it, 'a', 8) });
  it.sandbox.addFault({ when: { method: 'PATCH' }, then: { status: 400 } });
  await it.apply([dataAction('a'), timeout('crm', 31), dataAction('b', { integration: 'Nobody' })]);
  it.sandbox.clearFaults();
  it.sandbox.state.takePermissions('sandbox-daemon', 'integrations:action:view');
  await it.apply(wish).catch(() => undefined);
}

/** The audit log fails, refuses, answers again, and has no record. */
async function unasked(): Promise<void> {
  const { it, time, audits } = await watched(1_000_000_000, 'unasked');
  await it.apply(wish);
  it.sandbox.addFault({ when: { path: '/api/v2/audits/**' }, then: { status: 500 } });
  await audits.round();
  await audits.round();
  it.sandbox.addFault({ when: { path: '/api/v2/audits/**' }, then: { status: 403 } });
  it.sandbox.clearFaults();
  it.sandbox.state.takePermissions('sandbox-daemon', 'audits:audit:view');
  await audits.round();
  it.sandbox.state.givePermissions('sandbox-daemon', 'audits:audit:view');
  await audits.round();
  time.pass(90_000_000);
  await audits.round();
}

/** Of the daemon, of two processes, of what takes effect later, and of a journal that fails: tried where those are. */
const elsewhere = [
  'the audit log was not asked',
  'another process looks at the audit log just now',
  'in force',
  'lease not renewed',
  'lease not released',
];

test('runs, drift, matching and failures write only what the reference says, and each line of it', async () => {
  await named();
  await explainedLater('by-round', 'round');
  await explainedLater('by-run', 'run');
  await failing();
  await unasked();
  expect(unsaid(lines)).toEqual([]);
  const seen = new Set(lines.map(({ message }) => message));
  expect(Object.keys(runLines).filter((message) => !seen.has(message) && !elsewhere.includes(message))).toEqual([]);
  const finished = lines.filter(({ message }) => message === 'run finished');
  expect(new Set(finished.map(({ level }) => level))).toEqual(new Set(['info', 'warn', 'error']));
  // What the table tells of stories is there, too.
  const fieldsOf = (message: string): Set<string> =>
    new Set(lines.filter((line) => line.message === message).flatMap(namesIn));
  for (const message of ['change applied', 'change matched', 'drift found', 'drift explained', 'run finished']) {
    const found = fieldsOf(message);
    // Jobs, checks and what others do meanwhile: tried where the engine is (engine-moved, engine-unlisted).
    const rare = [
      'activationMs',
      'acknowledgedMs',
      'checks',
      'meanwhile',
      'warnings',
      'reason',
      'deleted',
      'drift.unexplained',
    ];
    const told = Object.keys(runLines[message]!.fields).filter((name) => !rare.includes(name.replace(/\[\].*/, '')));
    expect(
      told.filter((name) => !found.has(name)),
      message,
    ).toEqual([]);
  }
});
