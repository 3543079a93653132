import type { App } from '../app.ts';
import type { Revisions } from '../daemon/index.ts';
import type { Clock } from '../model/clock.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { Waiting } from './follow.ts';
import { inFull, waitsFor } from './follow-words.ts';

/** Which revisions a target is to try, best first, and when there will be another one. */
export interface Candidates {
  /** Throws `Waiting` where there is nothing to run on yet. */
  find(): Promise<string[]>;
  /** Present for a target that follows another. */
  follows?: { target: string; due(): Promise<Date | undefined> };
}

/** The newest that the source has, or what the followed target has made ready; else the last good one. */
export function candidatesOf(
  target: TargetConfig,
  { app, revisions, clock }: { app: App; revisions: Revisions; clock: Clock },
): Candidates {
  const { name, after } = target;
  if (after === undefined) {
    return {
      async find() {
        const known = revisions.candidates(name);
        return known.length > 0 ? known : [await app.source.head()];
      },
    };
  }
  /** What this process ran on, or tried to: a revision that is bad here is tried again as any other, and not at once. */
  let tried: string | undefined;
  return {
    async find() {
      const followed = (await app.follow(target))!;
      const { revision } = followed.choice;
      if (revision === undefined) throw new Waiting(waitsFor(followed, inFull)!);
      tried = revision;
      return [...new Set([revision, revisions.lastGood(name) ?? revision])];
    },
    follows: {
      target: after.target,
      async due() {
        const { choice } = (await app.follow(target))!;
        if (choice.revision !== undefined && choice.revision !== tried) return clock.now();
        return choice.next?.readyAt === undefined ? undefined : new Date(choice.next.readyAt);
      },
    },
  };
}
