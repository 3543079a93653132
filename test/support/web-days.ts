import type { Fault, WebConfigurationRecord, WebDeploymentRecord } from '../../src/sandbox/index.ts';
import { type Day, useDays } from './long-day.ts';
import type { WorldOptions } from './world.ts';

const root = '/api/v2/webdeployments';
/** Requests that faults strike. */
export const making = { method: 'POST', path: `${root}/configurations` };
export const drafting = { method: 'PUT', path: `${root}/configurations/*/versions/draft` };
export const publishing = { method: 'POST', path: `${root}/configurations/*/versions/draft/publish` };
export const moving = { method: 'PUT', path: `${root}/deployments/*` };
export const asking = { method: 'GET', path: `${root}/deployments/*/configurations` };

/** Days on which everything becomes active at once. */
export function useWebDays(): (options?: WorldOptions, on?: Day) => Promise<Day> {
  const open = useDays();
  return (options = {}, on) => open({ ...options, sandbox: { jobMs: 3, activationMs: 1, ...options.sandbox } }, on);
}

export const once = (when: Fault['when'], then: Fault['then']): Fault => ({ when: { ...when, times: 1 }, then });

export const configurationIn = ({ it }: Day, name = 'Messenger'): WebConfigurationRecord =>
  it.sandbox.state.webConfigurationNamed(name)!;
export const deploymentIn = ({ it }: Day, name = 'Page'): WebDeploymentRecord =>
  it.sandbox.state.webDeploymentNamed(name)!;

/** How many versions were published of it, and what the deployment says and serves: `2: says 2, serves 2`. */
export function shown(day: Day, name = 'Page'): string {
  const { configuration, served } = deploymentIn(day, name);
  const of = day.it.sandbox.state.webConfiguration(configuration.id)!;
  return `${of.versions.length}: says ${configuration.version}, serves ${served?.version ?? 'nothing'}`;
}

/** The colour of the newest published version. */
export function colourIn(day: Day): unknown {
  const content = configurationIn(day).versions.at(-1)?.content as { messenger: { styles: { primaryColor: string } } };
  return content.messenger.styles.primaryColor;
}

/** A person saves the draft in another colour, and publishes it unless told otherwise. */
export function paintByHand(day: Day, primaryColor = '#b91c1c', how: { publish?: boolean } = {}): void {
  const { id } = configurationIn(day);
  day.it.sandbox.state.editWebConfiguration(id, { messenger: { styles: { primaryColor } } }, how);
}
