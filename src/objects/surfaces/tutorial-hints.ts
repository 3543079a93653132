import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Refused } from '../../model/surface.ts';
import { type Endpoint, endpoints, namesOrganization } from './tutorial-endpoints.ts';

/** Cause and fix of each refusal, as the tutorials explain them under "Common Errors". */
export function advise(refused: Refused): string | undefined {
  if (refused.pathTemplate === '/oauth/token') return ofToken(refused);
  const endpoint = endpoints[`${refused.method} ${refused.pathTemplate}`];
  return endpoint === undefined ? undefined : byStatus[refused.status]?.(refused, endpoint);
}

type Rule = (refused: Refused, endpoint: Endpoint) => string;

const invalid: Rule = ({ params }, { about, invalid: what }) =>
  what ??
  (about === undefined
    ? 'Correct the document that this comes from.'
    : `Check the id of the ${about.what}: Genesys does not take ${params[about.id]} for one.`);

const moved: Rule = ({ body, params }, { about, inUse }) => {
  if (inUse !== undefined && textIn(body, 'code') === 'in.use') return inUse;
  const version = said(body)['version'];
  const now =
    typeof version === 'number' || typeof version === 'string' ? `; version ${oneWord(version)} is there now` : '';
  const what = about === undefined ? 'It' : `The ${about.what} ${params[about.id]}`;
  if (about?.versioned === false)
    return `${what} is being changed by somebody else, or cannot be changed now: it has no version to tell by. Look at it in the admin pages (Admin > Integrations); it is looked at again, and the change is made to what is there then.`;
  return `${what} was changed by somebody else between reading and writing${now}. It is looked at again, and the change is made to what is there then, with its version.`;
};

const absent: Rule = ({ params }, { about, missing }) => {
  if (about === undefined && missing !== undefined) return missing;
  if (about === undefined)
    return "This organisation does not have this endpoint, which is no part of Genesys's published API: check the host of the target, and its `surfaces`.";
  const helps = about.absent ?? 'check the id in the document, or the variable that it comes from.';
  const check = `There is no ${about.what} with the id ${params[about.id]} (any more): ${helps}`;
  return missing === undefined ? check : `${check} ${missing}`;
};

const byStatus: Readonly<Record<number, Rule>> = {
  400: invalid,
  401: (_refused, { scopes }) =>
    `The token was refused, and a fresh one too: check the client id and the client secret of the target, and that the OAuth client is still there${scopes.length === 0 ? '' : ` and has ${scopesInWords(scopes)}`}.`,
  403: forbidden,
  404: absent,
  405: absent,
  409: moved,
  410: absent,
  412: moved,
  422: invalid,
  429: () =>
    'Genesys wants fewer requests: the time that `Retry-After` names is waited for, or longer and longer where it names none, and the next run goes on; `rateBudget` of the target lowers the share of the allowance in use.',
};

function forbidden({ pathTemplate, params, body, scopes: asked }: Refused, endpoint: Endpoint): string {
  const { scopes, about, scopesAt } = endpoint;
  const code = textIn(body, 'code');
  const organization =
    about !== undefined && params['orgId'] !== undefined
      ? `the organisation ${params['orgId']}`
      : 'an organisation that is named';
  const assign =
    'assign it to the client in the admin pages, or take it out of the document and out of `organizations` of the target';
  if (code === 'organization.not.assigned') return `${capital(organization)} is not assigned to the client: ${assign}.`;
  if (scopes.length === 0) return 'The OAuth client may not see its own organisation: check it in the admin pages.';
  const unasked = scopes.filter(
    (scope) => asked !== undefined && !scope.split(' or ').some((one) => asked.includes(one)),
  );
  return [
    `The OAuth client needs ${scopesInWords(scopes)}. ${whereAdded(scopes.length, scopesAt)}`,
    ...(unasked.length === 0
      ? []
      : [`The token was not asked for with ${unasked.join(' and ')}: \`scopes\` of the target leaves it out.`]),
    ...(code !== 'missing.scope' && namesOrganization.test(pathTemplate)
      ? [`Where it has it, ${organization} is not assigned to the client: ${assign}.`]
      : []),
  ].join(' ');
}

/** Of the request for a token. RFC 6749 has the code in `error`. */
function ofToken({ status, body, scopes = [] }: Refused): string | undefined {
  if (status === 429) return 'Trying again later.';
  if (status === 404)
    return 'Check the host: `orgDomain` or `apiUrl` of the target, or else the variable GENESYS_API_HOST.';
  if (status !== 400 && status !== 401 && status !== 403) return undefined;
  const asked = scopes.length === 0 ? '' : ` The scopes that were asked for: ${scopes.join(', ')}.`;
  if (textIn(body, 'error') === 'invalid_scope' || status === 403)
    return `The OAuth client lacks one of its scopes. ${whereAdded(1)} Or name those that it has as \`scopes\` of the target, which are then asked for alone.${asked}`;
  return `Check the client id and the client secret (\`clientId\` and \`clientSecret\` of the target, or else the variables GENESYS_CLIENT_ID and GENESYS_CLIENT_SECRET), that the OAuth client uses client credentials, and that it belongs to the organisation at this host.${asked}`;
}

const scopesInWords = (scopes: readonly string[]): string =>
  `the ${scopes.length === 1 ? 'scope' : 'scopes'} ${scopes.join(' and ')}`;

/** The tutorials name three menus, all of them of OAuth clients; where it is not known which is meant, what these have in common. */
function whereAdded(count: number, page = 'OAuth (Clients, or Applications)'): string {
  const them = count === 1 ? 'it' : 'them';
  return `Add ${them} in the admin pages: under ${page} open this client, and tick ${them} among its Scopes; the next token has ${them}.`;
}

const said = (body: Json | undefined): JsonObject => (isObject(body) ? body : {});

function textIn(body: Json | undefined, name: string): string | undefined {
  const value = said(body)[name];
  return typeof value === 'string' ? value : undefined;
}

const oneWord = (value: string | number): string =>
  String(value)
    .replace(/[^\w.-]/g, '')
    .slice(0, 40);

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
