import type { AppliedField } from '../../model/journal.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { Difference } from '../../model/plan.ts';
import type { Pointer } from '../../model/pointer.ts';
import { declared, drift, meeting } from './compare/differences.ts';
import { stepOf } from './compose.ts';
import type { FlowFile } from './model.ts';
import { type Content, prepared } from './prepare.ts';

interface Compared {
  wanted: Json;
  live?: Json;
  applied?: AppliedField;
  title?: string;
}

/**
 * What Genesys makes of a file (defaults, refIds, order) is known only once it was published: from then on, live is
 * compared whole with that. Before, and for another text than the last one, what the file declares is compared: what
 * only live has is a default, or somebody's, and no difference; what the last text declared and this one does not is. The
 * same goes for a flow that was taken over as it is, until a text of ours is published.
 */
export function differences(path: Pointer, field: Compared): Difference[] | undefined {
  if (path === '/content') return comparedOnce(field);
  const step = stepOf(path);
  return step === undefined ? undefined : timeoutDifferences(step, field);
}

/** A run asks twice, for its plan and for what it remembers; at a first meeting each answer takes two readings. */
const compared = new WeakMap<object, { field: Compared; found: Difference[] }>();

function comparedOnce(field: Compared): Difference[] {
  const { wanted, live, applied } = field;
  const known = isObject(wanted) ? compared.get(wanted) : undefined;
  if (known !== undefined && known.field.live === live && known.field.applied === applied) return known.found;
  const found = contentDifferences(field);
  if (isObject(wanted)) compared.set(wanted, { field, found });
  return found;
}

function contentDifferences({ wanted, live, applied }: Compared): Difference[] {
  const want = asContent(wanted);
  const now = asContent(live);
  if (want === undefined) return [];
  if (now === undefined) return [{ at: `content: ${want.text.split('\n').length} lines` }];
  const before = asContent(applied?.wanted);
  // What Genesys made of our text; of a flow that was only taken over nobody knows whose its settings are.
  const ours = applied?.written === true ? asContent(applied.rendered) : undefined;
  const isSameText = before?.digest === want.digest;
  if (isSameText && ours !== undefined) return moved(now, ours);
  if (now.digest === want.digest) return [];
  const wished =
    before === undefined || isSameText ? met(wanted, live).found : declared(flowOf(want), flowOf(now), flowOf(before));
  // Publishing resets what somebody changed beside it: it is said, though this text does not speak of it.
  const lost = ours === undefined || wished.length === 0 ? [] : moved(now, ours);
  return [...wished, ...lost.filter(({ at }) => !wished.some((one) => one.at === at))];
}

const meetings = new WeakMap<object, { live: Json | undefined; met: ReturnType<typeof meeting> }>();

/** A file and what is live before it was ever published by us, compared once: reviews and plans ask for the same. */
export function met(wanted: Json | undefined, live: Json | undefined): ReturnType<typeof meeting> {
  const [want, now] = [asContent(wanted), asContent(live)];
  if (want === undefined || now === undefined || want.digest === now.digest) return { found: [], extras: [] };
  const known = meetings.get(wanted as object);
  if (known?.live === live && known !== undefined) return known.met;
  const made = meeting(flowOf(want), flowOf(now));
  meetings.set(wanted as object, { live, met: made });
  return made;
}

/** What it takes to come from what is live back to what was left. */
function moved(now: Content, left: Content): Difference[] {
  return now.digest === left.digest ? [] : drift(flowOf(now), flowOf(left));
}

function timeoutDifferences(step: string, { wanted, live, applied, title = step }: Compared): Difference[] {
  const now = live ?? null;
  const at = `${title} › timeout`;
  if (applied?.written === true && applied.wanted === wanted) {
    const left = applied.rendered ?? null;
    return left === now ? [] : [difference(at, now, left)];
  }
  if (wanted !== null) return wanted === now ? [] : [difference(at, now, wanted)];
  const wasDeclared = applied !== undefined && applied.wanted !== null && applied.wanted === now;
  return wasDeclared ? [difference(at, now, null)] : [];
}

function difference(at: string, from: Json, to: Json): Difference {
  return { at, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
}

function asContent(value: Json | undefined): Content | undefined {
  if (!isObject(value)) return undefined;
  const { digest, text } = value;
  return typeof digest === 'string' && typeof text === 'string' ? { digest, text } : undefined;
}

function flowOf({ text }: Content): FlowFile {
  return prepared(text, 'a flow').flow;
}

/**
 * What is published as our version is what Genesys makes of our text, a file is compiled whole or refused: of the text, and
 * of a step that has no timeout in it.
 */
export function renders(path: Pointer, wanted: Json, live: Json | undefined): boolean {
  if (path === '/content') return asContent(live) !== undefined;
  return stepOf(path) !== undefined && wanted === null;
}
