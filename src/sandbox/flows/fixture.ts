import { type Caller, type Reply, world } from '../fixture.ts';
import type { SandboxState } from '../index.ts';
import type { SandboxOptions } from '../world.ts';

/** What tests of flows share: a world with the action that the flow calls, jobs that are waited for. */

/** A call of `CRM / Get Customer`, as a step. */
export const call = (more = ''): string =>
  `- callData: { ${more}category: { CRM: { dataAction: { Get Customer: { inputs: { id: { exp: Call.Ani } }, successOutputs: { name: { var: Task.Name } } } } } } }`;

/** A small inbound call flow; `steps` stand in its one task. */
export const flowYaml = (
  name = 'Main IVR',
  steps = [call('timeout: { lit: { minutes: 1 } }, ')],
  top = '',
): string => `inboundCall:
  name: ${name}
${top}  startUpRef: ./tasks/task[start] # a comment
  tasks:
    - task:
        refId: start
        name: Start
        actions:
${[...steps, '- disconnect: { none: true }'].map((step) => `          ${step}\n`).join('')}`;

export function seedCustomer(state: SandboxState) {
  const schema = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } } });
  return state.seedAction({
    name: 'Get Customer',
    integration: 'Web Services Data Actions',
    category: 'CRM',
    contract: { input: { inputSchema: schema('id') }, output: { successSchema: schema('name') } },
  });
}

export async function flowWorld(options: SandboxOptions = {}) {
  const w = await world({ jobMs: 6, rateLimit: 0, ...options });
  const action = seedCustomer(w.state);
  return {
    ...w,
    action,
    publish: (yaml: string) => publish(w.call, yaml),
    export: (body: unknown) => exported(w.call, body),
  };
}

/** Where to put a text, and with which headers. */
export interface Registered {
  id: string;
  presignedUrl: string;
  headers: Record<string, string>;
}

export async function register(caller: Caller, body?: unknown): Promise<Registered> {
  return (await caller('POST', '/flows/jobs', body)).body as unknown as Registered;
}

export const put = (url: string, headers: Record<string, string>, body: string): Promise<Response> =>
  fetch(url, { method: 'PUT', headers, body });

/** Publishes a text by a job, and waits for its end. */
export async function publish(caller: Caller, yaml: string, body?: unknown): Promise<JobState> {
  const { id, presignedUrl, headers } = await register(caller, body);
  await put(presignedUrl, headers, yaml);
  return ended(caller, `/flows/jobs/${id}`);
}

export interface JobState {
  status: string;
  flow?: { id: string };
  downloadUrl?: string;
  messages: { type: string; text: string; dateTime: string }[];
}

export async function ended(caller: Caller, path: string): Promise<JobState> {
  for (;;) {
    const { status, text, body } = await caller('GET', `${path}?expand=messages`);
    if (status !== 200) throw new Error(text);
    const state = body as unknown as JobState;
    if (state.status === 'Success' || state.status === 'Failure') return state;
    await new Promise((resolve) => setTimeout(resolve, 8));
  }
}

/** The end of an export, and what there is to download. */
export async function exported(
  caller: Caller,
  body: unknown,
): Promise<JobState & { bytes?: Buffer; text?: string; reply: Reply }> {
  const reply = await caller('POST', '/flows/export/jobs', body);
  const state = await ended(caller, `/flows/export/jobs/${reply.body['id']}`);
  if (state.downloadUrl === undefined) return { ...state, reply };
  const bytes = Buffer.from(await (await fetch(state.downloadUrl)).arrayBuffer());
  return { ...state, reply, bytes, text: bytes.toString() };
}

/** Waits until no job goes on that was given its file, and no operation on a flow. */
export async function idle(state: SandboxState): Promise<void> {
  const running = () =>
    state.flowJobs().some(({ kind, status, upload }) => {
      return status === 'Started' || (status === 'Registered' && (kind !== 'publish' || upload !== undefined));
    }) || state.flows().some(({ operation }) => operation?.status === 'STARTED');
  while (running()) await new Promise((resolve) => setTimeout(resolve, 8));
}
