import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { eachMap, holdsSteps, isPart, mayRefer, unwrap } from '../compare/parts.ts';

type Pick = readonly [what: number, where: number, which: number];

/** A live flow that people have edited: one edit for each pick; with what was done, for whoever reads a failure. */
export function changedLive(left: JsonObject, picks: readonly Pick[]): { tree: JsonObject; did: string[] } {
  const tree = structuredClone(left);
  const did = picks.map(([what, where, which], i) => ways[what % ways.length]!(tree, where, which, `new${i}`));
  return { tree, did };
}

type Way = (tree: JsonObject, where: number, which: number, fresh: string) => string;

const ways: readonly Way[] = [
  function text(tree, where, which, fresh) {
    const [map, key] = at(leaves(tree), where) ?? [];
    if (map === undefined || key === undefined) return 'nothing';
    const values: Json[] = [`${String(map[key])} ${fresh}`, `${fresh}: "a" # b`, `two\nlines of ${fresh}\n`, 42, true];
    map[key] = at(values, which)!;
    return `text ${key}`;
  },
  function rename(tree, where, _which, fresh) {
    const body = at(bodies(tree), where);
    if (body === undefined) return 'nothing';
    body['name'] = `Name ${fresh}`;
    return 'rename';
  },
  function remove(tree, where, which) {
    const list = at(stepLists(tree), where) ?? [];
    const index = which % Math.max(1, list.length);
    if (list.length < 2 || isReferred(tree, list[index]!)) return 'nothing';
    list.splice(index, 1);
    return 'remove';
  },
  function insert(tree, where, which, fresh) {
    const list = at(stepLists(tree), where);
    if (list === undefined) return 'nothing';
    const step = { updateData: { name: fresh, refId: `${fresh}_1`, statements: [{ string: { variable: fresh } }] } };
    list.splice(which % (list.length + 1), 0, step);
    return 'insert';
  },
  function move(tree, where, which) {
    const list = at(stepLists(tree), where);
    if (list === undefined || list.length < 2) return 'nothing';
    const [step] = list.splice(which % list.length, 1);
    list.splice((which >> 4) % (list.length + 1), 0, step!);
    return 'move';
  },
  function across(tree, where, which) {
    const lists = stepLists(tree);
    const from = at(lists, where);
    const to = at(lists, which);
    if (from === undefined || to === undefined || from === to || from.length < 2) return 'nothing';
    const step = from[which % from.length]!;
    if (stepLists(step).includes(to)) return 'nothing';
    from.splice(from.indexOf(step), 1);
    to.splice(where % (to.length + 1), 0, step);
    return 'across';
  },
  function alternative(tree, where) {
    const [map, key] = at(given(tree), where) ?? [];
    if (map === undefined || key === undefined) return 'nothing';
    map[key] = { exp: 'ToString(1)' };
    return `alternative ${key}`;
  },
  function key(tree, where, _which, fresh) {
    const body = at(bodies(tree), where);
    if (body === undefined) return 'nothing';
    body[fresh] = { lit: { seconds: 3 } };
    return 'key';
  },
  function drop(tree, where, which) {
    const body = at(bodies(tree), where);
    const keys = Object.keys(body ?? {}).filter(
      (one) => !['name', 'refId', 'category', 'trackingId', 'madeUp', 'unset'].includes(one),
    );
    const gone = at(keys, which);
    if (body === undefined || gone === undefined || holdsSteps(gone) || JSON.stringify(body[gone]).includes('refId'))
      return 'nothing';
    delete body[gone];
    return `drop ${gone}`;
  },
  function task(tree, _where, _which, fresh) {
    const [flow] = Object.values(tree) as JsonObject[];
    const tasks = flow?.['tasks'];
    if (!Array.isArray(tasks)) return 'nothing';
    const actions = [{ jumpToTask: { name: `Jump ${fresh}`, targetTaskRef: `./tasks/task[${fresh}_2]` } }];
    tasks.push({ task: { name: fresh, refId: `${fresh}_2`, actions } });
    return 'task';
  },
  function wrap(tree, where, which, fresh) {
    const list = at(stepLists(tree), where);
    if (list === undefined || list.length === 0) return 'nothing';
    const step = list[which % list.length]!;
    const more = { playAudio: { name: `Audio ${fresh}`, audio: { tts: 'Hello' } } };
    list[list.indexOf(step)] = { loop: { name: fresh, outputs: { loop: { actions: [more, step] } } } };
    return 'wrap';
  },
  function timeout(tree, where, which) {
    const calls = bodies(tree).filter((body) => isObject(body['category']));
    const call = at(calls, where);
    if (call === undefined) return 'nothing';
    const values: Json[] = [
      { lit: { seconds: 11 } },
      { lit: { ms: 2500 } },
      { exp: 'MakeDuration(0,0,0,9)' },
      { noValue: true },
    ];
    call['timeout'] = at(values, which)!;
    return 'timeout';
  },
];

function at<T>(list: readonly T[], where: number): T | undefined {
  return list[where % Math.max(1, list.length)];
}

function stepLists(tree: Json): Json[][] {
  const found: Json[][] = [];
  eachMap(tree, (map) => {
    for (const [key, value] of Object.entries(map)) if (holdsSteps(key) && Array.isArray(value)) found.push(value);
  });
  return found;
}

function bodies(tree: JsonObject): JsonObject[] {
  const found: JsonObject[] = [];
  eachMap(tree, (map, path) => {
    if (isPart(path) && Object.keys(map).length > 0) found.push(map);
  });
  return found;
}

/** Texts and numbers that mean something by themselves. */
function leaves(tree: JsonObject): [JsonObject, string][] {
  const found: [JsonObject, string][] = [];
  eachMap(tree, (map, path) => {
    if (path.length < 2) return;
    for (const [key, value] of Object.entries(map)) {
      const isOurs = ['refId', 'trackingId', 'none', 'noValue', 'name', 'type'].includes(key) || mayRefer(key);
      if (!isOurs && value !== null && typeof value !== 'object') found.push([map, key]);
    }
  });
  return found;
}

/** Values that are given in one of several ways. */
function given(tree: JsonObject): [JsonObject, string][] {
  const found: [JsonObject, string][] = [];
  eachMap(tree, (map, path) => {
    for (const [key, value] of Object.entries(map)) {
      if (isObject(value) && (Object.hasOwn(value, 'lit') || Object.hasOwn(value, 'noValue')) && path.length > 2)
        found.push([map, key]);
    }
  });
  return found;
}

function isReferred(tree: JsonObject, step: Json): boolean {
  const ids: string[] = [];
  eachMap(step, (map, path) => {
    if (isPart(path) && typeof map['refId'] === 'string') ids.push(map['refId']);
  });
  const own = unwrap(step)?.body['refId'];
  if (typeof own === 'string') ids.push(own);
  const text = JSON.stringify(tree);
  return ids.some((id) => text.includes(`[${id}]`));
}
