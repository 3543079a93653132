import type { Output } from './report.ts';
import { safe } from './text.ts';

export interface ProgressLine {
  expect(changes: number): void;
  one(): void;
  /** How far the reading of live objects has come: with many of them it is what takes long. */
  looked(done: number, of: number): void;
  /** Somebody else's turn. */
  waiting(why: string): void;
  clear(): void;
}

/** A line on a terminal that counts what is done; nothing in a pipe. */
export function progressLine(output: Output): ProgressLine {
  const shown = process.stderr.isTTY === true && output === 'text';
  let expected = 0;
  let finished = 0;
  const draw = (text: string): void => {
    if (shown) process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  const count = (): void => {
    if (expected > 0) draw(`applying ${finished} of ${expected}`);
  };
  return {
    expect(changes) {
      expected += changes;
      count();
    },
    one() {
      finished++;
      count();
    },
    looked: (done, of) => draw(done < of ? `reading ${done} of ${of}` : ''),
    waiting: (why) => draw(`waiting: ${safe(why)}`),
    clear: () => draw(''),
  };
}
