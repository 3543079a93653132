/** Less is what NTP does to a clock all the time. */
const mostMs = 5_000;

/** Milliseconds of the clock on the wall, and of one that nobody sets. */
export interface Clocks {
  wall(): number;
  steady(): number;
}

export const systemClocks: Clocks = { wall: () => Date.now(), steady: () => performance.now() };

/** Answers by how many milliseconds the wall clock was set since the last call; undefined where nobody set it. */
export function watchWall({ wall, steady }: Clocks): () => number | undefined {
  const gap = (): number => wall() - steady();
  let before = gap();
  return () => {
    const now = gap();
    const moved = Math.round(now - before);
    before = now;
    return Math.abs(moved) > mostMs ? moved : undefined;
  };
}
