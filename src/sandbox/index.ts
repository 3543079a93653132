import type { AddressInfo } from 'node:net';
import type { ChaosOptions, ChaosReport } from './chaos.ts';
import type { Fault } from './faults.ts';
import type { RequestListener } from './request-events.ts';
import type { ServedRequest } from './request-log.ts';
import { organizationOf, seedWorld } from './seed-world.ts';
import { createServer } from './server.ts';
import { type SandboxState, stateOf } from './state.ts';
import { createWorld, type SandboxOptions } from './world.ts';

export type { Arrival, AuditOptions } from './audit-arrival.ts';
export type { AuditRecord } from './audit-log.ts';
export type { AuditSeed } from './audit-state.ts';
export type { ChaosKind, ChaosOptions, ChaosReport } from './chaos.ts';
export type { Lag } from './collection.ts';
export type { ConsumerRecord, ConsumerSeed, TrackingState } from './consumers.ts';
export { demoOrders } from './demo-orders.ts';
export { demoSeed } from './demo-seed.ts';
export type { Fault, FaultCondition, FaultEffect } from './faults.ts';
export type { FlowEdit } from './flows/edit-flows.ts';
export type { FlowRecord, FlowVersionRecord } from './flows/flow-records.ts';
export type { JobFate, JobRecord } from './flows/jobs.ts';
export { type Quirk, quirks } from './quirks.ts';
export type { ActionRecord, IntegrationRecord } from './records.ts';
export type { RequestEvent, RequestListener } from './request-events.ts';
export type { ServedRequest } from './request-log.ts';
export type { ScheduleGroupRecord, ScheduleRecord } from './schedules/schedule-records.ts';
export { parseSeed, type Seed } from './seed.ts';
export type { SandboxState } from './state.ts';
export { ids as tutorialIds } from './tutorial/base-seed.ts';
export type { HiddenActions } from './visibility.ts';
export type { WebConfigurationRecord, WebDeploymentRecord, WebVersionRecord } from './web/web-records.ts';
export { type SandboxOptions, surfaceNames } from './world.ts';

/** A running sandbox: one organisation behind one address. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`; the API host and the login host alike. */
  url: string;
  port: number;
  org: { id: string; name: string };
  /** The calls served so far, oldest first (at most the last 20,000). */
  requests(): ServedRequest[];
  clearRequests(): void;
  addFault(fault: Fault): void;
  clearFaults(): void;
  /** Spoils a share of all calls, in place of the chaos before. */
  chaos(options: ChaosOptions): void;
  /** Ends the chaos. */
  calm(): void;
  /** What the last chaos played; undefined when there was none. */
  chaosReport(): ChaosReport | undefined;
  /** Listens to requests as they arrive and as they were served; returns the way to stop. */
  onRequest(listener: RequestListener): () => void;
  state: SandboxState;
  /** Stops at once, open connections included. */
  close(): Promise<void>;
}

/** Starts a sandbox. @throws Error on an unknown quirk, a seed that does not fit, or a port in use */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const organization = organizationOf(options);
  const world = createWorld(options, organization);
  seedWorld(world, options.seed);
  const server = createServer(world);
  const host = options.host ?? '127.0.0.1';
  await server.listen({ host, port: options.port ?? 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    org: { id: organization.id, name: organization.name },
    requests: () => world.log.list(),
    clearRequests: () => world.log.clear(),
    addFault: (fault) => world.faults.add(fault),
    clearFaults: () => world.faults.clear(),
    chaos: (options) => world.faults.chaos(options),
    calm: () => world.faults.calm(),
    chaosReport: () => world.faults.report(),
    onRequest: (listener) => world.events.add(listener),
    state: stateOf(world),
    close: async () => {
      world.stop();
      await server.close();
    },
  };
}
