import { isObject, type Json } from '../model/json.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ProblemCode } from '../model/problem.ts';
import { didYouMean } from '../model/suggest.ts';
import { checkTarget, type KnownSurface, type Report } from './daemon-target.ts';
import { holdsCredentials } from './git-url.ts';

interface Found {
  code: ProblemCode;
  message: string;
  pointer: Pointer;
  key?: boolean;
}

/** What the schema of the daemon's file cannot say, or not well enough. */
export function checkDaemon(value: Json, surfaces: readonly KnownSurface[]): Found[] {
  if (!isObject(value)) return [];
  const found: Found[] = [];
  const report: Report = (message, pointer, key = false) => {
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
    checkTarget(target, { at: `/targets/${i}`, surfaces, report });
  }
  checkFollowing(targets, report);
  return found;
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
