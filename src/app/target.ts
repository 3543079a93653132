import path from 'node:path';
import type { AuditDeps, Audits } from '../audit/index.ts';
import type { ClientStats } from '../genesys/index.ts';
import type { Clock } from '../model/clock.ts';
import type { Kind, ObjectType } from '../model/contracts.ts';
import { surfacesOf, type TargetConfig } from '../model/daemon-config.ts';
import { asFailure, Failure } from '../model/failure.ts';
import type { Answer, Reader, RequestSeen } from '../model/http.ts';
import type { Journal } from '../model/journal.ts';
import type { Log } from '../model/log.ts';
import { createVault } from '../model/seal.ts';
import type { Surface } from '../model/surface.ts';
import type { Suspension } from '../model/suspension.ts';
import { scopesOf } from '../objects/kinds.ts';
import type { Engine } from '../reconcile/run.ts';
import type { Waits } from '../reconcile/waits.ts';
import { readSecret } from '../source/index.ts';
import { accessOf } from './access.ts';

/** A target with its connection: the engine that runs it, and what that has cost so far. */
export interface OpenTarget {
  engine: Engine;
  /** The audit log of its organisation; absent where it is not to be asked. */
  audits?: Audits;
  /** A run begins: its requests are counted from here. */
  beginCount(): void;
  /** Requests sent since, token requests included; what the audit log was asked is no run's. */
  requests(): number;
  stats(): ClientStats;
}

interface TargetDeps {
  journal: Journal;
  log: Log;
  clock: Clock;
  env: Record<string, string | undefined>;
  baseDir: string;
  signal: AbortSignal | undefined;
  /** Drops the connection, also one that is only being made. */
  closing: AbortSignal;
  /** Which process this is, for others that want to write meanwhile. */
  holder: string;
  waits: Partial<Waits>;
  onRequest: ((seen: RequestSeen) => void) | undefined;
  /** Absent where the audit log is not to be asked. */
  audit?: Pick<AuditDeps, 'patienceMs' | 'clientOf'>;
}

/** Connects to a target's organisation, checks that it is the right one, and answers its engine. */
export async function openTarget(
  target: TargetConfig,
  { journal, log, clock, env, baseDir, signal, closing, holder, waits, onRequest, audit }: TargetDeps,
): Promise<OpenTarget> {
  // Whoever only validates, or asks the journal, needs neither the client nor how objects are written.
  const { createClient } = await import('../genesys/index.ts');
  const { kinds, types, surfaces } = reachOf(target, await import('../objects/index.ts'));
  let organization: Engine['organization'] | undefined;
  const targetLog = log.child({ target: target.name });
  const { clientId: whose, clientSecret, ...host } = accessOf(target, env);
  const clientId = typeof whose === 'string' ? whose : await readSecret(whose, env);
  const client = createClient({
    ...host,
    surfaces,
    scopes: target.scopes ?? scopesOf(surfaces[0]?.name),
    clientId,
    clientSecret: () => readSecret(clientSecret, env),
    clock,
    log: targetLog,
    rateBudget: target.rateBudget,
    caFile: target.caFile === undefined ? undefined : path.resolve(baseDir, target.caFile),
    env,
    onRequest,
    onToken: async (reader) => {
      organization = await rightOrganization(reader, target);
    },
  });
  let asked = 0;
  const total = (): number => client.stats().requests + client.stats().tokens - asked;
  let before = 0;
  const requests = (): number => total() - before;
  // The write in hand gets its answer; whatever waits for its turn does not begin.
  signal?.addEventListener('abort', client.stop, { once: true });
  closing.addEventListener('abort', client.close, { once: true });
  try {
    await client.connect();
    const granted = Object.entries(target.secrets ?? {});
    const secrets = await Promise.all(
      granted.map(async ([name, from]) => [name, await readSecret(from, env)] as const),
    );
    const vault = createVault(journal.sealKey, Object.fromEntries(secrets));
    const reader = counted(client.reader('background'), (requests) => {
      asked += requests;
    });
    const audits =
      audit &&
      (await import('../audit/index.ts')).createAuditor({
        organization: organization!.id,
        target: target.name,
        types,
        surfaces,
        reader,
        journal,
        vault,
        clock,
        log,
        ...audit,
      });
    const observing = target.policy?.mode === 'observe';
    const engine: Engine = {
      target: target.name,
      organization: organization!,
      kinds,
      types,
      reader: client.reader(),
      ...(observing ? {} : { writer: client.writer() }),
      journal: { ...journal, finishRun: (run) => journal.finishRun({ ...run, requests: requests() }) },
      vault,
      policy: target.policy ?? {},
      ...(target.suspend === true ? { suspended: suspensionOf(target) } : {}),
      holder,
      waits,
      clock,
      log,
      ...(signal === undefined ? {} : { signal }),
      ...(audits === undefined ? {} : { auditor: audits }),
    };
    return {
      engine,
      ...(audits === undefined ? {} : { audits }),
      beginCount: () => {
        before = total();
      },
      requests,
      stats: client.stats,
    };
  } catch (error) {
    signal?.removeEventListener('abort', client.stop);
    closing.removeEventListener('abort', client.close);
    client.close();
    throw error;
  }
}

interface Reach {
  kinds: readonly Kind[];
  types: readonly ObjectType[];
  /** In the target's order. */
  surfaces: readonly Surface[];
}

/** What of all that this program knows is of the target's surfaces. */
function reachOf(
  target: TargetConfig,
  all: { kinds: readonly Kind[]; objectTypes: readonly ObjectType[]; surfaces: readonly Surface[] },
): Reach {
  const names = surfacesOf(target);
  const isOurs = ({ surface }: { surface: string }): boolean => names.includes(surface);
  return {
    kinds: all.kinds.filter(isOurs),
    types: all.objectTypes.filter(isOurs),
    surfaces: names.flatMap((name) => all.surfaces.find((one) => one.name === name) ?? []),
  };
}

/** Tells how many requests each call took, its tries counted. */
function counted(reader: Reader, count: (requests: number) => void): Reader {
  const counting = async (call: Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await call;
      count(answer.receipt.attempts);
      return answer;
    } catch (error) {
      count(asFailure(error).detail.receipt?.attempts ?? 0);
      throw error;
    }
  };
  return {
    ...reader,
    get: (request) => counting(reader.get(request)),
    ask: (request) => counting(reader.ask(request)),
  };
}

function suspensionOf({ suspendReason, suspendUntil }: TargetConfig): Suspension {
  return {
    ...(suspendReason === undefined ? {} : { reason: suspendReason }),
    ...(suspendUntil === undefined ? {} : { until: suspendUntil }),
  };
}

/** The organisation behind a token, refused where it is another than the configuration names. */
async function rightOrganization(reader: Reader, target: TargetConfig): Promise<{ id: string; name: string }> {
  const { body } = await reader.get({ path: '/api/v2/organizations/me' });
  const { id, name } = body as { id: string; name: string };
  const wanted = target.organization;
  if (wanted !== undefined && wanted !== id && wanted !== name) {
    throw new Failure(
      'WrongOrganization',
      `target "${target.name}" is for the organisation "${wanted}", but its credentials belong to "${name}" (${id}); nothing was written`,
    );
  }
  return { id, name };
}
