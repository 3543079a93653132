import type { Log } from '../model/log.ts';
import type { Summary } from '../model/plan.ts';
import { took } from './briefly.ts';
import { renderSummary } from './render-plan.ts';
import { count, type Paint, safe } from './text.ts';

type Fields = Record<string, unknown>;

/** What the demo's audience wants to see of a daemon's log, a line each; the rest is left to real log readers. */
const told: Record<string, (fields: Fields) => string> = {
  'change applied': ({ action, object }) => `${action}d ${keyOf(object)}`,
  'in force': ({ name, activationMs }) => `"${name}" is in force, ${took(Number(activationMs))} after it was written`,
  'drift found': ({ object, detail }) => `drift of ${keyOf(object)}: ${detail}`,
  'change matched': ({ object, auditIds }) => `${keyOf(object)} is in Genesys's audit log: ${countOf(auditIds)}`,
  'change not matched': ({ object, match, why }) => `${keyOf(object)} is ${match} with Genesys's audit log: ${why}`,
  'another process with our client': ({ object }) => `${keyOf(object)} was changed by another process with our client`,
  'change not applied': ({ object, reason, detail }) => `${keyOf(object)} was not changed: ${reason}: ${detail}`,
  'problem in the config repository': ({ place, code, detail }) => `${placeOf(place)}${code}: ${detail}`,
  'revision refused, the last good one stays in force': ({ revision }) =>
    `${short(revision)} is refused; the last good revision stays in force`,
  'source unavailable, the last revision stays in force': ({ detail }) => String(detail),
  'reconciliation failed': ({ reason, detail }) => `${reason}: ${detail}`,
  'run failed': ({ reason, detail }) => `${reason}: ${detail}`,
  'run finished': ({ revision, status, summary }) =>
    `${short(revision)} ${status}: ${renderSummary(summary as Summary)}`,
};

/** A log that tells people what happens, in colour, with time and target. What is said again of a target is left out. */
export function storyLog(print: (line: string) => unknown, paint: Paint): Log {
  const last = new Map<unknown, string>();
  const logWith = (bound: Fields): Log => {
    const tell = (style: Parameters<Paint>[0]) => (fields: object, message: string) => {
      const all: Fields = { ...bound, ...fields };
      const words = told[message]?.(all);
      const { target = '' } = all;
      if (words === undefined || words === last.get(target)) return;
      last.set(target, words);
      const head = `${new Date().toTimeString().slice(0, 8)}  ${safe(String(target)).padEnd(7)}`;
      print(`${paint('dim', head)}  ${paint(style, safe(words))}`);
    };
    const child = (fields: object): Log => logWith({ ...bound, ...fields });
    return { debug() {}, info: tell('green'), warn: tell('yellow'), error: tell('red'), child };
  };
  return logWith({});
}

function keyOf(object: unknown): string {
  const { key = '', name = key } = (object ?? {}) as { key?: string; name?: string };
  return `"${name}"`;
}

function countOf(auditIds: unknown): string {
  const { length } = Array.isArray(auditIds) ? auditIds : [];
  return count(length, 'record');
}

function placeOf(place: unknown): string {
  const { path, line, column } = (place ?? {}) as { path?: string; line?: number; column?: number };
  return path === undefined ? '' : `${path}:${line}:${column}: `;
}

function short(revision: unknown): string {
  return String(revision).replace(/(:[0-9a-f]{7})[0-9a-f]+$/, '$1');
}
