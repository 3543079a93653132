import { expect, test } from 'vitest';
import type { JsonObject } from '../src/model/json.ts';
import { noRules } from '../src/model/rules.ts';
import { scriptDataActionKind as kind } from '../src/objects/script-data-action/script-data-action.ts';
import { lookup, lookupScript, tutorialScript } from './support/scripts.ts';

await kind.prepare?.();

/** `code line:column: message` of problems, and of warnings with a question mark. */
function told(script: string, change: JsonObject = {}): string[] {
  const resource = lookup(change, script);
  const line = ({ code, message, place, pointer }: ReturnType<typeof kind.check>[number], mark: string): string =>
    `${code}${mark} ${place === undefined ? pointer : `${place.line}:${place.column}`}: ${message}`;
  return [
    ...kind.check(resource, noRules).map((one) => line(one, '')),
    ...(kind.advise?.(resource, noRules) ?? []).map((one) => line(one, '?')),
  ];
}

const slots = (names: string[]): JsonObject[] => names.map((name) => ({ name, datatype: 'string' }));
/** A body of `main(data)` with the inputs a, b and the outputs x, y. */
const body = (code: string, more = ''): string[] =>
  told(`${more}def main(data):\n${code.replace(/^/gm, '    ')}\n`, {
    inputs: slots(['a', 'b']),
    outputs: slots(['x', 'y']),
  });

const rest = 'return {"x": data["a"], "y": data["b"]}';

test('the script of the tutorial passes as it is, and so does one like it', () => {
  const theirs = tutorialScript();
  expect(theirs === undefined ? [] : told(theirs)).toEqual([]);
  expect(told(lookupScript)).toEqual([]);
  expect(told(lookupScript.replaceAll('\n', '\r\n'))).toEqual([]);
});

test.each([
  ['x = (1,\ny = 2\n', '1:5: the bracket that opens here is never closed'],
  ['x = (1,]\n', '1:8: this is no Python: "]" cannot stand here'],
  ['def f():\n', '1:8: an indented block has to come after the colon'],
  ['x = 1\n    y = $\n', '2:9: this is no Python: "$" cannot stand here'],
  ['x = f(a b)\n', '1:9: this is no Python: "b" cannot stand here'],
  ['print >>f, "a"\n', '1:1: this is Python 2; Python 3 is needed'],
  ['@f\nx = 1\n', '2:1: this is no Python: "x" cannot stand here'],
  ['x := 1\n', '1:3: this is no Python: ":=" cannot stand here'],
  ['if x: if y: pass\n', '1:7: this is no Python: "if" cannot stand here'],
  ['with f as (a, 1): pass\n', '1:1: with needs a variable here'],
  ['x = 1 +\ny = 2\n', '1:8: this line ends in the middle of something'],
  ['x = = 2\n', '1:5: this is no Python: "=" cannot stand here'],
  ['def main(x)\n  return {}\n', '1:12: this line has to end with a colon'],
  ['if x:\npass\n', '2:1: an indented block has to come after the colon'],
  ['x = “abc”\n', `1:5: “ is a typographic quote; Python knows only ' and "`],
  ['print "a"\n', '1:1: this is Python 2; in Python 3 print is a function'],
  ['x = "abc\n', '1:5: the text that begins here does not end'],
  ['x = "abc\\"\n', '1:5: the text that begins here does not end'],
  [
    'def f():\n    x = 1\n  y = 2\n',
    '3:3: this line is indented by other spaces or tabs than the block that it belongs to',
  ],
  ['  x = 1\n', '1:3: this line is indented by other spaces or tabs than the block that it belongs to'],
  [
    'def f():\n\treturn 1\n        return 2\n',
    '3:9: this line is indented by other spaces or tabs than the block that it belongs to',
  ],
  [
    'def f():\n    if x:\n\ty = 1\n',
    '3:2: this block is not indented like what it stands in: tabs and spaces are mixed',
  ],
  ['return 1\n', '1:1: return can stand only in a function'],
  ['class A:\n  return 1\n', '2:3: return can stand only in a function'],
  ['yield 1\n', '1:1: yield can stand only in a function'],
  ['await x\n', '1:1: await can stand only in an async function'],
  ['for x in y:\n  pass\nelse:\n  break\n', '4:3: break can stand only in a loop'],
  ['try:\n  pass\n', '1:1: try needs an except or a finally'],
  ['try:\n pass\nexcept A, e:\n pass\n', '1:1: this is Python 2; in Python 3 it is except Error as name'],
  ['f() = 1\n', '1:1: nothing can be assigned here; to compare is =='],
  ['f() += 1\n', '1:1: nothing can be assigned here'],
  ['for f() in x: pass\n', '1:1: for needs a variable here'],
  ['del f()\n', '1:1: this cannot be deleted'],
  ['def f(*): pass\n', '1:1: a parameter has to stand behind *'],
  ['def f(*a, *b): pass\n', '1:1: there can be only one * among parameters'],
  ['def f():\n  async with a: pass\n', '2:3: async with can stand only in an async function'],
  ['def f(a, a): pass\n', '1:1: the parameter a is there twice'],
  ['def f(a=1, b): pass\n', '1:1: a parameter without a default stands behind one that has a default'],
  ['f(a=1, 2)\n', '1:1: an argument without a name stands behind one that has a name'],
  ['f(a=1, a=2)\n', '1:1: the argument a is given twice'],
  ['x = 0777\n', '1:5: 0777 begins with a zero; an octal number is 0o...'],
  ['x = 1__0\n', '1:5: 1__0 is no number'],
  ['if a:\n  pass\nelif :\n  pass\n', '1:1: elif needs a condition'],
  ['# coding: latin-1\n', '1:1: the script says that it is encoded as latin-1, and it has to be UTF-8'],
])('what is no Python is told at its place: %j', (script, what) => {
  expect(told(script)).toEqual([`script-invalid ${what}`]);
});

