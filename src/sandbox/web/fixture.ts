import { expect } from 'vitest';
import { type Caller, world } from '../fixture.ts';
import type { JsonObject } from '../json.ts';
import type { SandboxOptions } from '../world.ts';

/** What tests of web messaging share: a world in which little time is lost, and things to send. */

export const configurations = '/webdeployments/configurations';
export const deployments = '/webdeployments/deployments';

/** A whole and valid configuration in two languages; `change` is laid over it, top level only. */
export const configurationInput = (change: JsonObject = {}): JsonObject => ({
  name: 'Store',
  description: 'The store',
  languages: ['en-us', 'de'],
  defaultLanguage: 'en-us',
  customI18nLabels: [
    {
      language: 'en-us',
      localizedLabels: [
        { key: 'MessengerHomeHeaderTitle', value: 'Hello' },
        { key: 'MessengerHomeHeaderSubTitle', value: 'How can we help?' },
        { key: 'MessengerLauncherButtonText', value: 'Chat' },
      ],
    },
    { language: 'de', localizedLabels: [{ key: 'MessengerHomeHeaderTitle', value: 'Hallo' }] },
  ],
  messenger: { enabled: true, styles: { primaryColor: '#0B5FFF' }, launcherButton: { visibility: 'On' } },
  ...change,
});

/** An inbound message flow, and one of another type. */
const flowYaml = (type: string, name: string): string => `${type}:
  name: ${name}
  startUpRef: ./tasks/task[start]
  tasks:
    - task:
        refId: start
        name: Start
        actions:
          - disconnect: { none: true }
`;

export async function webWorld(options: SandboxOptions = {}) {
  const w = await world({ rateLimit: 0, activationMs: 1, ...options });
  const flow = w.state.seedFlow({ yaml: flowYaml('inboundShortMessage', 'Messages') });
  const voice = w.state.seedFlow({ yaml: flowYaml('inboundCall', 'Calls') });
  return {
    ...w,
    flow,
    voice,
    /** A configuration whose draft is active; answers its id. */
    draft: async (change?: JsonObject): Promise<string> => {
      const { body } = await w.call('POST', configurations, configurationInput(change));
      const id = body['id'] as unknown as string;
      await settled(w.call, `${configurations}/${id}/versions/draft`);
      return id;
    },
    /** Configuration and deployment that serve; answers the deployment. */
    serving: (change: JsonObject = {}) => {
      w.state.seedWebConfiguration({ name: 'Store', ...configurationInput(change) });
      return w.state.seedWebDeployment({ name: 'Site', configuration: 'Store', allowAllDomains: true });
    },
  };
}

/** Waits until something is no longer pending, and answers its status. */
export async function settled(call: Caller, path: string): Promise<string> {
  let status = 'Pending';
  await expect
    .poll(
      async () => {
        status = String((await call('GET', path)).body['status']);
        return status;
      },
      { interval: 2 },
    )
    .not.toBe('Pending');
  return status;
}
