import type { AuditOptions } from './audit-arrival.ts';
import { type Actor, type AuditLog, auditLog } from './audit-log.ts';
import type { AuditExecution } from './audit-queries.ts';
import { uiClient } from './audit-view.ts';
import { Collection } from './collection.ts';
import type { ConsumerRecord, TrackingState } from './consumers.ts';
import { type Faults, faultList } from './faults.ts';
import type { FlowRecord } from './flows/flow-records.ts';
import type { JobRecord } from './flows/jobs.ts';
import { type Quirk, readQuirks } from './quirks.ts';
import { type RateLimit, rateLimit } from './rate-limit.ts';
import type {
  ActionRecord,
  CredentialRecord,
  DivisionRecord,
  IntegrationRecord,
  OAuthClientRecord,
  OrganizationRecord,
  UserRecord,
} from './records.ts';
import { type RequestEvents, requestEvents } from './request-events.ts';
import { type RequestLog, requestLog } from './request-log.ts';
import type { ScheduleGroupRecord, ScheduleRecord } from './schedules/schedule-records.ts';
import type { Seed } from './seed.ts';
import { type TutorialOptions, type TutorialWorld, tutorialWorld } from './tutorial/tutorial-world.ts';
import type {
  KnowledgeBaseRecord,
  SupportedContentRecord,
  WebConfigurationRecord,
  WebDeploymentRecord,
} from './web/web-records.ts';

/** The families of endpoints that there are: the published Platform API, and the one of the four tutorials. */
export const surfaceNames = ['platform', 'tutorial'] as const;
export type SurfaceName = (typeof surfaceNames)[number];

/** How a sandbox behaves; everything has a default. */
export interface SandboxOptions {
  /** 0 (the default) picks a free one. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Requests a minute for each client; default 300, 0 for no limit. */
  rateLimit?: number;
  /** Milliseconds that every answer takes at least. */
  latencyMs?: number;
  seed?: Seed;
  /** Names from the table `quirks`. */
  quirks?: readonly string[];
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
  /** How far that clock, and with it the header `Date`, is ahead of what `now` says; negative: behind. Default 0. */
  clockSkewMs?: number;
  /** Life of a token for clients that state none; default 86,400, as a Genesys client's default. */
  tokenLifeSeconds?: number;
  /** From a change to its visibility in the audit log; default 2,000. */
  auditDelayMs?: number;
  /** How audit records arrive, and how queries behave; its `delayMs` goes before `auditDelayMs`. */
  audits?: AuditOptions;
  /** How long a job on flows takes, and an asynchronous operation, in milliseconds of real time; default 30. */
  jobMs?: number;
  /** From the write of a web configuration's draft or of a deployment until it is active, in milliseconds of real time; default 30. */
  activationMs?: number;
  /** Life of a presigned URL; default 900. */
  presignedSeconds?: number;
  /** Default `Sandbox`. */
  orgName?: string;
  /** The families of endpoints that it serves, from `surfaceNames`; default the published Platform API alone. */
  surfaces?: readonly string[];
  /** Limits of the tutorial surface. */
  tutorial?: TutorialOptions;
}

/** A token and whose it is. */
export interface TokenRecord {
  clientId: string;
  /** What it was given of the client's scopes, once and for all; all when absent. */
  scopes?: string[];
  expiresAt: number;
  issuedAt: number;
}

