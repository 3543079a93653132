import type { Telling } from '../app/follow-words.ts';
import { shortRevision } from './text.ts';
import { stamp } from './when.ts';

/** How commands tell times and revisions in the middle of a sentence. */
export const briefly: Telling = { when: (at) => `at ${stamp(at)}`, revision: shortRevision };

/** `0.4 s`, `2.3 s`, `72 s`, `14 min`, `3 h`: how long something took; milliseconds. */
export function took(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 119_500) return `${Math.round(ms / 1000)} s`;
  return ms < 7_170_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
