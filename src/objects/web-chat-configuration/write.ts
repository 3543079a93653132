import type { WriteContext, WriteOrder, Written } from '../../model/contracts.ts';
import { put } from './put.ts';
import { replicate } from './replicate.ts';

/** One PUT of the whole body; for an organisation that is replicated to, one job instead. */
export function write(ctx: WriteContext, order: WriteOrder): Promise<Written> {
  const source = order.directives['replicateFrom'];
  return typeof source === 'string' ? replicate(ctx, order, source) : put(ctx, order);
}
