import { isObject, type Json } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { hideCredentials, holdsCredentials } from './git-url.ts';

const hidden = '(hidden)';
const telling = /secret|token|password|credential|apikey|private/i;

/** Texts at places that are for secrets, and the passwords of URLs: what a problem must not print. */
export function secretTexts(value: Json): string[] {
  const found = new Set<string>();
  const walk = (at: Json, isSecret: boolean): void => {
    if (typeof at === 'string' || typeof at === 'number') {
      // All before the last `@`: a password may hold a `/` or an `@` of its own.
      const user = /:\/\/(.{4,})@/.exec(String(at))?.[1];
      if (user !== undefined && holdsCredentials(String(at))) found.add(user);
      const password = /:\/\/[^/@:]*:([^/@]+)@/.exec(String(at))?.[1];
      if (password !== undefined) found.add(password);
      if (isSecret && String(at) !== '') found.add(String(at));
    } else if (Array.isArray(at)) for (const item of at) walk(item, isSecret);
    else if (isObject(at)) {
      for (const [key, item] of Object.entries(at)) {
        const reference = key === 'fromEnv' || key === 'fromFile';
        walk(item, !reference && (isSecret || telling.test(key)));
      }
    }
  };
  walk(value, false);
  return [...found].sort((a, b) => b.length - a.length);
}

/** The problem with every such text taken out of its message and lines; also where the YAML could not be read. */
export function withoutSecrets(problem: Problem, secrets: readonly string[]): Problem {
  const clean = (text: string): string =>
    hideCredentials(secrets.reduce((so, secret) => so.replaceAll(secret, hidden), text));
  const line = (text: string): string =>
    clean(text)
      // Where YAML is broken, values are not known: what follows a telling key is hidden, unless it is a reference.
      .replace(
        /(\w*(?:secret|token|password)\w*["']?\s*:\s*)(?!\s|\{\s*from(?:Env|File)\b|$)([^,}]+)/gi,
        `$1${hidden}`,
      );
  return {
    ...problem,
    message: clean(problem.message),
    ...(problem.excerpt === undefined
      ? {}
      : { excerpt: problem.excerpt.map(({ line: number, text }) => ({ line: number, text: line(text) })) }),
  };
}
