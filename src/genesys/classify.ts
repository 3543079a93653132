import type { Reason } from '../model/failure.ts';
import type { Json } from '../model/json.ts';
import { type ErrorBody, readErrorBody } from './error-body.ts';
import { type Advice, byCode } from './error-codes.ts';

export interface Refusal {
  status: number;
  /** The parsed body; undefined where there is none or it is no JSON. */
  body?: Json | undefined;
  context: {
    /** What was attempted, for people: `PATCH /api/v2/integrations/actions/123`. */
    attempt: string;
    /** True for requests that change something: what became of them is unknown after a 5xx. */
    writes: boolean;
    /** From `Retry-After`, in milliseconds. */
    retryAfter?: number | undefined;
    /** Where a redirect points to: its host only. */
    location?: string | undefined;
    /** Cause and fix as the endpoint's surface tells them, in the place of our own words. */
    advice?: string | undefined;
  };
}

export interface Classified {
  reason: Reason;
  message: string;
  /** Milliseconds to wait, where Genesys said so. */
  after?: number;
}

type Rule = (refusal: Refusal, said: ErrorBody) => Advice;

/**
 * What an answer that is no success means. Pure; the codes of `error-codes.ts` come first, a version that moved next.
 *
 * | status | read | write | why |
 * | --- | --- | --- | --- |
 * | 3xx | BadRequest | BadRequest | redirects are not followed, a token would go with them |
 * | 405, 409 of Architect: locked, an operation in progress | Locked | Locked | over by itself |
 * | 409 of Architect: used by something, in use | InUse | InUse | |
 * | 409 of Architect: missing or too many of something | BadRequest | BadRequest | no second look helps |
 * | 400 "does not match the current version" | Conflict | Conflict | the provider's IsVersionMismatch |
 * | 400, 415, 422, other 4xx | BadRequest | BadRequest | |
 * | 401 | AuthenticationFailed | AuthenticationFailed | only asked after one fresh token |
 * | 403 | PermissionMissing | PermissionMissing | the surface names what is missing |
 * | 404, 410 | Gone | Gone | 410: architect.flow.deleted |
 * | 407 | NetworkError | NetworkError | from a proxy; Genesys never saw it |
 * | 408 | ServerError | Unsettled | it may have been acted on |
 * | 409, 412 | Conflict | Conflict | |
 * | 413 | RequestTooLarge | RequestTooLarge | request.bytes.max |
 * | 429 | RateLimited | RateLimited | nothing happened |
 * | 501 | BadRequest | BadRequest | never acted on, and no retry helps |
 * | 500, 502-599 | ServerError | Unsettled | `architect.database.throughput.exceeded` too |
 */
export function classify(refusal: Refusal): Classified {
  const said = readErrorBody(refusal.body);
  const [reason, advice] = byCode(refusal.status, said.code) ?? ruleFor(refusal, said)(refusal, said);
  const message = `${refusal.context.attempt}: ${genesysSaid(refusal.status, said)} ${refusal.context.advice ?? advice}`;
  return {
    reason,
    message,
    ...(refusal.context.retryAfter === undefined ? {} : { after: refusal.context.retryAfter }),
  };
}

function ruleFor({ status, context }: Refusal, said: ErrorBody): Rule {
  if (status < 400) return redirected;
  if (status === 400 && /does not match the current version/i.test(said.message ?? '')) return moved;
  const rule = byStatus[status];
  if (rule !== undefined) return rule;
  if (status < 500) return refused;
  return context.writes ? unsettled : failed;
}

const refused: Rule = () => ['BadRequest', 'Correct the document that this comes from.'];
const moved: Rule = () => ['Conflict', 'It was changed by somebody else meanwhile; it is read and planned again.'];
const gone: Rule = () => ['Gone', 'It does not exist (any more).'];
const failed: Rule = () => ['ServerError', 'Genesys could not answer; tried again later.'];
const unsettled: Rule = () => [
  'Unsettled',
  'Whether it took effect is not known; it is looked up before anything is sent again.',
];

const redirected: Rule = ({ context }) => [
  'BadRequest',
  `The redirect${context.location === undefined ? '' : ` to ${context.location}`} is not followed, since the token would go along; check \`region\` or \`apiUrl\`.`,
];

const byStatus: Record<number, Rule> = {
  401: () => ['AuthenticationFailed', 'A fresh token was refused too; check the OAuth client and its region.'],
  403: () => ['PermissionMissing', 'A role, division or scope is missing for the OAuth client.'],
  404: gone,
  407: () => ['NetworkError', 'The proxy asks for credentials; check `HTTPS_PROXY`.'],
  408: (refusal, said) => (refusal.context.writes ? unsettled : failed)(refusal, said),
  409: moved,
  410: gone,
  412: moved,
  413: () => ['RequestTooLarge', 'Make the document smaller; Genesys accepts 512000 bytes by default.'],
  429: () => [
    'RateLimited',
    'Trying again later; `rateBudget` of the target lowers the share of the allowance in use.',
  ],
  501: () => ['BadRequest', 'Genesys does not offer this here.'],
};

function genesysSaid(status: number, said: ErrorBody): string {
  const message = said.message === undefined ? '' : `: ${said.message.replace(/[.\s]+$/, '')}`;
  const more = [...(said.code === undefined ? [] : [`code ${said.code}`]), ...said.fields];
  return `Genesys answered ${status}${message}${more.length === 0 ? '' : ` (${more.join('; ')})`}.`;
}
