import type { Actor } from '../audit-log.ts';
import { actingAs, type World } from '../world.ts';
import { deleteFlow } from './change-flows.ts';
import { editFlow, type FlowEdit, seedFlow } from './edit-flows.ts';
import { exportText, latestVersion } from './export-text.ts';
import type { FlowActor, FlowRecord } from './flow-records.ts';
import { typeOfKey } from './flow-types.ts';
import { auditFlow, findFlow, flowNamed, versionOf } from './flows.ts';
import type { JobRecord } from './jobs.ts';
import { publishText } from './publish-text.ts';

/** Direct access to flows, for tests. Whoever acts is Sandbox Admin, a person, unless a client is named. */
export interface FlowState {
  /** The living flows. */
  flows(): FlowRecord[];
  /** Also a deleted one. */
  flow(id: string): FlowRecord | undefined;
  /** By the top key of its YAML, e.g. `inboundCall`. */
  flowNamed(type: string, name: string): FlowRecord | undefined;
  /** Puts a published flow there without a request or an audit record; one that is there gets another version. */
  seedFlow(seed: { yaml: string; publishedBy?: string }): FlowRecord;
  /** Publishes a text as a job does, without one. @throws Error when it would fail */
  publishFlow(yaml: string, as?: string): FlowRecord;
  /** Changes a flow in the editor: published, or (`publish: false`) only saved, which leaves it locked. */
  editFlow(id: string, edit: FlowEdit, how?: { by?: string; publish?: boolean }): FlowRecord;
  /** Locks it for a person (by name) or an OAuth client (by id). */
  lockFlow(id: string, holder: { user: string } | { client: string }): FlowRecord;
  /** Takes the lock away, whoever holds it. */
  unlockFlow(id: string): FlowRecord;
  deleteFlow(id: string, as?: string): void;
  /** What an export gives: of a version, of the published one, or (the default) of the latest, drafts included. */
  exportText(id: string, version?: string): string;
  /** All jobs of all kinds, oldest first. */
  flowJobs(): JobRecord[];
}

export function flowStateOf(world: World): FlowState {
  const actor = (id?: string): Actor => actingAs(world, id);
  const whose = (holder: FlowActor | undefined): Actor =>
    holder && 'client' in holder ? actor(holder.client.id) : { ...actor(), ...holder };
  const lock = (id: string, lockedBy: FlowActor | undefined): FlowRecord => {
    const before = findFlow(world, id);
    const { lockedBy: _lock, ...rest } = before;
    const after = { ...rest, ...(lockedBy && { lockedBy }) };
    world.flows.put(id, after);
    if (lockedBy || before.lockedBy) auditFlow(world, whose(lockedBy), lockedBy ? 'Checkout' : 'Update', after, before);
    return after;
  };
  return {
    flows: () => world.flows.list().filter(({ deleted }) => !deleted),
    flow: (id) => world.flows.get(id),
    flowNamed(key, name) {
      const type = typeOfKey(key);
      return type && flowNamed(world, type, name);
    },
    seedFlow: ({ yaml, publishedBy }) => seedFlow(world, yaml, actor(publishedBy)),
    publishFlow(yaml, as) {
      const { flow, messages } = publishText(world, yaml, actor(as));
      if (!flow) throw new Error(messages.map(({ text }) => text).join('\n'));
      return flow;
    },
    editFlow: (id, edit, { by, publish = true } = {}) => editFlow(world, id, edit, actor(by), publish),
    lockFlow: (id, holder) => lock(id, holderOf(world, holder)),
    unlockFlow: (id) => lock(id, undefined),
    deleteFlow: (id, as) => deleteFlow(world, id, actor(as)),
    exportText(id, wanted) {
      const flow = findFlow(world, id);
      const version =
        wanted === undefined ? latestVersion(flow) : versionOf(flow, wanted === 'published' ? flow.published : wanted);
      if (!version) throw new Error(`Flow ${id} has no version ${wanted ?? ''}`);
      return exportText(world, flow, version);
    },
    flowJobs: () => [...world.jobs.values()],
  };
}

/** A person who is not yet known gets an id made of the name. */
function holderOf(world: World, holder: { user: string } | { client: string }): FlowActor {
  if ('client' in holder) return { client: { id: holder.client } };
  const known = [...world.clients.values()].find(
    ({ id, user }) => id === holder.user || user?.name === holder.user,
  )?.user;
  const user = known ?? { id: `user-${holder.user.toLowerCase().replace(/\W+/g, '-')}`, name: holder.user };
  world.users.set(user.id, user);
  return { user };
}
