import { isObject } from '../../model/json.ts';
import { lookedUp } from '../looked-up.ts';

/** Integrations are looked up by name; a later issue may make them an object of their own. */
export const integration = lookedUp(
  { type: 'integration', label: 'integration' },
  { path: '/api/v2/integrations' },
  ({ integrationType: type }) => ({ integrationType: isObject(type) ? String(type['id'] ?? '') : '' }),
);
