import type { Surface } from '../../model/surface.ts';
import { platformAudits } from './platform-audits.ts';
import { missingPermission } from './platform-permissions.ts';

/** The published Platform API v2. */
export const platform: Surface = {
  name: 'platform',
  // Genesys tells `expires_in` always; what does not is asked again soon.
  token: { at: 'login', credentials: 'header', scoped: false, expiresIn: 300 },
  asks: [
    '/api/v2/audits/query',
    '/api/v2/audits/query/realtime',
    '/api/v2/audits/query/realtime/related',
    '/api/v2/flows/export/jobs',
    // Only registers: nothing happens until a file is uploaded to the URL that it answers with.
    '/api/v2/flows/jobs',
    '/api/v2/flows/validate/jobs',
  ],
  advise: missingPermission,
  audits: platformAudits,
};
