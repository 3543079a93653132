/** One file before and after; without a text it is not there. */
export interface FileChange {
  path: string;
  before?: string;
  after?: string;
}

/** Lines around a change that say where it belongs. */
const around = 3;

/** A patch that `git apply` takes, its paths relative to the root that they are given by. */
export function unifiedDiff(changes: readonly FileChange[]): string {
  const ordered = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1));
  return ordered.flatMap(ofFile).join('');
}

function ofFile({ path, before, after }: FileChange): string[] {
  if (before === after) return [];
  const [a, b] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const mode =
    after === undefined ? ['deleted file mode 100644\n'] : before === undefined ? ['new file mode 100644\n'] : [];
  const hunks = hunksOf(linesOf(before ?? ''), linesOf(after ?? ''));
  // A name with a space ends with a tab, as git writes it: else readers could not tell where it ends.
  const named = (name: string): string => (name.includes(' ') ? `${name}\t` : name);
  const heads =
    hunks.length === 0
      ? []
      : [
          `--- ${before === undefined ? '/dev/null' : named(a)}\n`,
          `+++ ${after === undefined ? '/dev/null' : named(b)}\n`,
        ];
  return [`diff --git ${a} ${b}\n`, ...mode, ...heads, ...hunks];
}

/** As git writes a name that it could not read again otherwise. */
function quoted(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/["\\\u0000-\u001f\u007f]/.test(name)) return name;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const escaped = name.replace(/["\\\u0000-\u001f\u007f]/g, (one) =>
    one === '"' || one === '\\' ? `\\${one}` : `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}

/** Lines with what ends them. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

interface Step {
  sign: ' ' | '-' | '+';
  line: string;
}

function hunksOf(before: readonly string[], after: readonly string[]): string[] {
  const steps = stepsBetween(before, after);
  const changed = steps.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const hunks: string[] = [];
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * around) last++;
    const from = Math.max(0, changed[first]! - around);
    const to = Math.min(steps.length, changed[last]! + around + 1);
    hunks.push(hunk(steps, from, to));
    first = last + 1;
  }
  return hunks;
}

function hunk(steps: readonly Step[], from: number, to: number): string {
  const counted = (some: readonly Step[], sign: '-' | '+'): number =>
    some.filter((step) => step.sign === ' ' || step.sign === sign).length;
  const range = (sign: '-' | '+'): string => {
    const count = counted(steps.slice(from, to), sign);
    const start = counted(steps.slice(0, from), sign) + (count === 0 ? 0 : 1);
    return count === 1 ? `${start}` : `${start},${count}`;
  };
  const lines = steps
    .slice(from, to)
    .map(({ sign, line }) => `${sign}${line}${line.endsWith('\n') ? '' : '\n\\ No newline at end of file\n'}`);
  return `@@ -${range('-')} +${range('+')} @@\n${lines.join('')}`;
}

/** What is alike at both ends is set aside; the rest by Myers' algorithm ("An O(ND) Difference Algorithm", 1986). */
function stepsBetween(before: readonly string[], after: readonly string[]): Step[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]): Step[] => lines.map((line) => ({ sign: ' ', line }));
  const middle = myers(before.slice(start, before.length - end), after.slice(start, after.length - end));
  return [...same(before.slice(0, start)), ...middle, ...same(before.slice(before.length - end))];
}

/** More differences than these are not looked for: then all lines go and all others come. */
const mostDifferences = 2000;

function myers(a: readonly string[], b: readonly string[]): Step[] {
  const reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(a.length + b.length, mostDifferences); d++) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkedBack(a, b, trace);
    }
  }
  return [...a.map((line): Step => ({ sign: '-', line })), ...b.map((line): Step => ({ sign: '+', line }))];
}

function walkedBack(a: readonly string[], b: readonly string[], trace: readonly Map<number, number>[]): Step[] {
  const steps: Step[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d]!;
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0) && a[x - 1] === b[y - 1]) {
      steps.push({ sign: ' ', line: a[--x]! });
      y--;
    }
    if (d === 0) break;
    if (down) steps.push({ sign: '+', line: b[--y]! });
    else steps.push({ sign: '-', line: a[--x]! });
  }
  return steps.reverse();
}