test.each(
  [
    'def one():\n  yield\n',
    'def two():\n    x = 1 if y else 2\n# c\n\n    return x\n',
    'x = [\n1,\n  2]\nif x: y = 1; z = 2\n',
    'match = 1\nx = """a\n b"""\ny = f"{x!r:>{match}} {x}"\n',
    'a, *b = c\n[d, (e, f)] = g\nh.i[0]: int = 1\nasync def j():\n  async with k as l:\n    await l\n',
    'class A:\n\tdef f(self, *, a=1, **b): return lambda c, d=2: (yield)\n',
    'with a as b, c: pass\ntry:\n  pass\nexcept (D, E) as e:\n  pass\nelse:\n  pass\nfinally:\n  pass\n',
    '# -*- coding: utf-8 -*-\nwhile chunk := f(**a, *b, c=1): continue\n',
    'x = \\\n  1\ndef f(a, /, b): pass\n',
    // Forms that the parser does not know.
    'x = 5.\ny = 24.*3_600.\nz = 1.e5 + 1..real\n',
    'with f() as (a, b), g() as c.d:\n  pass\nasync def h():\n  async with (f() as i, g(\n1) as (j, k),\n # l\n): pass\n',
    'match a, b:\n  case A(): pass\n  case str() as s if f(): pass\n  case [] | {} | (): pass\n  case a, *b: pass\n  case "a" "b": pass\n',
    '\f\nx = 1\nif x:\n  y = 2\n  \fz = 3\n',
    '@a[0]\n@b().c(\n1)\n@lambda d: d\ndef e(): yield; yield\n',
    'for a in *b, c: print([d for d, *e in a])\nx = lambda f=1, /, g=2,: 0\ny = h[*i, 1]\ndef j(*k: *l): pass\n',
    "x = f\"{a:=+5} {b['c']!r:>{d}}\" f'{e:\"<3}'\nprint = log\n\f\n",
    '\ufeffx = [a for a in (b for b in c)]\n',
  ].map((one) => [one]),
)('what is Python passes: %j', (script) => {
  expect(
    told(`${script}def main(d): return dict(user_id=d.get("user_id"))\n`).filter((one) => /invalid/.test(one)),
  ).toEqual([]);
});

test('what may be Python, and cannot be read here, is a warning, and nothing else is said', () => {
  const unread = 'this check cannot read this line, so nothing more is said of the script; Python itself may know it';
  expect(told('x = 1\nimport numpy\nx = f"{a:{b}"\n')).toEqual([`script-invalid? 3:14: ${unread}`]);
  expect(told(`x = 1${' + 1'.repeat(2000)}\n`)).toMatchObject([expect.stringContaining('script-invalid?')]);
});

