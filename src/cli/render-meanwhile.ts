import type { Json } from '../model/json.ts';
import type { Meanwhile, Outcome } from '../model/plan.ts';
import { renderDifference, titleOf } from './render-value.ts';
import { type Paint, safe } from './text.ts';

type Ended = Pick<Outcome, 'meanwhile' | 'fields'> & { status: string };

/** `meanwhile changed by somebody else: greetings.delayMs: 2000 → 4321, written over`; a line for each time. */
export function meanwhileLines({ meanwhile = [], fields = [], status }: Ended, paint: Paint): string[] {
  const written = new Set(status === 'applied' ? fields.map(({ path }) => path) : []);
  return meanwhile.map((one) => {
    const said = [...sidesOf(one, written, paint), ...versionsOf(one)];
    const left = one.left !== true ? [] : [status === 'applied' ? 'which is what is wished' : 'left as it is'];
    return `${paint('yellow', 'meanwhile changed by somebody else:')} ${[...said, ...left].join('; ')}`;
  });
}

/** What was written over, and what was not. Where nothing could be written, only what it was. */
function sidesOf({ fields, left }: Meanwhile, written: ReadonlySet<string>, paint: Paint): string[] {
  if (fields === undefined) return [`what it says cannot be read${written.size > 0 ? ', written over' : ''}`];
  if (fields.length === 0) return ['nothing that is wished'];
  const isOver = ({ path }: { path: string }): boolean => left !== true && written.has(path);
  const over = fields.filter(isOver).map((field) => sideOf(field, paint));
  const rest = fields.filter((field) => !isOver(field)).map((field) => sideOf(field, paint));
  const isPartly = left !== true && written.size > 0 && rest.length > 0;
  return [
    ...(over.length === 0 ? [] : [`${over.join(', ')}, written over`]),
    ...(rest.length === 0 ? [] : [`${rest.join(', ')}${isPartly ? ', left as it is' : ''}`]),
  ];
}

function sideOf(field: NonNullable<Outcome['fields']>[number], paint: Paint): string {
  const { from, to } = field;
  const lines = to === undefined ? [] : renderDifference(field, from, to as Json, paint);
  // What is long, or a text of several lines, is told by its name.
  return lines.length === 0 || lines.some((line) => line.endsWith(':')) ? safe(titleOf(field)) : lines.join(', ');
}

/** Longer ones are fingerprints, which say nothing to people. */
const longestVersion = 12;

function versionsOf({ versionBefore, versionNow }: Meanwhile): string[] {
  const known = [versionBefore, versionNow].filter((one) => one !== undefined && one.length <= longestVersion);
  if (versionNow === undefined || versionNow === versionBefore || known.length === 0) return [];
  return [`version ${known.map((one) => safe(one!)).join(' → ')}`];
}
