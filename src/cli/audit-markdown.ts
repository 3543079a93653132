import { fieldInWords } from './audit-csv.ts';
import type { Audited } from './audited.ts';
import { cell } from './render-markdown.ts';
import { meanwhileLines } from './render-meanwhile.ts';
import { activeIn } from './render-outcomes.ts';
import { describe } from './render-plan.ts';
import { plain, shortRevision } from './text.ts';
import { stamp } from './when.ts';

export const markdownHeader = [
  '| time (UTC) | target | what | object | by | fields | correlation ids | audit log |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
  '',
].join('\n');

/** One row of the table. */
export function markdownLine(one: Audited): string {
  const parts = [
    [stamp(one.time)],
    [one.target],
    what(one),
    [describe(one.object), ...(one.object.id === undefined || one.object.id === one.object.key ? [] : [one.object.id])],
    by(one),
    one.fields.map(fieldInWords),
    one.type === 'change' ? one.requests.flatMap(({ correlationId }) => correlationId ?? []) : [],
    [`${one.match}${one.why === undefined ? '' : `: ${one.why}`}`, ...one.auditIds],
  ];
  return `| ${parts.map((lines) => lines.map(cell).join('<br>')).join(' | ')} |\n`;
}

function what(one: Audited): string[] {
  if (one.type === 'change') {
    const { action, cause, status, resource, message, reason } = one;
    const said = status === 'applied' ? action : `${action}, ${status}`;
    const why = [...(reason === undefined ? [] : [reason]), ...(message === undefined ? [] : [message])].join(': ');
    return [
      `${said}: ${resource}`,
      ...(cause === undefined ? [] : [`cause: ${cause}`]),
      ...(why === '' ? [] : [why]),
      ...activeIn(one),
      ...meanwhileLines(one, plain),
    ];
  }
  const kind = one.type === 'drift' ? (one.deleted === true ? 'drift, deleted' : 'drift') : 'another process';
  const { ended } = one;
  return [
    `${kind}${one.resource === undefined ? '' : `: ${one.resource}`}`,
    ...(ended === undefined ? [] : [`${ended.how} ${stamp(ended.at)}`]),
  ];
}

function by(one: Audited): string[] {
  if (one.type !== 'change') {
    const addresses = [...new Set(one.deeds.flatMap(({ remoteIp }) => remoteIp))];
    return [one.who ?? 'not known', ...(addresses.length === 0 ? [] : [`from ${addresses.join(', ')}`])];
  }
  const { commit, revision } = one;
  if (commit === undefined) return [shortRevision(revision)];
  const { sha, author, subject, pullRequest } = commit;
  return [
    `${author.name} <${author.email}>`,
    `${sha.slice(0, 10)} ${subject}`,
    ...(pullRequest === undefined ? [] : [pullRequest]),
  ];
}
