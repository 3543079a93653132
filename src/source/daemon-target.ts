import { surfacesOf } from '../model/daemon-config.ts';
import { durationOf } from '../model/duration.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { dotted, formatPointer, type Pointer } from '../model/pointer.ts';
import { didYouMean } from '../model/suggest.ts';
import type { Surface } from '../model/surface.ts';
import { regions } from './regions.ts';

/** What of a surface decides what a target has to say. */
export type KnownSurface = Pick<Surface, 'name' | 'token' | 'defaults'>;

export type Report = (message: string, pointer: Pointer, key?: boolean) => void;

interface Checking {
  /** Where the target stands. */
  at: Pointer;
  surfaces: readonly KnownSurface[];
  report: Report;
}

const longestSoakMs = 365 * 24 * 3_600_000;

/** What the schema cannot say of one target, or not well enough. */
export function checkTarget(target: JsonObject, { at, surfaces, report }: Checking): void {
  const { clientSecret, policy, organization } = target;
  if (typeof clientSecret === 'string') {
    const message =
      'clientSecret must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}, where the value is';
    report(message, `${at}/clientSecret`);
  }
  for (const [name, source] of Object.entries(isObject(target['secrets']) ? target['secrets'] : {})) {
    if (typeof source !== 'string') continue;
    const message = `the secret "${name}" must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}`;
    report(message, `${at}/secrets${formatPointer([name])}`);
  }
  checkSurfaces(target, { at, surfaces, report });
  const soak = isObject(target['after']) ? target['after']['soak'] : undefined;
  if (typeof soak === 'string' && (durationOf(soak) ?? 0) > longestSoakMs) {
    report('soak is at most a year: 365d', `${at}/after/soak`);
  }
  // Absent, the mode is `apply`.
  const mode = isObject(policy) ? (policy['mode'] ?? 'apply') : 'apply';
  if (mode === 'apply' && organization === undefined) {
    report('a target that is written to needs "organization" (id or name), so that it is never the wrong one', at);
  }
}

/** Its surfaces, and what has to be known to speak as the first one does. */
function checkSurfaces(target: JsonObject, { at, surfaces, report }: Checking): void {
  const written = target['surfaces'];
  const names = surfacesOf(written === undefined ? {} : { surfaces: texts(written) });
  const known = surfaces.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (known.includes(name)) continue;
    const message = `there is no surface "${name}"${didYouMean(name, known)}; there is ${known.join(', ')}`;
    report(message, `${at}/surfaces/${i}`);
  }
  const first = surfaces.find(({ name }) => name === names[0]);
  // What has no good answer without knowing the surface is not asked.
  if (first === undefined) return;
  const isLeftOut = names.length === 1 && first.defaults !== undefined;
  if (target['scopes'] !== undefined && !first.token.scoped)
    report(`the surface "${first.name}" asks for no scopes by name: leave "scopes" out`, `${at}/scopes`);
  const others = written === undefined ? surfaces : [];
  const hint = orSay(others.filter(({ defaults }) => defaults !== undefined));
  checkHost(target, first, { isLeftOut, hint, others }, (message, below = '') => report(message, at + below));
  if (isLeftOut) return;
  for (const field of ['clientId', 'clientSecret']) {
    if (target[field] === undefined) report(`the field "${field}" in ${dotted(at)} is missing${hint}`, at);
  }
}

/** Perhaps a target that names no surfaces, and so has the default one, meant one of these, which ask for less or for something else. */
function orSay(meant: readonly KnownSurface[]): string {
  const names = meant.map(({ name }) => `\`surfaces: [${name}]\``);
  return names.length === 0 ? '' : `, or say ${names.join(' or ')}, with which it may be left out`;
}

/** Where its organisation lives: in one way, and with all that this way needs. */
function checkHost(
  target: JsonObject,
  { name, token }: KnownSurface,
  { isLeftOut, hint, others }: { isLeftOut: boolean; hint: string; others: readonly KnownSurface[] },
  report: (message: string, below?: Pointer) => void,
): void {
  const { region, apiUrl, loginUrl, orgDomain } = target;
  if (typeof region === 'string' && !Object.hasOwn(regions, region) && !Object.values(regions).includes(region)) {
    report(`"${region}" is no region of Genesys Cloud${didYouMean(region, Object.values(regions))}`, '/region');
  } else if (typeof region === 'string' && Object.hasOwn(regions, region)) {
    report(`region is the domain: "${regions[region]}" for ${region}`, '/region');
  }
  if (token.at === 'login') {
    if (orgDomain !== undefined) {
      const also = others.filter((one) => one.token.at === 'api').map((one) => `, or say \`surfaces: [${one.name}]\``);
      report(
        `the surface "${name}" gets its tokens from a login host: name the "region" here${also.join('')}`,
        '/orgDomain',
      );
    } else if (region === undefined && apiUrl === undefined) {
      report(`a target needs "region", or "apiUrl" and "loginUrl"${hint}`);
    }
    if (region !== undefined && (apiUrl !== undefined || loginUrl !== undefined)) {
      report('a target has either "region" or "apiUrl" and "loginUrl"', '/region');
    }
    if ((apiUrl === undefined) !== (loginUrl === undefined))
      report(`"apiUrl" and "loginUrl" go together${apiUrl === undefined ? '' : hint}`);
    return;
  }
  if (loginUrl !== undefined) {
    report(`the surface "${name}" gets its tokens from the API's own host: leave "loginUrl" out`, '/loginUrl');
  }
  const given = Object.entries({ region, apiUrl, orgDomain }).filter(([, value]) => value !== undefined);
  if (given.length > 1) report('a target has one of "region", "apiUrl" and "orgDomain"', `/${given[1]![0]}`);
  if (given.length === 0 && !isLeftOut) report('a target needs "region", "apiUrl" or "orgDomain"');
}

function texts(value: Json): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
