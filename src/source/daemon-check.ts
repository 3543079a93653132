import { durationOf } from '../model/duration.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';
import { didYouMean } from '../model/suggest.ts';
import { holdsCredentials } from './git-url.ts';
import { regions } from './regions.ts';

interface Found {
  code: ProblemCode;
  message: string;
  pointer: Pointer;
  key?: boolean;
}

const longestSoakMs = 365 * 24 * 3_600_000;

/** What the schema of the daemon's file cannot say, or not well enough. */
export function checkDaemon(value: Json): Found[] {
  if (!isObject(value)) return [];
  const found: Found[] = [];
  const report = (message: string, pointer: Pointer, key = false): void => {
    found.push({ code: 'schema', message, pointer, key });
  };
  if (isObject(value['source'])) checkSource(value['source'], report);
  const names = new Set<string>();
  const targets = Array.isArray(value['targets']) ? value['targets'] : [];
  for (const [i, target] of targets.entries()) {
    if (!isObject(target)) continue;
    const { name } = target;
    if (typeof name === 'string' && names.has(name)) {
      found.push({
        code: 'duplicate-resource',
        message: `there are two targets "${name}"`,
        pointer: `/targets/${i}/name`,
      });
    }
    if (typeof name === 'string') names.add(name);
    checkTarget(target, `/targets/${i}`, report);
  }
  checkFollowing(targets, report);
  return found;
}

type Report = (message: string, pointer: Pointer, key?: boolean) => void;

function checkTarget(target: { [key: string]: Json }, at: Pointer, report: Report): void {
  const { clientSecret, region, policy, organization } = target;
  if (typeof clientSecret === 'string') {
    const message =
      'clientSecret must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}, where the value is';
    report(message, `${at}/clientSecret`);
  }
  for (const [name, source] of Object.entries(isObject(target['secrets']) ? target['secrets'] : {})) {
    if (typeof source !== 'string') continue;
    const message = `the secret "${name}" must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}`;
    report(message, `${at}/secrets/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
  if (typeof region === 'string' && !Object.hasOwn(regions, region) && !Object.values(regions).includes(region)) {
    report(`"${region}" is no region of Genesys Cloud${didYouMean(region, Object.values(regions))}`, `${at}/region`);
  } else if (typeof region === 'string' && Object.hasOwn(regions, region)) {
    report(`region is the domain: "${regions[region]}" for ${region}`, `${at}/region`);
  }
  if (region === undefined && target['apiUrl'] === undefined) {
    report('a target needs "region", or "apiUrl" and "loginUrl"', at);
  }
  if (region !== undefined && (target['apiUrl'] !== undefined || target['loginUrl'] !== undefined)) {
    report('a target has either "region" or "apiUrl" and "loginUrl"', `${at}/region`);
  }
  if ((target['apiUrl'] === undefined) !== (target['loginUrl'] === undefined)) {
    report('"apiUrl" and "loginUrl" go together', at);
  }
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

/** Who follows whom: somebody has to be there, to apply what others take, and to take it from the source. */
function checkFollowing(targets: readonly Json[], report: Report): void {
  const following = new Map<string, string>();
  const names: string[] = [];
  const observing = new Set<string>();
  for (const target of targets) {
    if (!isObject(target) || typeof target['name'] !== 'string') continue;
    const { name, after, policy } = target;
    names.push(name);
    if (isObject(after) && typeof after['target'] === 'string') following.set(name, after['target']);
    if (isObject(policy) && policy['mode'] === 'observe') observing.add(name);
  }
  const inCircles = circlesOf(following);
  for (const [i, target] of targets.entries()) {
    const name = isObject(target) && typeof target['name'] === 'string' ? target['name'] : '';
    const other = following.get(name);
    if (other === undefined) continue;
    const at = `/targets/${i}/after/target`;
    const circle = inCircles.get(name);
    if (!names.includes(other)) {
      report(`there is no target "${other}" to follow${didYouMean(other, names)}`, at);
    } else if (observing.has(other)) {
      report(`"${other}" only observes: it never applies a revision that "${name}" could take`, at);
    } else if (circle !== undefined) {
      // Once for each circle, at the target that stands first.
      for (const one of circle) inCircles.delete(one);
      const way = inWords([...circle.slice(circle.indexOf(name)), ...circle.slice(0, circle.indexOf(name)), name]);
      report(`${way}: one of them has to take its revisions from the source, without "after"`, at);
    }
  }
}

/** The circle that a target is on, of those that are on one. Nobody is walked past twice. */
function circlesOf(following: ReadonlyMap<string, string>): Map<string, string[]> {
  const circles = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const name of following.keys()) {
    const way: string[] = [];
    let next: string | undefined = name;
    for (; next !== undefined && !seen.has(next); next = following.get(next)) {
      seen.add(next);
      way.push(next);
    }
    const circle = next === undefined ? [] : way.slice(way.indexOf(next));
    if (next !== undefined && way.includes(next)) for (const one of circle) circles.set(one, circle);
  }
  return circles;
}

/** A long way is told by its ends. */
function inWords(way: readonly string[]): string {
  const told = way.length <= 8 ? way : [...way.slice(0, 4), `... (${way.length - 7} more)`, ...way.slice(-3)];
  return told.map((one) => (one.startsWith('...') ? one : `"${one}"`)).join(', which follows ');
}

function checkSource(source: { [key: string]: Json }, report: Report): void {
  const { url, auth } = source;
  if (typeof url !== 'string') return;
  if (url.startsWith('-') || !/^(https?|ssh|file):\/\/|^[\w.-]+@[\w.-]+:/.test(url)) {
    report('url must be an https, ssh or file URL, or user@host:path', '/source/url');
  } else if (holdsCredentials(url)) {
    report('url must not hold credentials: use auth {username, token: {fromEnv or fromFile}}', '/source/url');
  }
  const ssh = /^ssh:\/\/|^[\w.-]+@[\w.-]+:/.test(url);
  const known = isObject(auth) ? auth : {};
  if (ssh && known['knownHostsFile'] === undefined) {
    report('an SSH source needs auth.knownHostsFile, so that it is the right host', '/source/url');
  }
  if (typeof known['token'] === 'string') {
    report('the token must not stand in the file: say {fromEnv: NAME} or {fromFile: PATH}', '/source/auth/token');
  }
  if (source['branch'] !== undefined && source['tag'] !== undefined) {
    report('a source has either "branch" or "tag"', '/source/tag');
  }
}
