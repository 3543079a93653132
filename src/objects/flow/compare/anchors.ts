/** More edits than this are not followed: work and memory grow with their square. */
const mostEdits = 500;

/**
 * Places at which two long lists agree, in order: the path with the fewest insertions and removals (Myers 1986), found
 * without comparing every item with every other. None where the lists differ in too many places.
 */
export function anchors(
  rows: number,
  columns: number,
  same: (row: number, column: number) => boolean,
): [number, number][] {
  const limit = Math.min(rows + columns, mostEdits);
  /** For each diagonal (row minus column) the farthest row that so many edits reach; kept for each number of edits. */
  const reached: Map<number, number>[] = [];
  let front = new Map([[1, 0]]);
  for (let edits = 0; edits <= limit; edits++) {
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let row = start(front, diagonal, edits);
      while (row < rows && row - diagonal < columns && same(row, row - diagonal)) row++;
      next.set(diagonal, row);
      if (row >= rows && row - diagonal >= columns) return walkBack(rows, columns, reached, front);
    }
    reached.push(front);
    front = next;
  }
  return [];
}

/** Where the way begins with this edit: one row further from the diagonal below, or one column from the one above. */
function start(front: ReadonlyMap<number, number>, diagonal: number, edits: number): number {
  const [below, above] = [front.get(diagonal - 1) ?? -1, front.get(diagonal + 1) ?? -1];
  return diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
}

function walkBack(
  rows: number,
  columns: number,
  reached: readonly ReadonlyMap<number, number>[],
  last: ReadonlyMap<number, number>,
): [number, number][] {
  const pairs: [number, number][] = [];
  const fronts = [...reached, last];
  let [row, column] = [rows, columns];
  for (let edits = fronts.length - 1; edits >= 0; edits--) {
    const diagonal = row - column;
    const front = fronts[edits]!;
    const [below, above] = [front.get(diagonal - 1) ?? -1, front.get(diagonal + 1) ?? -1];
    const down = diagonal === -edits || (diagonal !== edits && below < above);
    const begin = down ? above : below + 1;
    while (row > begin && column > begin - diagonal) pairs.push([--row, --column]);
    if (edits === 0) break;
    row = down ? above : below;
    column = row - (down ? diagonal + 1 : diagonal - 1);
  }
  return pairs.reverse();
}

/** The places that belong together, in order, with the greatest sum of scores: every item is weighed against every other. */
export function heaviest(
  rows: number,
  columns: number,
  score: (row: number, column: number) => number,
): [number, number][] {
  const width = columns + 1;
  const best = new Int32Array((rows + 1) * width);
  const scores = new Uint8Array(rows * columns);
  for (let r = rows - 1; r >= 0; r--) {
    for (let c = columns - 1; c >= 0; c--) {
      const own = score(r, c);
      scores[r * columns + c] = own;
      const both = own === 0 ? 0 : own + best[(r + 1) * width + c + 1]!;
      best[r * width + c] = Math.max(both, best[(r + 1) * width + c]!, best[r * width + c + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  let [r, c] = [0, 0];
  while (r < rows && c < columns) {
    const own = scores[r * columns + c]!;
    const here = best[r * width + c]!;
    if (own > 0 && here === own + best[(r + 1) * width + c + 1]!) pairs.push([r++, c++]);
    else if (here === best[r * width + c + 1]!) c++;
    else r++;
  }
  return pairs;
}
