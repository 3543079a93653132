import { createHash } from 'node:crypto';
import type { WriteOrder } from '../../model/contracts.ts';
import { stable } from '../../model/json.ts';

/** Of what is wished and how it is to be written: the same for the same wish in another run. */
export function digestOf({ wished, directives }: WriteOrder): string {
  const values = Object.fromEntries(wished.map(({ path, value }) => [path, value]));
  return createHash('sha256').update(stable({ values, directives })).digest('hex');
}
