import type { ErrorObject } from 'ajv';
import { isObject, type Json } from '../model/json.ts';
import { dotted, formatPointer, getAt, type Pointer, parsePointer } from '../model/pointer.ts';
import { didYouMean, nearest } from '../model/suggest.ts';
import { expectation, shown } from './expectation.ts';
import { limits } from './limits.ts';
import type { Misfit } from './schema.ts';

/** Ajv's errors as a person would say them: one for each mistake, at the value or key that is wrong. */
export function explain(errors: readonly ErrorObject[], root: Json, daemon = false): Misfit[] {
  const misfits: Misfit[] = [];
  const seen = new Set<string>();
  for (const error of simplify(errors.slice(0, limits.errors))) {
    const misfit = sentence(error, root, daemon);
    const id = `${misfit.pointer} ${misfit.message}`;
    if (!seen.has(id)) misfits.push(misfit);
    seen.add(id);
  }
  return misfits.filter((misfit) => !isRenamed(misfit, misfits));
}

/**
 * An `anyOf` fails with the errors of all its branches. Where the value is of one branch's type, that branch's errors
 * say what is wrong; else one sentence names all branches.
 */
function simplify(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  let kept = [...errors];
  for (const choice of choices) {
    const inside = kept.filter(
      (e) => e !== choice && e.schemaPath.startsWith(`${choice.schemaPath}/`) && below(e, choice),
    );
    const byBranch = Map.groupBy(inside, (e) => e.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]);
    const near = [...byBranch.values()].filter(
      (branch) =>
        !branch.some((e) => e.instancePath === choice.instancePath && (e.keyword === 'type' || e.keyword === 'const')),
    );
    const best = cheapest(near);
    kept = kept.filter((e) =>
      best === undefined ? !inside.includes(e) : e !== choice && !(inside.includes(e) && !best.includes(e)),
    );
  }
  return kept.filter((e) => e.keyword !== 'if' && e.keyword !== 'propertyNames');
}

/** The branch that the value comes nearest to: fewest mistakes, a misspelt field counting as one; none where two tie. */
function cheapest(branches: readonly ErrorObject[][]): ErrorObject[] | undefined {
  const costs = branches.map((branch) => {
    const unknown = branch
      .filter((e) => e.keyword === 'additionalProperties')
      .map((e) => String(e.params['additionalProperty']));
    const renamed = branch.filter(
      (e) => e.keyword === 'required' && nearest(String(e.params['missingProperty']), unknown) !== undefined,
    );
    return branch.length - renamed.length;
  });
  const least = Math.min(...costs);
  const best = branches.filter((_branch, i) => costs[i] === least);
  return best.length === 1 ? best[0] : undefined;
}

function below(error: ErrorObject, choice: ErrorObject): boolean {
  return error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
}

function sentence(error: ErrorObject, root: Json, daemon: boolean): Misfit {
  const { keyword, instancePath, params } = error;
  const at = dotted(instancePath);
  const is = (code: Misfit['code'], message: string, pointer: Pointer = instancePath, key = false): Misfit => ({
    code,
    message,
    pointer,
    key,
  });
  // For `propertyNames`, Ajv gives the map's path and the name apart.
  if (error.propertyName !== undefined) {
    const name = error.propertyName;
    const message = `the key "${name}" must be ${expectation(error.parentSchema)}`;
    return is('schema', message, instancePath + formatPointer([name]), true);
  }
  switch (keyword) {
    case 'additionalProperties':
    case 'false schema': {
      const parts = parsePointer(instancePath);
      const name = keyword === 'false schema' ? (parts.at(-1) ?? '') : String(params['additionalProperty']);
      const parent = keyword === 'false schema' ? formatPointer(parts.slice(0, -1)) : instancePath;
      const words = keyword === 'false schema' ? annotationNames : namesOf(error.parentSchema);
      if ((name === 'fromEnv' || name === 'fromFile') && !daemon) {
        return is('schema', daemonsOnly(dotted(parent)), parent + formatPointer([name]), true);
      }
      const message = `unknown field "${name}"${where(parent)}${didYouMean(name, words)}`;
      return is('unknown-field', message, parent + formatPointer([name]), true);
    }
    case 'required':
      return is(
        'schema',
        `the field "${String(params['missingProperty'])}"${where(instancePath)} is missing`,
        instancePath,
        true,
      );
    case 'uniqueItems':
      return is(
        'schema',
        `${at} has the same item twice`,
        `${instancePath}/${Math.max(Number(params['i']), Number(params['j']))}`,
      );
    case 'anyOf':
    case 'oneOf': {
      const alternatives = requiredOf(error.schema);
      const given = passing(params).flatMap((i) => alternatives?.[i] ?? []);
      if (given.length > 1)
        return is(
          'schema',
          `${at} has ${given.join(' and also ')}: it may have one of them only, so leave the other out`,
        );
      if (alternatives !== undefined) return is('schema', `${at} needs ${alternatives.join(' or ')}`, instancePath);
    }
  }
  const value = getAt(root, instancePath) ?? null;
  return is('schema', (daemon ? undefined : misplacedSecret(value, at)) ?? mismatch(error, value, at));
}

