import type { Surface } from '../../model/surface.ts';
import { platformAudits } from './platform-audits.ts';

/** The published Platform API v2. */
export const platform: Surface = { name: 'platform', audits: platformAudits };