/** Everything that the sandbox knows: the organisation, and what serves its requests. */
export interface World {
  now(): number;
  /** How far the clock is ahead of the one that was given. */
  clockSkewMs: number;
  latencyMs: number;
  tokenLifeSeconds: number;
  quirks: ReadonlySet<Quirk>;
  organization: OrganizationRecord;
  clients: Map<string, OAuthClientRecord>;
  /** People, by id; deleted ones are kept. */
  users: Map<string, UserRecord>;
  tokens: Map<string, TokenRecord>;
  actions: Collection<ActionRecord>;
  /** By the id of the action. */
  drafts: Collection<ActionRecord>;
  integrations: Collection<IntegrationRecord>;
  credentials: Collection<CredentialRecord>;
  divisions: Collection<DivisionRecord>;
  schedules: Collection<ScheduleRecord>;
  scheduleGroups: Collection<ScheduleGroupRecord>;
  flows: Collection<FlowRecord>;
  jobs: Map<string, JobRecord>;
  jobMs: number;
  webConfigurations: Collection<WebConfigurationRecord>;
  webDeployments: Collection<WebDeploymentRecord>;
  knowledgeBases: Collection<KnowledgeBaseRecord>;
  supportedContents: Collection<SupportedContentRecord>;
  activationMs: number;
  presignedSeconds: number;
  surfaces: readonly SurfaceName[];
  tutorial: TutorialWorld;
  /** Does something after so many milliseconds of real time, unless the sandbox is closed by then. */
  later(ms: number, run: () => void): void;
  /** Forgets what was to be done later. */
  stop(): void;
  consumers: readonly ConsumerRecord[];
  dependencyTracking: TrackingState;
  audit: AuditLog;
  auditQueries: Map<string, AuditExecution>;
  rate: RateLimit;
  faults: Faults;
  log: RequestLog;
  events: RequestEvents;
}

/** A world without any content but its organisation's name; `seedWorld` fills it. */
export function createWorld(options: SandboxOptions, organization: OrganizationRecord): World {
  const clock = options.now ?? Date.now;
  const quirks = readQuirks(options.quirks ?? []);
  const now = (): number => clock() + world.clockSkewMs;
  const world: World = {
    now,
    clockSkewMs: options.clockSkewMs ?? 0,
    latencyMs: options.latencyMs ?? 0,
    tokenLifeSeconds: options.tokenLifeSeconds ?? 86_400,
    quirks,
    organization,
    clients: new Map(),
    users: new Map(),
    tokens: new Map(),
    actions: new Collection(now),
    drafts: new Collection(now),
    integrations: new Collection(now),
    credentials: new Collection(now),
    divisions: new Collection(now),
    schedules: new Collection(now),
    scheduleGroups: new Collection(now),
    flows: new Collection(now),
    jobs: new Map(),
    jobMs: options.jobMs ?? 30,
    webConfigurations: new Collection(now),
    webDeployments: new Collection(now),
    knowledgeBases: new Collection(now),
    supportedContents: new Collection(now),
    activationMs: options.activationMs ?? 30,
    presignedSeconds: options.presignedSeconds ?? 900,
    surfaces: readSurfaces(options.surfaces ?? ['platform']),
    tutorial: tutorialWorld(now, options.tutorial),
    ...timers(),
    consumers: [],
    dependencyTracking: 'operational',
    audit: auditLog(now, quirks, { delayMs: options.auditDelayMs ?? 2000, ...options.audits }),
    auditQueries: new Map(),
    rate: rateLimit(options.rateLimit ?? 300, now),
    faults: faultList(),
    log: requestLog(),
    events: requestEvents(),
  };
  return world;
}

/** @throws Error on a name that is none of a surface */
function readSurfaces(names: readonly string[]): readonly SurfaceName[] {
  const unknown = names.find((name) => !surfaceNames.some((known) => known === name));
  if (unknown === undefined) return names as SurfaceName[];
  throw new Error(`There is no surface "${unknown}". Known: ${surfaceNames.join(', ')}`);
}

/** What is to be done later: in real time, as a clock that a test holds still would let no job end. */
function timers(): Pick<World, 'later' | 'stop'> {
  const waiting = new Set<NodeJS.Timeout>();
  return {
    later(ms, run) {
      const timer = setTimeout(() => {
        waiting.delete(timer);
        run();
      }, ms);
      waiting.add(timer);
    },
    stop() {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** The actor that a client is in the audit log. */
export function actorOf(world: World, clientId: string, remoteIp?: string): Actor {
  const user = world.clients.get(clientId)?.user;
  return { clientId, ...(user && { user }), ...(remoteIp && { remoteIp }) };
}

/** A person who works in the user interface: the one behind a client, by default Sandbox Admin. */
function personOf(world: World, clientId = 'sandbox-admin'): Actor {
  const user = world.clients.get(clientId)?.user;
  return { clientId: uiClient, ...(user && { user }), remoteIp: '198.51.100.7' };
}

/** Who acts in a test: the client that it names, else the person in the user interface. */
export const actingAs = (world: World, clientId: string | undefined): Actor =>
  clientId === undefined ? personOf(world) : actorOf(world, clientId);
