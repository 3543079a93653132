import { Failure } from '../../model/failure.ts';
import { canonical } from './canonical.ts';
import type { Call, Flaw, FlowFile } from './model.ts';
import { parseFlow } from './parse.ts';
import { findCalls } from './steps.ts';

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
const outlines = new Map<string, Outline>();
/** Characters of the texts whose outlines are remembered. */
const mostOutlined = 24_000_000;
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
  return result;
}

/** A text that was checked before, or that Genesys made. Throws `ExportFailed` where it is no flow. */
export function prepared(text: string, what: string): Prepared {
  const result = prepare(text);
  if (!('flaws' in result)) return result;
  throw new Failure('ExportFailed', `${what} is no flow that can be read: ${result.flaws[0]?.message ?? 'no reason'}`);
}

/** The calls and the digest of such a text. */
export function outline(text: string, what: string): Outline {
  const known = outlines.get(text);
  if (known !== undefined) return known;
  const { calls, digest } = prepared(text, what);
  const result: Outline = { calls, digest };
  outlines.set(text, result);
  outlined += text.length;
  while (outlined > mostOutlined && outlines.size > 1) {
    const oldest = outlines.keys().next().value!;
    outlines.delete(oldest);
    outlined -= oldest.length;
  }
  return result;
}

/** The value of the field `/content`: what is published, and by what it is compared. */
export type Content = { digest: string; text: string };
