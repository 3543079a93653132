import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ApiError } from './errors.ts';
import type { OAuthClientRecord } from './records.ts';
import type { TokenRecord, World } from './world.ts';

/** An answer of the token endpoint, which speaks OAuth's dialect and not the API's. */
export interface TokenAnswer {
  status: number;
  body:
    | { access_token: string; token_type: 'bearer'; expires_in?: number }
    | { error: string; description: string; error_description: string };
}

/** Serves `POST /oauth/token`, the client credentials grant: client from the Basic header or from the form. */
export function grantToken(world: World, authorization: string | undefined, form: URLSearchParams): TokenAnswer {
  const grant = form.get('grant_type');
  if (!grant) return refusal(400, 'invalid_request', 'Missing grant_type parameter value');
  if (grant !== 'client_credentials') return refusal(400, 'unsupported_grant_type', `Unsupported grant type: ${grant}`);
  const [id, secret] = basic(authorization) ?? [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  if (!id) return refusal(400, 'invalid_request', 'Missing client_id');
  const client = world.clients.get(id);
  if (!client) return refusal(401, 'invalid_client', 'client not found: invalid_client');
  if (!equal(client.secret, secret)) return refusal(401, 'invalid_client', 'authentication failed: invalid_client');
  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const { scopes: own, withheldScopes = [] } = client;
  const lacking = asked.filter((scope) => withheldScopes.includes(scope) || !(own?.includes(scope) ?? true));
  if (lacking.length > 0 && world.quirks.has('oauth-scope-strict')) {
    return refusal(400, 'invalid_scope', `The client is not allowed the scope ${lacking.join(' ')}`);
  }
  // A client without a list has all scopes, and so has a token for which none were asked.
  const scopes = asked.length > 0 ? asked.filter((scope) => !lacking.includes(scope)) : own;
  const life = client.tokenLifeSeconds ?? world.tokenLifeSeconds;
  const access_token = randomBytes(48).toString('base64url');
  const issuedAt = world.now();
  world.tokens.set(access_token, {
    clientId: id,
    issuedAt,
    expiresAt: issuedAt + life * 1000,
    ...(scopes && { scopes }),
  });
  const expires = world.quirks.has('oauth-no-expiry') ? {} : { expires_in: life };
  return { status: 200, body: { access_token, token_type: 'bearer', ...expires } };
}

/** Who is calling. */
export interface Caller {
  client: OAuthClientRecord;
  token: TokenRecord;
  /** The token itself, as a key for counting; never logged. */
  key: string;
}

/** @throws ApiError 401 `authentication.required` or `bad.credentials` */
export function authenticate(world: World, authorization: string | undefined): Caller {
  const key = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (key === undefined) throw new ApiError('authentication.required');
  const token = world.tokens.get(key);
  const client = token && world.clients.get(token.clientId);
  if (!token || !client || token.expiresAt <= world.now()) throw new ApiError('bad.credentials');
  return { client, token, key };
}

/** Says nothing of which scope is missing: whoever asks has to know. */
const missingScope = { code: 'missing.scope', status: 403, text: 'Forbidden' };

/** @throws ApiError 403 where of one of the lists the token has none */
export function requireScopes(needs: readonly (readonly string[])[], { client, token }: Caller): void {
  const { withheldScopes = [] } = client;
  const has = (scope: string): boolean => !withheldScopes.includes(scope) && (token.scopes?.includes(scope) ?? true);
  if (!needs.every((scopes) => scopes.some(has))) throw new ApiError(missingScope);
}

function basic(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

function equal(expected: string, given: string): boolean {
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refusal(status: number, error: string, description: string): TokenAnswer {
  return { status, body: { error, description, error_description: description } };
}