test.each([
  ['x = 1\n', '1:1: the script has to define main(input_data) at its top level'],
  [
    'def Main(d): return {}\n',
    '1:1: the script has to define main(input_data) at its top level; it is called "Main", and letter case counts',
  ],
  ['class A:\n  def main(d): return {}\n', '1:1: the script has to define main(input_data) at its top level'],
  ['async def main(d): return {}\n', '1:1: main must not be async: what it returns would be no dictionary'],
  [
    'def main(): return {}\n',
    '1:1: main is called with one value, the dictionary of the inputs: write def main(input_data)',
  ],
  [
    'def main(a, b): return {}\n',
    '1:13: main is called with one value, the dictionary of the inputs: write def main(input_data)',
  ],
  [
    'def main(d, *, e): return {}\n',
    '1:16: main is called with one value, the dictionary of the inputs: write def main(input_data)',
  ],
  [
    'def main(**all): return {}\n',
    '1:10: main is called with one value, the dictionary of the inputs: write def main(input_data)',
  ],
  [
    'def handler(a, b): return {}\nmain = handler\n',
    '1:16: main is called with one value, the dictionary of the inputs: write def main(input_data)',
  ],
  ['def main(d):\n  yield\n', '2:3: main must not yield: what it returns would be no dictionary'],
  ['def main(d): pass\n', '1:1: main returns no dictionary'],
  ['def main(d):\n  if d: return None\n  return {}\n', '2:9: main returns None here, and a dictionary is needed'],
  ['def main(d): return "a"\n', '1:14: main returns a text here, and a dictionary is needed'],
  ['def main(d): return {}, 1\n', '1:14: main returns a tuple here, and a dictionary is needed'],
])('main is what the action calls: %j', (script, what) => {
  expect(told(script).filter((one) => one.startsWith('script-invalid'))).toEqual([`script-invalid ${what}`]);
});

test.each(
  [
    'def main(any_name, extra=None): return {}\n',
    '@decorated\ndef main(d: dict) -> dict: return {}\n',
    'def main(d): return {}\ndef main(d): return {}\n',
    'def main(d=None, *args, debug=False, **kw): return {}\n',
    'def main(*args): return {}\n',
    'try:\n  def main(d): return {}\nexcept E: raise\n',
    'if x:\n  def main(d): return {}\nelse:\n  def main(d, e): return {}\n',
    'def handler(d): return {}\nmain = handler\n',
    'main = partial(f, 1)\n',
  ].map((one) => [one]),
)('main may be written in other ways: %j', (script) =>
  expect(told(script).filter((one) => one.startsWith('script-invalid'))).toEqual([]),
);

const noInput = (key: string, hint = '') =>
  `the script reads a key that its document does not have: "${key}" is not among the inputs${hint}`;
const noOutput = (key: string, hint = '') =>
  `the script returns a key that its document does not have: "${key}" is not among the outputs${hint}`;

test.each([
  [
    'by get and by brackets',
    `data.get("c"); data["d"]\n${rest}`,
    [`2:1: ${noInput('c')}`, `2:15: ${noInput('d')}`].map((one) => one.replace('2:1:', '2:5:').replace('2:15', '2:20')),
  ],
  ['letter case counts', `data["A"]\n${rest}`, [`2:5: ${noInput('A', ', "a" is: letter case counts')}`]],
  ['by an alias', `d = data or {}\ne = dict(d)\ne.get("c")\n${rest}`, [`4:5: ${noInput('c')}`]],
  ['by what stands for itself', `data = data or {}\n(data or {}).pop("c", None)\n${rest}`, [`3:5: ${noInput('c')}`]],
  ['within a function', `def f(): return data["c"]\n${rest}`, [`2:21: ${noInput('c')}`]],
  ['not what another function calls so', `def f(data): return data["c"]\nlambda data: data["c"]\n${rest}`, []],
  ['not after it was given something else', `data = load(data)\ndata["c"]\nreturn {"x": 1, "y": 2}`, []],
  ['not what the script put in', `data["c"] = 1\ndata.setdefault("d", 2)\ndata["c"], data["d"]\n${rest}`, []],
  ['nor what it merged', `data.update(load())\ndata["c"]\n${rest}`, []],
  ['nor by keys that are known only then', `data[key], data.get(f"{key}")\nreturn {"x": 1, "y": 2}`, []],
  ['not what a comprehension calls so', `[data["c"] for data in rows]; f(data["d"] for e, data in rows)\n${rest}`, []],
  ['but what it goes through', `[data["c"] for data in data["d"]]\n${rest}`, [`2:28: ${noInput('d')}`]],
  ['nor in what it holds', `data["a"]["c"], data.get("a").get("c")\n${rest}`, []],
])('keys that are read exist among the inputs: %s', (_name, code, what) => {
  expect(body(code)).toEqual(what.map((one) => `script-keys ${one}`));
});

