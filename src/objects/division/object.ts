import { divisionsPath } from '../divisions.ts';
import { lookedUp } from '../looked-up.ts';

export const division = lookedUp({ type: 'division', label: 'division' }, { path: divisionsPath });