function mismatch(error: ErrorObject, value: Json, at: string): string {
  const subject = at === '' ? 'the document' : at;
  const wanted = expectation(error.parentSchema);
  // Of a value of another type, both keywords tell, and in the same words.
  const { enum: among } = isObject(error.parentSchema) ? error.parentSchema : {};
  const words = Array.isArray(among) ? among.map(String) : [];
  const hint = typeof value === 'string' ? didYouMean(value, words) : unquoted(value, words);
  const is = error.keyword === 'maxItems' && Array.isArray(value) ? `has ${value.length}` : `is ${shown(value)}`;
  return `${subject} must be ${wanted}, but ${is}${hint}`;
}

/** Some tools that write YAML make `true` of a word that its older version takes for one. */
function unquoted(value: Json, words: readonly string[]): string {
  if (typeof value !== 'boolean') return '';
  const word = words.find((one) => (value ? /^(on|yes)$/i : /^(off|no)$/i).test(one));
  return word === undefined ? '' : ` (did you mean '${word}', in quotes?)`;
}

/** `{secret: name}` where none may stand, and the daemon's own forms, deserve their own words. */
function misplacedSecret(value: Json, at: string): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  if ('secret' in value) return `${at} may not be a secret`;
  if (!('fromEnv' in value) && !('fromFile' in value)) return undefined;
  return daemonsOnly(at);
}

function daemonsOnly(at: string): string {
  return `${at}: {fromEnv} and {fromFile} are for the daemon's own file; a document says {secret: name}, and the target grants the name`;
}

const annotationNames = [
  ...['prune', 'protect', 'adopt', 'suspend', 'suspend-reason', 'suspend-until', 'force-unlock'],
].map((name) => `genesys-gitops/${name}`);

function namesOf(schema: unknown): string[] {
  return isObject(schema) && isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
}

function requiredOf(branches: unknown): string[] | undefined {
  if (!Array.isArray(branches)) return undefined;
  const names = branches.map((b) =>
    isObject(b) && Array.isArray(b['required']) && !('type' in b) ? b['required'].join(' and ') : '',
  );
  return names.includes('') ? undefined : names.map((name) => `"${name}"`);
}

/** Which branches fit, of a `oneOf` of which several do. */
function passing({ passingSchemas }: Record<string, unknown>): number[] {
  return Array.isArray(passingSchemas) ? passingSchemas : [];
}

function where(pointer: Pointer): string {
  return pointer === '' ? '' : ` in ${dotted(pointer)}`;
}

/** A field that is missing because it is misspelt is one mistake, and the misspelling is its place. */
function isRenamed(misfit: Misfit, all: readonly Misfit[]): boolean {
  const missing = /^the field "(.+?)".* is missing$/.exec(misfit.message)?.[1];
  if (missing === undefined || misfit.code !== 'schema') return false;
  return all.some((other) => {
    const parts = parsePointer(other.pointer);
    if (missing === 'secret' && /\/from(Env|File)$/.test(other.pointer)) return true;
    const sibling = other.code === 'unknown-field' && formatPointer(parts.slice(0, -1)) === misfit.pointer;
    return sibling && nearest(parts.at(-1) ?? '', [missing]) === missing;
  });
}