test.each([
  ['returned at once', 'return {"x": data["a"], "z": data["b"], **{"y": 1}}', [`2:29: ${noOutput('z')}`]],
  [
    'letter case counts',
    'return {"X": data["a"], "y": data["b"], "x": 1}',
    [`2:13: ${noOutput('X', ', "x" is: letter case counts')}`],
  ],
  [
    'the nearest word',
    'return {"x": data["a"], "y": data["b"], "yy": 1}',
    [`2:45: ${noOutput('yy', ' (did you mean "y"?)')}`],
  ],
  [
    'by a variable',
    'o = {"x": data["a"]}\no["z"] = 1\no.update({"y": data["b"]}, u=1)\nreturn o',
    [`4:34: ${noOutput('u')}`, `3:5: ${noOutput('z')}`].reverse(),
  ],
  [
    'by |= and setdefault',
    'o: dict = dict(x=data["a"])\no |= {"z": 1}\no.setdefault("y", data["b"])\nreturn o',
    [`3:11: ${noOutput('z')}`],
  ],
  [
    'by another name',
    'o = {"x": data["a"], "y": data["b"]}\np = o.copy()\np["z"] = 1\nreturn p',
    [`4:5: ${noOutput('z')}`],
  ],
  ['one of two', 'return {"x": data["a"]} if data["b"] else {"y": 1, "z": 2}', [`2:56: ${noOutput('z')}`]],
  [
    'in every branch',
    'try:\n  if data["a"]: return {"z": 1}\nexcept E:\n  return {"x": 1, "v": 2}\nreturn {"y": data["b"]}',
    [`3:29: ${noOutput('z')}`, `5:23: ${noOutput('v')}`],
  ],
  ['not those of a function within', `def f(): return {"z": 1}\n${rest}`, []],
  ['not what is taken out again', 'o = {"x": data["a"], "y": data["b"], "z": 1}\ndel o["z"]\nreturn o', []],
  [
    'not of what the name stood for before',
    'o = {"z": data["a"]}\nrequests.post(u, json=o, timeout=3)\no = {"x": 1, "y": data["b"], "v": 1}\nreturn o',
    [`4:34: ${noOutput('v')}`],
  ],
  [
    'not of what it stands for in another branch',
    'if data["a"]:\n  o = {"z": 1}\n  return {"x": o["z"], "y": 1}\nelse:\n  o = {"x": data["b"], "v": 1}\n  return o',
    [`6:28: ${noOutput('v')}`],
  ],
  ['not within what is returned', 'return {"x": {"z": data["a"]}, "y": [{"z": data["b"]}]}', []],
  ['not of what nobody can follow', 'o = load(data)\nreturn o', []],
])('keys that are returned exist among the outputs: %s', (_name, code, what) => {
  expect(body(code)).toEqual(what.map((one) => `script-keys ${one}`));
});

