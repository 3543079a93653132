import type { Endpoint } from '../endpoint.ts';
import { organization } from '../routes/organization.ts';
import { externalApplications } from './external-applications.ts';
import { flowDefinitions } from './flow-definitions.ts';
import { replications } from './replications.ts';
import { scriptActions } from './script-actions.ts';
import { scopes } from './tutorial-scopes.ts';
import { webChatAudits } from './web-chat-audits.ts';
import { webChats } from './web-chats.ts';

const me = '/api/v2/organizations/me';

/** Every operation of this surface. None is in the published API document, but `organizations/me`, here without a scope. */
export const endpoints: readonly Endpoint[] = [
  ...organization.filter(({ path }) => path === me).map((one): Endpoint => ({ ...one, needs: scopes.nothing })),
  ...externalApplications,
  ...flowDefinitions,
  ...scriptActions,
  ...webChats,
  ...replications,
  ...webChatAudits,
];
