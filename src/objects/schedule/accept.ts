import type { Acceptance, Drifted } from '../../model/contracts.ts';
import { isEmpty, type Json } from '../../model/json.ts';
import { getAt } from '../../model/pointer.ts';
import type { Resource } from '../../model/resource.ts';
import { canonicalRule } from './recurrence.ts';
import { shortTime } from './times.ts';

/** What moved, as a document says it: times without zero seconds; a rule or a description that is gone is cleared. */
export function accept(resource: Resource, { live, fields }: Drifted): Acceptance[] {
  return fields.map(({ path }): Acceptance => {
    const now = getAt(live, path);
    const pointer = `/spec${path}`;
    if (path === '/rrule' && typeof now === 'string' && now !== '') {
      return { pointer, value: ruleLike(resource.spec['rrule'], now) };
    }
    if (path === '/rrule' || path === '/description') return { pointer, value: isEmpty(now) ? null : now! };
    if (typeof now !== 'string' || now === '')
      return { pointer, why: 'nothing is live there that a document could say' };
    return { pointer, value: path === '/start' || path === '/end' ? shortTime(now) : now };
  });
}

/** Genesys spells out that a rule comes each time; a document that does not say it need not begin to. */
function ruleLike(written: Json | undefined, live: string): string {
  const short = live.replace(/;INTERVAL=1(?=;|$)/, '');
  const isSaid = typeof written === 'string' && /INTERVAL/i.test(written);
  return !isSaid && canonicalRule(short) === canonicalRule(live) ? short : live;
}
