import { hash } from 'node:crypto';
import { Failure } from '../../model/failure.ts';
import { canonical } from './compare/canonical.ts';
import type { Call, Flaw, FlowFile } from './model.ts';
import { parseFlow } from './yaml/parse.ts';
import { findCalls } from './yaml/steps.ts';

/** What planning needs of a flow's text, and small enough to be remembered for a thousand flows. */
export interface Outline {
  calls: readonly Call[];
  /** Equal for texts that mean the same flow, its timeouts, name and division aside. */
  digest: string;
}

/** A flow's text with all that is made of it. */
export interface Prepared extends Outline {
  text: string;
  flow: FlowFile;
}

/** One text is asked about several times in a run: checked, compared, edited. */
const remembered = new Map<string, Prepared>();
const mostRemembered = 4;
/** By the hash of the text: the texts themselves would be held for as long, and those of a large organisation weigh. */
const outlines = new Map<string, Outline>();
/** Calls of the flows whose outlines are remembered, and one more for each flow; some 20 MB. */
const mostOutlined = 50_000;
let outlined = 0;

export function prepare(text: string): Prepared | { flaws: Flaw[] } {
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const parsed = parseFlow(text);
  if ('flaws' in parsed) return parsed;
  const { flow } = parsed;
  const result: Prepared = { text, flow, calls: findCalls(flow), digest: canonical(flow).digest };
  remembered.set(text, result);
  if (remembered.size > mostRemembered) remembered.delete(remembered.keys().next().value!);
  keepOutline(text, result);
  return result;
}

/** A text that was checked before, or that Genesys made. Throws `ExportFailed` where it is no flow. */
export function prepared(text: string, what: string): Prepared {
  const result = prepare(text);
  if (!('flaws' in result)) return result;
  throw new Failure('ExportFailed', `${what} is no flow that can be read: ${result.flaws[0]?.message ?? 'no reason'}`);
}

/** The calls and the digest of such a text; without reading it again where it was prepared once. */
export function outline(text: string, what: string): Outline {
  return outlines.get(keyOf(text)) ?? prepared(text, what);
}

/** The outline of a text that is known to have the same as one that was prepared. */
export function keepOutline(text: string, { calls, digest }: Outline): void {
  const key = keyOf(text);
  if (outlines.has(key)) return;
  outlines.set(key, { calls, digest });
  outlined += calls.length + 1;
  while (outlined > mostOutlined && outlines.size > 1) {
    const [oldest, { calls: gone }] = outlines.entries().next().value!;
    outlines.delete(oldest);
    outlined -= gone.length + 1;
  }
}

function keyOf(text: string): string {
  return hash('sha256', text);
}

/** The value of the field `/content`: what is published, and by what it is compared. */
export type Content = { digest: string; text: string };
