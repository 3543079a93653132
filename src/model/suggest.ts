/** Longer words and longer lists get no suggestion: both come from people, and work on them must stay small. */
const longestWord = 64;
const mostWords = 1000;

/** Edit distance with a row at a time, given up (as `limit`) where no end can be below the limit any more. */
function distance(a: string, b: string, limit: number): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const replace = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const cost = Math.min(replace, previous[j]! + 1, row[j - 1]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    previous = row;
  }
  return previous[b.length]!;
}

/** Whether one of the words is how the other begins; one letter says so only of two. */
function isBeginning(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return (short.length >= 2 || long.length === 2) && long.startsWith(short);
}

/**
 * The right word that was meant: the shortest that begins with this one, the longest that this one begins with (if it is
 * a third of it at least), or the nearest, where one is near enough to share something with it.
 */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let least = Math.min(Math.max(2, Math.floor(word.length / 3)) + 1, word.length);
  let begun: string | undefined;
  let difference = Number.POSITIVE_INFINITY;
  let count = 0;
  const wanted = word.toLowerCase();
  for (const candidate of words) {
    if (++count > mostWords) return undefined;
    const lower = candidate.toLowerCase();
    const longer = candidate.length - word.length;
    if (Math.abs(longer) < difference && longer >= (-2 * word.length) / 3 && isBeginning(wanted, lower)) {
      difference = Math.abs(longer);
      begun = candidate;
    }
    if (Math.abs(longer) >= least) continue;
    const d = distance(wanted, lower, least);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return begun ?? best;
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const near = nearest(word, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
