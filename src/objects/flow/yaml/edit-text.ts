import { type Lines, outerStart, type Splice } from './edit-lines.ts';
import { Place } from './edit-place.ts';
import type { MapNode } from './parse-node.ts';

/** The changes that give the `callData` step this timeout. `anchored`: an alias refers to its value, keep the anchor. */
export function setTimeout(lines: Lines, step: MapNode, ms: number, anchored: boolean): Splice[] {
  const { text } = lines;
  const place = new Place(lines, step, ms);
  const pair = step.pairs.find(({ key }) => key === 'timeout');
  if (pair === undefined) return place.inserted();
  const { value } = pair;
  const only = value.kind === 'map' && value.pairs.length === 1 ? value.pairs[0]! : undefined;
  if (only?.key === 'lit' && only.value.kind === 'map' && hasUnits(text, only.value)) return place.units(only.value);
  if (value.kind === 'map' && value.flow) return [place.inFlow(pair, value.start)];
  if (step.flow || anchored) return [place.inFlow(pair, anchored ? value.start : outerStart(value))];
  if (only !== undefined) return place.literal(only);
  return place.block(pair, ['lit:', place.unit]);
}

/** What `applied` throws where changes are in each other's way. */
export class Overlap extends Error {}

/** The text with the changes made. Throws `Overlap`. */
export function applied(text: string, splices: readonly Splice[]): string {
  let result = '';
  let copied = 0;
  for (const { start, end, text: put } of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < copied) throw new Overlap('two edits of a flow overlap');
    result += text.slice(copied, start) + put;
    copied = end;
  }
  return result + text.slice(copied);
}

/** True where every unit can be replaced where it stands: each is one short value in its line. */
function hasUnits(text: string, { pairs }: MapNode): boolean {
  return (
    pairs.length > 0 &&
    pairs.every(({ start, value }) => {
      const simple = (value.kind === 'scalar' || value.kind === 'alias') && value.props === undefined;
      return simple && !text.slice(start, value.end).includes('\n') && !/^[|>]/.test(text[value.start] ?? '');
    })
  );
}