test.each([
  ['given anew in a branch', 'o = {"x": 1, "y": 2}\nif data["a"] + data["b"]: o = {"z": 1}\nreturn o'],
  [
    'given anew in a loop',
    'o = {"x": 1, "y": data["a"]}\nwhile data["b"]:\n  if u: return o\n  o = {"z": 1}\nreturn {}',
  ],
  ['taken out by a variable', 'o = {"x": data["a"], "y": data["b"], "z": 1}\ndel o[k]\nreturn o'],
  ['popped', 'o = {"x": data["a"], "y": data["b"], "z": 1}\no.popitem()\nreturn o'],
  ['by another name', 'o = {"x": data["a"], "y": data["b"], "z": 1}\np = o\np.pop("z")\nreturn o'],
  ['by a function', 'o = {"x": data["a"], "y": data["b"], "z": 1}\nstrip(o)\nreturn o'],
  [
    'by a function within',
    'o = {"x": data["a"], "y": data["b"], "z": 1}\ndef f():\n  nonlocal o\n  o = {}\nf()\nreturn o',
  ],
])('a key that may have been taken out by then is a warning: %s', (_name, code) => {
  expect(body(code).map((one) => one.replace(/\d+:\d+/, 'L:C'))).toEqual([
    `script-keys? L:C: ${noOutput('z').replace('returns', 'may return')}`,
  ]);
});

test('of very many keys a few are told', () => {
  const many = Array.from({ length: 500 }, (_, i) => `data["k${i}"]`).join('\n');
  expect(body(`${many}\n${rest}`)).toHaveLength(20);
});

test('what a function of the script returns counts as its own', () => {
  const helper = 'def failed(why):\n    return {"y": why, "z": 1}\n\n';
  expect(body('if not data["a"]: return failed("no")\nreturn {"x": data["b"]}', helper)).toEqual([
    `script-keys 2:23: ${noOutput('z')}`,
  ]);
  expect(body('return main(data)')).toEqual([]);
});

const unread = (name: string, i: number) =>
  `script-keys? /spec/inputs/${i}/name: the input "${name}" is never read by the script`;
const unreturned = (name: string, i: number) =>
  `script-keys? /spec/outputs/${i}/name: the output "${name}" is never returned by the script`;

test.each([
  ['never read', 'return {"x": data["a"], "y": 1}', [unread('b', 1)]],
  ['asked for', 'return {"x": data["a"], "y": "b" in data}', []],
  ['given to somebody', 'f(data)\nreturn {"x": 1, "y": 1}', []],
  ['gone through', 'for k in data: pass\nreturn {"x": 1, "y": 1}', []],
  ['only looked at', 'if not data or len(data) == 0: print(data)\nreturn {"x": data["a"], "y": 1}', [unread('b', 1)]],
  ['never returned', 'return {"x": data["a"] + data["b"]}', [unreturned('y', 1)]],
  ['perhaps, by a variable that is filled elsewhere', 'o = {"x": data["a"] + data["b"]}\nfill(o)\nreturn o', []],
  ['perhaps, by what is unpacked', 'o = load()\nreturn {"x": data["a"] + data["b"], **o}', []],
  ['perhaps, by a key that is known only then', 'o = {"x": data["a"] + data["b"]}\no[k] = 1\nreturn o', []],
  ['perhaps, by a call', 'if data["a"]: return {"x": data["b"]}\nreturn requests.get(u, timeout=1).json()', []],
])('an input or output without a use is a warning: %s', (_name, code, what) => {
  expect(body(code)).toEqual(what);
});

test.each([
  [
    'import numpy as np\nimport os.path, requests.adapters as a',
    ['1:8: there is no module numpy where scripts run: the standard library and requests is all there is'],
  ],
  [
    'def f():\n    from yaml import (load as l, dump)',
    ['2:10: there is no module yaml where scripts run: the standard library and requests is all there is'],
  ],
  ['from . import helper', ['1:1: a script is one file, so there is nothing that a relative import could find']],
  ['from ...a import helper', ['1:1: a script is one file, so there is nothing that a relative import could find']],
  [
    'from urllib3.util.retry import Retry',
    [
      '1:6: urllib3 is a part of how requests is made, and no script may count on it: the standard library and requests is all there is',
    ],
  ],
  [
    'try:\n  import yaml\nexcept ValueError: pass',
    ['2:10: there is no module yaml where scripts run: the standard library and requests is all there is'],
  ],
  ['from __future__ import annotations\nfrom urllib.parse import quote\nimport json, re, zoneinfo', []],
])('imports are what is there when a script runs: %j', (script, what) => {
  const found = told(`${script}\n${lookupScript}`).filter((one) => one.startsWith('script-import'));
  expect(found).toEqual(what.map((one) => `script-import ${one}`));
});

