import type { Json } from '../model/json.ts';
import { type Change, type Held, type Plan, summarise } from '../model/plan.ts';
import { describe, placeOf, renderChecks, renderDrift, renderSummary } from './render-plan.ts';
import { renderDifference, renderParts } from './render-value.ts';
import { plain, safe, shortRevision } from './text.ts';

/** A plan for a pull request: a table, and the differences folded under it. */
export function renderMarkdown(plan: Plan): string {
  const rows = [
    ...plan.changes.map((change) => row(change.action, change, change.cause)),
    ...plan.held.map((held) => row(`held (${held.action})`, held, `${held.reason}: ${held.message}`)),
  ];
  const details = [...plan.changes, ...plan.held]
    .filter(({ fields, drift, checks }) => fields.length > 0 || drift !== undefined || checks !== undefined)
    .map(detail);
  return [
    `### ${cell(plan.target)} · ${cell(plan.organization.name)} · \`${shortRevision(plan.revision)}\``,
    '',
    ...(rows.length === 0 ? ['No changes.'] : ['| | resource | object | why |', '| --- | --- | --- | --- |', ...rows]),
    '',
    ...plan.warnings.map((one) => `> **${cell(one.code)}** ${cell(`${placeOf(one)}${one.message}`)}\n`),
    ...details,
    `**Plan:** ${renderSummary(summarise(plan))}.`,
  ].join('\n');
}

function row(verb: string, change: Change | Held, why: string): string {
  return `| **${verb}** | ${cell(`${change.kind}/${change.name}`)} | ${cell(describe(change.object))} | ${cell(why)} |`;
}

function detail(change: Change | Held): string {
  const lines = change.fields.flatMap((field) => {
    const { from, to, parts } = field;
    return parts === undefined ? renderDifference(field, from, to as Json, plain) : renderParts(parts, plain);
  });
  lines.push(...renderChecks(change, plain), ...renderDrift(change, plain));
  const title = cell(`${change.kind}/${change.name}`);
  return `<details><summary>${title}</summary>\n\n${fenced(lines.join('\n'))}\n\n</details>\n`;
}

/** Text of several lines as it is. A fence longer than any run of backticks inside it cannot be closed from inside. */
export function fenced(text: string): string {
  const runs = Array.from(text.matchAll(/`+/g), ([run]) => run.length + 1);
  const fence = '`'.repeat(runs.reduce((most, length) => Math.max(most, length), 3));
  return `${fence}\n${text}\n${fence}`;
}

/**
 * Text of somebody else's inside a table: nothing in it is markup. A backslash keeps GitHub neither from mentioning
 * people and issues nor from linking addresses; a space without width does.
 */
export function cell(text: string): string {
  return safe(text)
    .replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!)
    .replace(/[\\`*_{}[\]()#+!|]/g, (c) => `\\${c}`)
    .replace(/[@#]|:(?=\/\/)|\bwww(?=\.)|\bGH(?=-\d)/gi, (found) => `${found}&#8203;`);
}
