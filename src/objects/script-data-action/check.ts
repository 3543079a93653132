import type { Allowance } from '../../model/contracts.ts';
import { isObject } from '../../model/json.ts';
import { formatPointer, type Pointer } from '../../model/pointer.ts';
import type { Problem, ProblemCode } from '../../model/problem.ts';
import { type ReferencedFile, type Resource, resourceId } from '../../model/resource.ts';
import type { Rules } from '../../model/rules.ts';
import type { Key } from './python/reads.ts';
import { slowRequests } from './python/requests.ts';
import { type Script, scriptOf } from './python/script.ts';
import type { Fault } from './python/tree.ts';
import { namesOf, type SlotList, slotLists } from './spec.ts';
import { checkUses, unknown } from './used-by.ts';

/** Bytes of a script. The largest that anybody would call one is a tenth of it. */
const mostBytes = 256 * 1024;

/** Of one sort more would tell nothing new. */
const mostOfOne = 20;

/**
 * Seconds after which an action is given up, where the target says nothing: "typically 30-60 seconds depending on
 * configuration" (tutorial 2), so the shorter.
 */
const actionSeconds = 30;

const pointer: Pointer = '/spec/script';

/** Problems of a document and its script, by reading them: nothing is run. */
export function check(resource: Resource): Problem[] {
  const { spec } = resource;
  return [
    ...slotLists.flatMap((which) => twice(resource, which)),
    ...testProblems(resource),
    ...checkUses(resource),
    ...scriptProblems(),
  ];

  function scriptProblems(): Problem[] {
    const file = resource.files[pointer];
    if (file === undefined) return [];
    const size = Buffer.byteLength(file.text);
    if (size > mostBytes) {
      const message = `the script has ${size} bytes; more than ${mostBytes} are not taken`;
      return placed(resource, file, 'file-too-large', [{ offset: 0, message }]);
    }
    const { faults, imports, reads, returns } = read(file);
    const sure = returns?.keys.filter(({ maybe }) => maybe !== true);
    const keys = [
      ...unknownKeys(reads?.keys, spec['inputs'], 'inputs').slice(0, mostOfOne),
      ...unknownKeys(sure, spec['outputs'], 'outputs').slice(0, mostOfOne),
    ];
    return [
      ...placed(resource, file, 'script-invalid', faults),
      ...placed(resource, file, 'script-import', imports.faults.slice(0, mostOfOne)),
      ...placed(resource, file, 'script-keys', keys),
    ];
  }
}

/** Warnings: what may be as it is, and is hardly meant. */
export function advise(resource: Resource, _rules: Rules, allowed?: Allowance): Problem[] {
  const file = resource.files[pointer];
  if (file === undefined || Buffer.byteLength(file.text) > mostBytes) return [];
  const { doubt, imports, requests, reads, returns } = read(file);
  if (doubt !== undefined) return placed(resource, file, 'script-invalid', [doubt]);
  const slow = slowRequests(requests, allowed?.stepTimeoutSeconds ?? actionSeconds);
  const sure = new Set(returns?.keys.flatMap(({ name, maybe }) => (maybe === true ? [] : [name])));
  const perhaps = unknownKeys(
    returns?.keys.filter(({ name }) => !sure.has(name)),
    resource.spec['outputs'],
    'outputs',
    'may return',
  );
  const isRead = (name: string): boolean =>
    reads?.all !== true || reads.asked.has(name) || reads.keys.some((key) => key.name === name);
  const isReturned = (name: string): boolean => returns?.all !== true || returns.keys.some((key) => key.name === name);
  return [
    ...placed(resource, file, 'script-import', imports.doubts.slice(0, mostOfOne)),
    ...placed(resource, file, 'script-timeout', slow.slice(0, mostOfOne)),
    ...placed(resource, file, 'script-keys', perhaps.slice(0, mostOfOne)),
    ...unusedSlots(resource, 'inputs', isRead, 'read by the script'),
    ...unusedSlots(resource, 'outputs', isReturned, 'returned by the script'),
  ];
}

/** Line ends of Windows are one character to the parser, and change no line or column. */
function read({ text }: ReferencedFile): Script {
  return scriptOf(text.replaceAll('\r\n', '\n'));
}

/** Problems at their lines and columns in the script. */
function placed(
  resource: Resource,
  { path, text }: ReferencedFile,
  code: ProblemCode,
  faults: readonly Fault[],
): Problem[] {
  if (faults.length === 0) return [];
  const plain = text.replaceAll('\r\n', '\n');
  return faults.map(({ offset, message }) => {
    const before = plain.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - (before.lastIndexOf('\n') + 1) + 1;
    return { code, message, resource: resourceId(resource), pointer, place: { path, line, column } };
  });
}

function unknownKeys(
  keys: readonly Key[] | undefined,
  list: Resource['spec'][string] | undefined,
  which: SlotList,
  verb = which === 'inputs' ? 'reads' : 'returns',
): Fault[] {
  const names = namesOf(list, which);
  const told = new Set<string>();
  return (keys ?? []).flatMap(({ name, offset }): Fault[] => {
    const why = unknown(name, names, which);
    if (why === undefined || told.has(name)) return [];
    told.add(name);
    return [{ offset, message: `the script ${verb} a key that its document does not have: ${why}` }];
  });
}

function unusedSlots(resource: Resource, which: SlotList, isUsed: (name: string) => boolean, verb: string): Problem[] {
  return namesOf(resource.spec[which], which).flatMap((name, i): Problem[] =>
    isUsed(name)
      ? []
      : [
          {
            code: 'script-keys',
            message: `the ${which === 'inputs' ? 'input' : 'output'} "${name}" is never ${verb}`,
            resource: resourceId(resource),
            pointer: `/spec/${which}/${i}/name`,
          },
        ],
  );
}

function twice(resource: Resource, which: SlotList): Problem[] {
  const names = namesOf(resource.spec[which], which);
  return names.flatMap((name, i): Problem[] => {
    if (names.indexOf(name) === i) return [];
    const message = `"${name}" is there twice among the ${which}`;
    return [{ code: 'script-keys', message, resource: resourceId(resource), pointer: `/spec/${which}/${i}/name` }];
  });
}

/** What a test gives and expects is named like the script's own. */
function testProblems(resource: Resource): Problem[] {
  const tests = Array.isArray(resource.spec['tests']) ? resource.spec['tests'] : [];
  const sides = [
    ['input', 'inputs'],
    ['output', 'outputs'],
  ] as const;
  return tests.flatMap((test, i) =>
    sides.flatMap(([side, which]): Problem[] => {
      const values = isObject(test) ? test[side] : undefined;
      const names = namesOf(resource.spec[which], which);
      return Object.keys(isObject(values) ? values : {}).flatMap((name): Problem[] => {
        const message = unknown(name, names, which);
        const at = `/spec/tests/${i}/${side}${formatPointer([name])}`;
        return message === undefined
          ? []
          : [{ code: 'script-keys', message, resource: resourceId(resource), pointer: at }];
      });
    }),
  );
}
