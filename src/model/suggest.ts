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

/** The nearest right word, where one is near enough to be what was meant. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  let count = 0;
  const wanted = word.toLowerCase();
  for (const candidate of words) {
    if (++count > mostWords) return undefined;
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const d = distance(wanted, candidate.toLowerCase(), least);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const near = nearest(word, words);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
