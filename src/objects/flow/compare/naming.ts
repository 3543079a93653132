import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { nameOf } from './align.ts';
import { holdsSteps, unwrap } from './parts.ts';

/** Where a value stands, as a person finds it. */
export interface Place {
  /** The names of the task, menu, choice, ... that it is in. */
  containers: readonly string[];
  step?: string;
  /** Keys below that. */
  tail: readonly string[];
  /** The last key. */
  key: string;
}

export const top: Place = { containers: [], tail: [], key: '' };

const containerLists = new Set(['tasks', 'menus', 'states', 'bots', 'choices']);
/** The ways to give a value; which one it is, the value itself shows. */
const forms = new Set(['lit', 'exp', 'var', 'tts', 'prompt']);
const longest = 100;

export function below(place: Place, key: string): Place {
  return { ...place, tail: [...place.tail, key], key };
}

/** The place of a list's item, by its name. */
export function item(place: Place, value: Json, index: number, labels: ReadonlyMap<Json, string>): Place {
  const part = unwrap(value);
  const { containers } = place;
  if (part !== undefined && (containerLists.has(place.key) || holdsSteps(place.key))) {
    const label = labels.get(value) ?? part.kind;
    if (holdsSteps(place.key)) return { containers, step: label, tail: [], key: part.kind };
    return { containers: [...containers, label], tail: [], key: part.kind };
  }
  const { name } = nameOf(value);
  const tail = [...place.tail.slice(0, -1), `${place.tail.at(-1) ?? ''}[${clip(name, 60) || index + 1}]`];
  return { ...place, tail, key: part?.kind ?? place.key };
}

export function labelOf(value: Json): string {
  const { kind, name } = nameOf(value);
  if (name !== '') return name;
  const action = kind === 'callData' ? actionOf(unwrap(value)!.body) : undefined;
  return action ?? kind;
}

function actionOf({ category }: JsonObject): string | undefined {
  const named = isObject(category) ? Object.values(category)[0] : undefined;
  const actions = isObject(named) ? named['dataAction'] : undefined;
  return isObject(actions) ? Object.keys(actions)[0] : undefined;
}

/**
 * What each step and container is called; the second of one name in one container is `Name (2)`. Keys are taken in their
 * order, as the server's order is another than the file's.
 */
export function labelsOf(tree: JsonObject): Map<Json, string> {
  const labels = new Map<Json, string>();
  const counts = new Map<string, number>();
  const walk = (value: Json, containers: string, key: string): void => {
    if (isObject(value)) for (const name of Object.keys(value).sort()) walk(value[name]!, containers, name);
    if (!Array.isArray(value)) return;
    const contains = containerLists.has(key);
    for (const one of value) {
      if (unwrap(one) === undefined || !(contains || holdsSteps(key))) {
        walk(one, containers, '');
        continue;
      }
      const name = labelOf(one);
      const count = (counts.get(`${containers}\n${name}`) ?? 0) + 1;
      counts.set(`${containers}\n${name}`, count);
      const label = count === 1 ? name : `${name} (${count})`;
      labels.set(one, label);
      walk(one, contains ? `${containers}\n${label}` : containers, '');
    }
  };
  walk(tree, '', '');
  return labels;
}

/** `Main Menu › Get Customer › inputs.id`; `scalar` where the form of the value needs no mention. */
export function said({ containers, step, tail }: Place, scalar = false): string {
  let keys = [...tail];
  if (keys[0] === 'category' && keys[2] === 'dataAction' && keys.length > 4) keys = keys.slice(4);
  if (scalar && keys.length > 1 && forms.has(keys.at(-1)!)) keys.pop();
  const path = keys.reduce(
    (all, key) => (all === '' ? key : /^[\w-]+(\[.*\])?$/s.test(key) ? `${all}.${key}` : `${all}[${key}]`),
    '',
  );
  return [...containers, ...(step === undefined ? [] : [step]), ...(path === '' ? [] : [path])].join(' › ');
}

export function clip(text: string, most = longest): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** A value as it fits into a line: a step by its name, something large by its beginning. */
export function short(value: Json, isItem = false): Json {
  if (typeof value === 'string') return clip(value);
  if (typeof value !== 'object' || value === null) return value;
  const part = isItem ? unwrap(value) : undefined;
  if (part !== undefined) {
    const label = labelOf(value);
    return label === part.kind ? label : `${part.kind} "${clip(label)}"`;
  }
  const steps = stepsIn(value);
  if (steps !== undefined) return clip(steps.map((step) => short(step, true)).join(', '));
  const text = JSON.stringify(value);
  return text.length > longest ? clip(text) : value;
}

/** Of a branch, or of what a list of steps holds. */
function stepsIn(value: Json): Json[] | undefined {
  const steps = isObject(value) ? value['actions'] : value;
  return Array.isArray(steps) && steps.length > 0 && steps.every((step) => unwrap(step) !== undefined)
    ? steps
    : undefined;
}

/** Two long texts from a little before the place where they part. */
export function shortPair(from: Json, to: Json): [Json, Json] {
  if (typeof from !== 'string' || typeof to !== 'string' || Math.max(from.length, to.length) <= longest) {
    return [short(from), short(to)];
  }
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const start = Math.max(0, same - 30);
  if (start === 0) return [clip(from), clip(to)];
  return [clip(`…${from.slice(start)}`), clip(`…${to.slice(start)}`)];
}
