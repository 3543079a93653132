import type { App } from '../app.ts';
import { changesOf } from './audit-changes.ts';
import { driftsOf } from './audit-drifts.ts';
import type { Audited, AuditWish } from './audited.ts';

/** Every change and every drift once, newest first. Asks only the journal. */
export async function* auditedOf({ journal }: Pick<App, 'journal'>, wish: AuditWish): AsyncGenerator<Audited> {
  const streams = [driftsOf(journal, wish), ...wish.targets.map((target) => changesOf(journal, target, wish))];
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const open = heads.filter(({ next }) => next.done !== true);
    const newest = open.sort((a, b) => ((a.next.value as Audited).time > (b.next.value as Audited).time ? -1 : 1))[0];
    if (newest === undefined) return;
    yield newest.next.value as Audited;
    newest.next = await newest.stream.next();
  }
}
