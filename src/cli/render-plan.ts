import { driftInWords } from '../model/drift-words.ts';
import { isEmpty, type Json } from '../model/json.ts';
import { keyParts } from '../model/key.ts';
import type {
  Change,
  Checked,
  FieldChange,
  Held,
  ObjectRef,
  Plan,
  Summary,
  Unchanged,
  Warning,
} from '../model/plan.ts';
import { summarise } from '../model/plan.ts';
import { inline, renderDifference, renderNew, renderParts, titleOf } from './render-value.ts';
import { owner, type Paint, safe, shortRevision } from './text.ts';

const verbs = {
  create: { sign: '+', word: 'create', style: 'green' },
  update: { sign: '~', word: 'update', style: 'yellow' },
  delete: { sign: '-', word: 'delete', style: 'red' },
} as const;

/** More unchanged objects than these are only counted, but for those that carry somebody's wish. */
const mostUnchanged = 20;

/** The plan as people read it, ending with one summary line; line by line, since it may be of thousands of objects. */
export function* planLines(plan: Plan, paint: Paint): Generator<string> {
  const { unchanged } = plan;
  const tells = ({ fields, adopt, checks }: Unchanged): boolean =>
    fields !== undefined || adopt === true || checks !== undefined;
  const shown = unchanged.filter((one) => unchanged.length <= mostUnchanged || tells(one));
  yield paint('bold', `${safe(plan.target)} · ${safe(plan.organization.name)} · ${shortRevision(plan.revision)}`);
  yield '';
  for (const change of plan.changes) yield* renderChange(change, paint);
  for (const one of shown) yield* renderUnchanged(one, paint);
  for (const held of plan.held) yield* renderHeld(held, paint);
  for (const one of plan.warnings) {
    yield `${paint('yellow', 'warning')} ${safe(`${placeOf(one)}${one.code}: ${one.message}`)}`;
  }
  yield `${paint('bold', 'Plan:')} ${renderSummary(summarise(plan))}.`;
}

/** `web/shop.yaml:7:12: `; nothing where there is no place. */
export function placeOf({ place }: Warning): string {
  return place === undefined ? '' : `${place.path}:${place.line}:${place.column}: `;
}

export function renderSummary({ create, update, delete: remove, unchanged, held }: Summary): string {
  const parts = [`${create} to create`, `${update} to update`, `${remove} to delete`, `${unchanged} unchanged`];
  return [...parts, ...(held > 0 ? [`${held} held`] : [])].join(', ');
}

function renderChange(change: Change, paint: Paint): string[] {
  const { sign, word, style } = verbs[change.action];
  const notes = [
    ...(change.cause === 'drift' ? [driftOf(change)] : []),
    ...(change.cause === 'both' ? ['the repository and the organisation both changed'] : []),
    ...(change.adopt ? ['adopts an existing object'] : []),
  ];
  const note = notes.length === 0 ? '' : paint('cyan', `  (${notes.join('; ')})`);
  const head = `${paint(style, `${sign} ${word}`)} ${owner(change)}  ${describe(change.object)}${note}`;
  const below = [...renderFields(change, paint), ...renderChecks(change, paint), ...renderDrift(change, paint)];
  return [head, ...below.map((line) => `    ${line}`)];
}

function driftOf({ fields }: Change): string {
  const isAsLeft = fields.length > 0 && fields.every(({ follows }) => follows === true);
  return isAsLeft ? 'it follows what was changed outside the repository' : 'drift: changed outside the repository';
}

/** Who moved it, where the audit log was asked. */
export function renderDrift({ drift }: Pick<Change, 'drift'>, paint: Paint): string[] {
  return drift === undefined ? [] : [`${paint('cyan', 'drift:')} ${safe(driftInWords(drift))}`];
}

/** What was expected of other objects, and what was found. */
export function renderChecks(
  { kind, name, checks = [] }: Pick<Change, 'kind' | 'name' | 'checks'>,
  paint: Paint,
): string[] {
  return checks.map(({ holds, told, by }: Checked) => {
    const sign = holds ? paint('green', '✓') : paint('yellow', '!');
    return `${sign} ${safe(told)}${by === `${kind}/${name}` ? '' : `  ${paint('dim', `by ${safe(by)}`)}`}`;
  });
}

/** A create shows what it is made of in short; an update shows every difference. */
export function renderFields(change: Change, paint: Paint): string[] {
  const me = `${change.kind}/${change.name}`;
  const fields = change.fields.filter(({ to }) => change.action !== 'create' || !isEmpty(to as Json));
  return fields.flatMap((field) => {
    const { by } = field;
    const lines = renderField(field, change.action, paint);
    if (by === me) return lines;
    return lines.map((line, i) => (i === 0 ? `${line}  ${paint('dim', `by ${safe(by)}`)}` : line));
  });
}

function renderField(field: FieldChange, action: Change['action'], paint: Paint): string[] {
  const { from, to, parts } = field;
  if (parts !== undefined) return renderParts(parts, paint);
  return action === 'create' ? renderNew(field, to as Json, paint) : renderDifference(field, from, to as Json, paint);
}

function renderUnchanged(one: Unchanged, paint: Paint): string[] {
  const head = `${paint('dim', '= no change')} ${owner(one)}  ${describe(one.object)}${one.adopt ? paint('cyan', '  (identical: adopted)') : ''}`;
  const wishes = (one.fields ?? []).map(({ path, title, value, by }) => {
    const whose = by === `${one.kind}/${one.name}` ? '' : `  ${paint('dim', `by ${safe(by)}`)}`;
    return `    ${safe(titleOf({ path, title }))}: ${inline(value)}${whose}`;
  });
  return [head, ...wishes, ...renderChecks(one, paint).map((line) => `    ${line}`)];
}

function renderHeld(held: Held, paint: Paint): string[] {
  const head = `${paint('yellow', '! held')} ${owner(held)}  ${describe(held.object)}`;
  const verb = verbs[held.action];
  const what = held.fields.length > 0 || held.action === 'delete' ? [`would ${verb.word}`] : [];
  return [
    head,
    `    ${held.reason}: ${safe(held.message)}`,
    ...what.map((line) => `    ${paint('dim', line)}`),
    ...renderFields(held, paint).map((line) => `      ${line}`),
    ...renderChecks(held, paint).map((line) => `    ${line}`),
    ...(isToldIn(held) ? [] : renderDrift(held, paint).map((line) => `    ${line}`)),
  ];
}

/** Policy that is about drift says in its message who it was. */
function isToldIn({ drift, message }: Held): boolean {
  return drift !== undefined && message.includes(driftInWords(drift));
}

/** `DataAction/get-customer`, with the object where that goes by its id: one document may be about several. */
export function subject(change: Pick<Change, 'kind' | 'name' | 'object'>): string {
  const { key, id } = change.object;
  return key === id ? `${owner(change)} ${describe(change.object)}` : owner(change);
}

/** `"CRM Web Services / Get Customer"`; `"Order Line" (6a1f0c52-...)` of what goes by its id and is known by a name. */
export function describe({ key, name }: Pick<ObjectRef, 'key' | 'name'>): string {
  const told = safe(keyParts(key).join(' / '));
  return name === undefined ? `"${told}"` : `"${safe(name)}" (${told})`;
}