test.each([
  ['try:\n    import yaml\nexcept (ImportError, E) as e:\n    yaml = None\n', '2:12'],
  ['try:\n    import yaml\nexcept: pass\n', '2:12'],
  ['import typing as t\nif t.TYPE_CHECKING:\n    from yaml import X\n', '3:10'],
])('a module that a script can do without is a doubt: %j', (script, at) => {
  expect(told(`${script}${lookupScript}`)).toEqual([
    `script-import? ${at}: there is no module yaml where scripts run: the standard library and requests is all there is`,
  ]);
});

test('a module that only some Pythons have is a doubt', () => {
  expect(told(`import tomllib\n${lookupScript}`)).toEqual([
    'script-import? 1:8: the module tomllib came with Python 3.11; which Python runs the script is not known',
  ]);
});

const given = 'a data action is given up after 30 seconds, and its flow learns nothing';
const forever = (name: string) => `${name} waits without a limit; give it timeout=: ${given}`;

test.each([
  ['import requests', 'requests.get(u)', forever('requests.get')],
  ['import requests as r', 'r.request("GET", u, timeout=None)', forever('r.request')],
  ['from requests import post as p', 'p(u, json={})', forever('p')],
  ['import requests', 's = requests.Session()\ns.put(u)', forever('s.put')],
  ['from requests import Session', 'with Session() as s:\n  s.delete(u)', forever('s.delete')],
  [
    'import requests',
    'requests.session().head(u)',
    forever('this call').replace('this call', 'requests.session().head'),
  ],
  ['import requests', 'requests.get(u, timeout=30)', `requests.get waits for up to 30 seconds: ${given}`],
  [
    'import requests\nLIMIT = 45.5',
    'requests.get(u, timeout=LIMIT)',
    `requests.get waits for up to 45.5 seconds: ${given}`,
  ],
  ['import requests', 'requests.get(u, timeout=(3, 60))', `requests.get waits for up to 60 seconds: ${given}`],
  ['import requests', 'requests.get(u, timeout=(3, None))', forever('requests.get')],
])('a request that waits too long is a warning: %s, %j', (head, code, what) => {
  expect(body(`${code}\n${rest}`, `${head}\n`).map((one) => one.replace(/^(\S+) \S+/, '$1'))).toEqual([
    `script-timeout? ${what}`,
  ]);
});

test.each([
  ['import requests', 'requests.get(u, timeout=29.9)'],
  ['import requests', 'requests.get(u, timeout=(3, 10))'],
  ['import requests', 'requests.get(u, timeout=t)'],
  ['import requests', 'requests.get(u, **how)'],
  ['import requests\nt = 5\nt = 60', 'requests.get(u, timeout=t)'],
  ['import other', 'other.get(u)\ndata.get("a")'],
])('and one that may be quick enough is none: %s, %j', (head, code) => {
  expect(body(`${code}\n${rest}`, `${head}\n`).filter((one) => /timeout/.test(one))).toEqual([]);
});

test('the limit is the longest timeout of a step, where the target says it', () => {
  const resource = lookup({}, lookupScript.replace('timeout=10', 'timeout=45'));
  expect(kind.advise!(resource, noRules, { stepTimeoutSeconds: 60 })).toEqual([]);
  expect(kind.advise!(resource, noRules, { stepTimeoutSeconds: 45 })).toHaveLength(1);
});

test('a script that is too large is not even read, and a hostile one costs little', () => {
  const many = 256 * 1024;
  expect(told(`#${'x'.repeat(many)}\n`)).toEqual([
    `file-too-large 1:1: the script has ${many + 2} bytes; more than ${many} are not taken`,
  ]);
  // What of these is quadratic takes seconds at this size.
  const hostile = ['(', '{', ':', '"', 'a.', 'a = a or {}\n', 'match(x)[y]\n', '1 if 1 else '];
  for (const one of hostile) {
    const started = performance.now();
    told(one.repeat(Math.floor(48_000 / one.length)));
    expect([one, performance.now() - started < 1500]).toEqual([one, true]);
  }
  const chained = Array.from({ length: 3000 }, (_, i) => `    v${i} = dict(v${i + 1}, k${i}=1)\n    return v${i}\n`);
  expect(told(`def main(data):\n${chained.join('')}`).length).toBeGreaterThan(0);
});
