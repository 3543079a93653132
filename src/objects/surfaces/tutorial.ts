import type { Surface } from '../../model/surface.ts';
import { tutorialAudits } from './tutorial-audits.ts';
import { advise } from './tutorial-hints.ts';

/** Endpoints of four community tutorials, which no published API document has. */
export const tutorial: Surface = {
  name: 'tutorial',
  // All four post a form to the API's own host, take an hour where no end is told, and one of them names its scopes.
  token: { at: 'api', credentials: 'form', scoped: true, expiresIn: 3600 },
  asks: ['/api/v2/audit/records/query'],
  defaults: {
    clientId: { fromEnv: 'GENESYS_CLIENT_ID' },
    clientSecret: { fromEnv: 'GENESYS_CLIENT_SECRET' },
    apiHost: { fromEnv: 'GENESYS_API_HOST', otherwise: 'api.mypurecloud.com' },
  },
  advise,
  audits: tutorialAudits,
};
