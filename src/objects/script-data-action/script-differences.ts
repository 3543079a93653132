import type { Difference } from '../../model/plan.ts';

/** More than these nobody reads in a plan; the commit has them all. */
const mostDifferences = 12;
/** Lines that are told one by one, of a place that changed. */
const mostLines = 4;

/** Where two scripts differ: by function and line, in few words. None where they are the same to the byte. */
export function scriptDifferences(live: string | undefined, wanted: string): Difference[] {
  if (live === wanted) return [];
  if (live === undefined) return [{ at: 'script', to: lines(wanted.split('\n').length) }];
  if (unix(live) === unix(wanted)) return [{ at: 'script › line ends', from: ends(live), to: ends(wanted) }];
  const [now, then] = [parts(unix(live)), parts(unix(wanted))];
  const names = [...new Set([...then.keys(), ...now.keys()])];
  const found = names.flatMap((name): Difference[] => {
    const [from, to] = [now.get(name), then.get(name)];
    const at = name === '' ? 'script' : `script › ${name}`;
    if (from === undefined) return [{ at, to: lines(to!.lines.length) }];
    if (to === undefined) return [{ at, from: lines(from.lines.length) }];
    return partDifferences(at, from, to);
  });
  // The same functions in another order.
  if (found.length === 0) return [{ at: 'script › order of its functions' }];
  const more = found.length - mostDifferences;
  return more <= 0 ? found : [...found.slice(0, mostDifferences), { at: `script › and ${more} more places` }];
}

interface Part {
  /** Where it begins, from 1. */
  line: number;
  lines: string[];
}

/** A script as its functions and classes, by name; what stands before and between them is the part without a name. */
function parts(script: string): Map<string, Part> {
  const found = new Map<string, Part>();
  const seen = new Map<string, number>();
  let name = '';
  for (const [i, line] of script.split('\n').entries()) {
    const opened = /^(?:async\s+def|def|class)\s+(\w+)/.exec(line)?.[1];
    if (opened !== undefined) {
      const count = (seen.get(opened) ?? 0) + 1;
      seen.set(opened, count);
      name = count === 1 ? opened : `${opened} (${count})`;
    } else if (/^[^\s#)\]}]/.test(line)) name = '';
    const part = found.get(name);
    if (part === undefined) found.set(name, { line: i + 1, lines: [line] });
    else part.lines.push(line);
  }
  return found;
}

function partDifferences(at: string, from: Part, to: Part): Difference[] {
  const [a, b] = [from.lines, to.lines];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [gone, come] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const count = Math.max(gone.length, come.length);
  if (count === 0) return [];
  const line = to.line + start;
  if (count > mostLines) {
    return [{ at: `${at} › line ${line}`, from: lines(gone.length), to: lines(come.length) }];
  }
  return Array.from({ length: count }, (_, i) => ({
    at: `${at} › line ${line + i}`,
    ...(gone[i] === undefined ? {} : { from: gone[i] }),
    ...(come[i] === undefined ? {} : { to: come[i] }),
  }));
}

function lines(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function unix(script: string): string {
  return script.replaceAll('\r\n', '\n');
}

function ends(script: string): string {
  const windows = script.split('\r\n').length - 1;
  if (windows === 0) return 'LF';
  return windows === script.split('\n').length - 1 ? 'CRLF' : 'LF and CRLF';
}
