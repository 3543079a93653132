import type { Actor } from './audit-log.ts';
import type { QueryFate } from './audit-queries.ts';
import type { Lag } from './collection.ts';
import { ApiError } from './errors.ts';
import type { JobFate } from './flows/jobs.ts';
import { type Caller, requireScopes } from './oauth.ts';
import { readBody, type Shape } from './shapes.ts';
import type { ActivationFate } from './web/web-records.ts';
import type { World } from './world.ts';

/** An operation of the published API that the sandbox serves. */
export interface Endpoint {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As published, with `{name}` for parameters. */
  path: string;
  /** The spec's `x-inin-requires-permissions`; none when absent. */
  permissions?: { type: 'ANY' | 'ALL'; names: readonly string[] };
  /** The spec's `security`: one of these is needed, of a client that has scopes. */
  scopes: readonly string[];
  /** Where scopes of the token decide, and nothing else: of each of these lists it needs one. */
  needs?: readonly (readonly string[])[];
  /** False where this path is another surface's for this call; asked only where another one serves it too. */
  knows?(world: World, params: Record<string, string>): boolean;
  /** The shape of the body; a body is then required unless `bodyOptional`. */
  body?: Shape;
  bodyOptional?: boolean;
  /** What its refusals are recorded as, where the path does not tell (quirk `audit-failures-recorded`). */
  audits?: { entityType: string; serviceName: string };
  /** Returns the JSON answer (200), or an `Answer`. */
  serve(call: Call): unknown;
}

/** An answer other than 200 with JSON. */
export class Answer {
  readonly status: number;
  readonly text: string | undefined;
  readonly contentType: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    text?: string,
    contentType = 'text/plain; charset=utf-8',
    headers: Record<string, string> = {},
  ) {
    this.status = status;
    this.text = text;
    this.contentType = contentType;
    this.headers = headers;
  }
}

export const noContent = new Answer(204);

/** One request, authenticated and its body checked. */
export interface Call {
  world: World;
  caller: Caller;
  actor: Actor;
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: Query;
  /** As the endpoint's shape declares it; empty when it declares none. */
  body: Record<string, unknown>;
  /** The header `If-Match` as it was sent. */
  ifMatch?: string;
  /** Path without the query, for links. */
  pathname: string;
  /** How far behind the present reads are (faults `lag` and `stale`). */
  lag: Lag;
  /** What becomes of a job that this call begins (fault `job`). */
  fate?: JobFate;
  /** What becomes of the activation that this call begins (fault `activation`). */
  activation?: ActivationFate;
  /** What becomes of the audit query that this call begins (fault `auditQuery`). */
  auditQuery?: QueryFate;
  /** Where the caller found the sandbox, for URLs that are whole. */
  origin: string;
}

/** @throws ApiError 403 in the words of the published document */
export function authorize(endpoint: Endpoint, caller: Caller): void {
  if (endpoint.needs) {
    requireScopes(endpoint.needs, caller);
    return;
  }
  const { client } = caller;
  const { scopes, permissions: granted, withheld = [] } = client;
  if (scopes && !endpoint.scopes.some((scope) => scopes.includes(scope))) {
    throw new ApiError('app.not.authorized.for.scope', { scope: endpoint.scopes.join(', ') });
  }
  const needed = endpoint.permissions;
  if (!needed) return;
  const taken = (name: string) => withheld.some((grant) => covers(grant, name));
  // Of a client that may do everything nobody names all permissions that would do: one that is taken is enough.
  const missing = granted
    ? needed.names.filter((name) => taken(name) || !granted.some((grant) => covers(grant, name)))
    : needed.names.filter(taken);
  if (needed.type === 'ALL' && missing.length > 0) {
    throw new ApiError('missing.permissions', { permissions: missing.join(', ') });
  }
  if (needed.type === 'ANY' && missing.length > 0 && (!granted || missing.length === needed.names.length)) {
    throw new ApiError('missing.any.permissions', { permissions: needed.names.join(', ') });
  }
}

/** Whether a client has a permission, for what does not follow from the operation alone. */
export function may({ permissions: granted, withheld = [] }: Caller['client'], name: string): boolean {
  const holds = !granted || granted.some((grant) => covers(grant, name));
  return holds && !withheld.some((grant) => covers(grant, name));
}

/** Roles may grant by wildcard: `integrations:*:*`, `integrations:action:*`. */
function covers(grant: string, name: string): boolean {
  const [grants, parts] = [grant.split(':'), name.split(':')];
  return grants.length === parts.length && grants.every((part, index) => part === '*' || part === parts[index]);
}

/** @throws ApiError 400 */
export function readCallBody(endpoint: Endpoint, body: unknown, world: World): Record<string, unknown> {
  if (!endpoint.body) return {};
  if (body === undefined && endpoint.bodyOptional) return {};
  if (body === undefined || body === null) throw new ApiError('bad.request');
  return readBody(endpoint.body, body, { ignoreUnknown: world.quirks.has('unknown-fields-ignored') });
}

/** Query parameters, read with the API's own complaints. Unknown parameters are ignored. */
export class Query {
  readonly #values: URLSearchParams;

  constructor(search: string) {
    this.#values = new URLSearchParams(search);
  }

  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Repeated and comma-separated values alike. */
  list(name: string): string[] {
    return this.#values.getAll(name).flatMap((value) => value.split(',').filter((part) => part !== ''));
  }

  integer(name: string, fallback: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    if (!/^-?\d{1,9}$/.test(value)) throw this.#wrong(name, value, 'integers');
    return Number(value);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw this.#wrong(name, value, 'true, false');
    return value === 'true';
  }

  choice<T extends string>(name: string, ...allowed: T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((choice) => choice.toUpperCase() === value.toUpperCase());
    if (!found) throw this.#wrong(name, value, allowed.join(', '));
    return found;
  }

  /** The same query with other values, for links. */
  with(changes: Record<string, string | number>): string {
    const copy = new URLSearchParams(this.#values);
    for (const [name, value] of Object.entries(changes)) copy.set(name, String(value));
    return copy.toString();
  }

  #wrong(parameter: string, value: string, allowed: string): ApiError {
    return new ApiError('invalid.query.param.value', { value, parameter, allowed });
  }
}
