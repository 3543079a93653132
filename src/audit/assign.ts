/**
 * Which record is whose, for writes and records that may be each other's. Both are in order of time.
 * `weight`: 0 where a record cannot be a write's, else more the more speaks for it.
 */
export interface Puzzle {
  writes: number;
  records: number;
  weight(write: number, record: number): number;
  /** Whether it is known which of two was first. */
  writesInOrder(one: number, other: number): boolean;
  recordsInOrder(one: number, other: number): boolean;
}

/** So many comparisons are made where order does not settle it, some milliseconds; what takes more is not told apart. */
const mostSteps = 2_000_000;
/** Nor is what has more pairs than this: nothing real does, and it would take the memory of the process. */
const mostPairs = 4_000_000;

/**
 * Of all ways to give records to writes, one to one and never against the order in which both happened, those count that
 * give the most records, and among them those for which most speaks. A write's record is certain where it has that one in
 * every such way; all others are left open (undefined).
 */
export function assign(puzzle: Puzzle): (number | undefined)[] {
  const { writes, records } = puzzle;
  const inOrder =
    range(1, writes).every((n) => puzzle.writesInOrder(n - 1, n)) &&
    range(1, records).every((n) => puzzle.recordsInOrder(n - 1, n));
  const areTooMany = Math.max(writes, inOrder ? 0 : records) * records > mostPairs;
  const ways = areTooMany ? undefined : inOrder ? alongOrder(puzzle) : byTrying(workedOut(puzzle));
  if (ways === undefined) return range(0, writes).map(() => undefined);
  // Nobody else can have it in any of them: there it would be missing here.
  return ways.map(([record, ...others]) => (record === nobody || others.length > 0 ? undefined : record));
}

/** By write: the records that it has in one of the best ways; `nobody` where it may as well have none. */
type Ways = number[][];
const nobody = -1;

/** Where both sides are in strict order, the best ways are paths through a table: from its start (`before`) and from its end (`after`). */
function alongOrder({ writes, records, weight }: Puzzle): Ways {
  const width = records + 1;
  const before = new Int32Array((writes + 1) * width);
  const after = new Int32Array((writes + 1) * width);
  const at = (write: number, record: number): number => write * width + record;
  for (let w = 1; w <= writes; w++) {
    for (let r = 1; r <= records; r++) {
      const gain = weight(w - 1, r - 1);
      const paired = gain > 0 ? before[at(w - 1, r - 1)]! + gain : 0;
      before[at(w, r)] = Math.max(before[at(w - 1, r)]!, before[at(w, r - 1)]!, paired);
    }
  }
  for (let w = writes - 1; w >= 0; w--) {
    for (let r = records - 1; r >= 0; r--) {
      const gain = weight(w, r);
      const paired = gain > 0 ? after[at(w + 1, r + 1)]! + gain : 0;
      after[at(w, r)] = Math.max(after[at(w + 1, r)]!, after[at(w, r + 1)]!, paired);
    }
  }
  const best = before[at(writes, records)]!;
  return range(0, writes).map((w) => {
    const had = range(0, records).filter((r) => {
      const gain = weight(w, r);
      return gain > 0 && before[at(w, r)]! + gain + after[at(w + 1, r + 1)]! === best;
    });
    const without = range(0, records + 1).some((r) => before[at(w, r)]! + after[at(w + 1, r)]! === best);
    return without ? [...had, nobody] : had;
  });
}

/** The same, with everything that is asked again and again worked out once. */
function workedOut({ writes, records, weight, writesInOrder, recordsInOrder }: Puzzle): Puzzle {
  const table = (rows: number, columns: number, cell: (row: number, column: number) => number) => {
    const cells = Int32Array.from({ length: rows * columns }, (_, n) => cell(Math.floor(n / columns), n % columns));
    return (row: number, column: number): number => cells[row * columns + column]!;
  };
  const before = table(writes, writes, (one, other) => Number(writesInOrder(one, other)));
  const told = table(records, records, (one, other) => Number(recordsInOrder(one, other)));
  return {
    ...{ writes, records, weight: table(writes, records, weight) },
    writesInOrder: (one, other) => before(one, other) === 1,
    recordsInOrder: (one, other) => told(one, other) === 1,
  };
}

/** All ways, for a few writes whose order, or whose records' order, is not known. Undefined where they are too many. */
function byTrying(puzzle: Puzzle): Ways | undefined {
  const { writes, records, weight } = puzzle;
  const most = range(0, writes).map((w) => Math.max(0, ...range(0, records).map((r) => weight(w, r))));
  const rest = most.map((_, w) => most.slice(w).reduce((sum, one) => sum + one, 0));
  const chosen: number[] = [];
  let best = -1;
  let ways: Ways = [];
  let steps = 0;

  const fits = (record: number): boolean =>
    chosen.every((earlier, w) => {
      if (earlier === nobody) return true;
      if (earlier === record) return false;
      return !(puzzle.writesInOrder(w, chosen.length) && puzzle.recordsInOrder(record, earlier));
    });

  function choose(score: number): void {
    const w = chosen.length;
    if (score + (rest[w] ?? 0) < best) return;
    if (w === writes) {
      if (score > best) ways = chosen.map(() => []);
      best = score;
      for (const [write, record] of chosen.entries()) if (!ways[write]!.includes(record)) ways[write]!.push(record);
      return;
    }
    for (const record of [...range(0, records), nobody]) {
      steps += w + 1;
      if (steps > mostSteps) return;
      const gain = record === nobody ? 0 : weight(w, record);
      if (record !== nobody && (gain === 0 || !fits(record))) continue;
      chosen.push(record);
      choose(score + gain);
      chosen.pop();
    }
  }
  choose(0);
  return steps > mostSteps ? undefined : ways;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
}
