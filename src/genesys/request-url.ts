import { Failure } from '../model/failure.ts';
import type { ReadRequest } from '../model/http.ts';

/**
 * Fills the template of a path. Each parameter is one segment, encoded; one that is empty, `.` or `..` would address
 * something else and is refused. A parameter that is not given is a mistake in this program.
 */
export function pathOf(template: string, params: Record<string, string> = {}): string {
  return template.replace(/\{([^}]+)\}/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${template} needs the parameter ${name}`);
    if (value === '' || value === '.' || value === '..') {
      throw new Failure('BadRequest', `${template}: "${value}" is no possible ${name}. Nothing was sent.`);
    }
    return encodeURIComponent(value);
  });
}

export function queryOf(query: ReadRequest['query'] = {}): string {
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
