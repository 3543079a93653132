import type { Json } from '../model/json.ts';
import type { Audited, AuditedChange } from './audited.ts';
import { meanwhileLines } from './render-meanwhile.ts';
import { titleOf } from './render-value.ts';
import { plain, safe } from './text.ts';

/** Only ever appended to: who reads these files goes by the order. */
const columns = [
  'time',
  'type',
  'target',
  'organization',
  'run',
  'revision',
  'commit',
  'author',
  'author_email',
  'committer',
  'subject',
  'pull_request',
  'resource',
  'object_type',
  'object_key',
  'object_id',
  'action',
  'cause',
  'status',
  'message',
  'fields',
  'correlation_ids',
  'version_before',
  'version_after',
  'activation_ms',
  'match',
  'why',
  'audit_ids',
  'who',
  'when',
  'from_address',
  'deeds',
  'against',
  'ended',
  'acknowledged_ms',
  'meanwhile',
] as const;

type Row = Partial<Record<(typeof columns)[number], string | number | undefined>>;

export const csvHeader = `${columns.join(',')}\r\n`;

/** One line of RFC 4180: quoted where it has to be, ended by CRLF. */
export function csvLine(one: Audited): string {
  const row = one.type === 'change' ? rowOfChange(one) : rowOfDrift(one);
  return `${columns.map((column) => cell(row[column])).join(',')}\r\n`;
}

/** Spreadsheets take what begins so for a formula; names and commit messages are anybody's. */
const formula = /^[=+\-@\t\r]/;

function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  const text = safe(String(value));
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function common(one: Audited): Row {
  const { time, type, target, organization, run, revision, resource, object, match, why, auditIds } = one;
  return {
    ...{ time, type, target, organization, run, revision, resource, match, why },
    object_type: object.type,
    object_key: object.key,
    object_id: object.id,
    fields: one.fields.map(fieldInWords).join('; '),
    audit_ids: auditIds.join(' '),
  };
}

function rowOfChange(one: AuditedChange): Row {
  const { commit, action, cause, status, reason, message, requests, versions, acknowledgedMs, activationMs } = one;
  return {
    ...common(one),
    commit: commit?.sha,
    author: commit?.author.name,
    author_email: commit?.author.email,
    committer: commit?.committer.name,
    subject: commit?.subject,
    pull_request: commit?.pullRequest,
    ...{ action, cause, status },
    message: [...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [message])].join(': '),
    correlation_ids: requests.flatMap(({ correlationId }) => correlationId ?? []).join(' '),
    version_before: versions.before,
    version_after: versions.after,
    activation_ms: activationMs,
    acknowledged_ms: acknowledgedMs,
    meanwhile: meanwhileLines(one, plain).join('; '),
  };
}

function rowOfDrift(one: Exclude<Audited, AuditedChange>): Row {
  const { deleted, who, deeds, against, ended } = one;
  return {
    ...common(one),
    action: deleted === true ? 'delete' : undefined,
    who,
    when: deeds.map(({ at }) => at).join(' '),
    from_address: [...new Set(deeds.flatMap(({ remoteIp }) => remoteIp))].join(' '),
    deeds: deeds
      .map(({ entityType, action, changes }) => {
        const said = changes.map(({ property, from, to }) => `${property} ${from.join(' ')} → ${to.join(' ')}`);
        return [`${entityType} ${action}`, ...said].join(', ');
      })
      .join('; '),
    against: against?.commit ?? against?.revision,
    ended: ended === undefined ? undefined : `${ended.how} ${ended.at} ${ended.runId}`,
  };
}

/** `config.timeoutSeconds: 10 → 20 (Timeout/all)`. */
export function fieldInWords({ path, title, from, to, by }: AuditedChange['fields'][number]): string {
  const value = (one: Json | undefined): string => (one === undefined ? '(none)' : JSON.stringify(one));
  const said =
    from === undefined && to === undefined ? '' : `: ${value(from)} → ${to === undefined ? '...' : value(to)}`;
  return `${titleOf({ path, title })}${said} (${by})`;
}
