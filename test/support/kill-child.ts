import { createClient } from '../../src/genesys/index.ts';
import { openJournal } from '../../src/journal/index.ts';
import { asFailure } from '../../src/model/failure.ts';
import type { Journal } from '../../src/model/journal.ts';
import { silent } from '../../src/model/log.ts';
import type { Desired, Resource } from '../../src/model/resource.ts';
import { createVault } from '../../src/model/seal.ts';
import { kinds, objectTypes, surfaces } from '../../src/objects/index.ts';
import { type Engine, run } from '../../src/reconcile/run.ts';
import { hasty } from './clock.ts';

/**
 * A process of its own that makes one run and may be told to kill itself at one point of it. Its order is its only
 * argument, as JSON; what came of it is its only line on stdout. Points are counted around the engine's journal and
 * writer, so that production code knows nothing of them.
 */
export interface Order {
  sandbox: { url: string; org: { id: string; name: string } };
  journal: string;
  resources: Resource[];
  revision?: string;
  /** Dies at this point, counted from 1. */
  dieAt?: number;
  waits?: Engine['waits'];
  holder?: string;
}

/** What the process tells at its end. */
export interface Told {
  /** Every point that it came by, in order. */
  points: string[];
  status?: string;
  outcomes?: string[];
  /** Where the run threw. */
  reason?: string;
  message?: string;
}

const points: string[] = [];
const order = JSON.parse(process.argv[2] ?? '{}') as Order;

/** SIGKILL to oneself does not return. */
function point(name: string): void {
  points.push(name);
  if (points.length === order.dieAt) process.kill(process.pid, 'SIGKILL');
}

/** Everything that a run writes down. The heartbeat is left out: it comes by the time and not by the work. */
const writes = [
  'acquireLease',
  'releaseLease',
  'startRun',
  'finishRun',
  'intend',
  'answered',
  'notFound',
  'settleIntent',
  'recordOutcome',
  'remember',
  'forget',
  'setApplied',
  'keepDetails',
  'memorise',
] as const satisfies (keyof Journal)[];

function counted(journal: Journal): Journal {
  const around = (name: (typeof writes)[number]) => {
    const write = journal[name] as (...values: unknown[]) => Promise<unknown>;
    return async (...values: unknown[]) => {
      point(`before ${name}`);
      const result = await write(...values);
      point(`after ${name}`);
      return result;
    };
  };
  return { ...journal, ...Object.fromEntries(writes.map((name) => [name, around(name)])) };
}

function countedWriter(writer: NonNullable<Engine['writer']>): NonNullable<Engine['writer']> {
  return {
    ...writer,
    async send(request, before) {
      const what = `${request.method} ${request.path}`;
      const answer = await writer.send(request, () => {
        before?.();
        point(`leaving ${what}`);
      });
      point(`answer to ${what}`);
      return answer;
    },
    async upload(upload, before) {
      const answer = await writer.upload(upload, () => {
        before?.();
        point('leaving upload');
      });
      point('answer to upload');
      return answer;
    },
  };
}

async function main(): Promise<Told> {
  const { sandbox, resources, revision = 'main@sha1:2', holder = 'child' } = order;
  // Jobs of the sandbox take milliseconds.
  const base = { clock: hasty, log: silent };
  const client = createClient({
    surfaces,
    apiUrl: sandbox.url,
    loginUrl: sandbox.url,
    clientId: 'sandbox-daemon',
    clientSecret: async () => 'sandbox-secret',
    env: {},
    ...base,
  });
  const journal = await openJournal(order.journal, base);
  const engine: Engine = {
    target: 'test',
    organization: sandbox.org,
    kinds,
    types: objectTypes,
    reader: client.reader(),
    writer: countedWriter(client.writer()),
    journal: counted(journal),
    vault: createVault(journal.sealKey, {}),
    policy: { prune: true },
    holder,
    ...(order.waits === undefined ? {} : { waits: order.waits }),
    ...base,
  };
  const desired: Desired = {
    revision,
    resources,
    problems: [],
    warnings: [],
    ids: {},
    excluded: [],
    empty: false,
  };
  try {
    const { status, outcomes } = await run(engine, desired, { mode: 'apply' });
    return { points, status, outcomes: outcomes.map(({ action, name, status: is }) => `${action} ${name} ${is}`) };
  } finally {
    client.close();
    await journal.close();
  }
}

function told(error: unknown): Told {
  const { reason, message } = asFailure(error);
  return { points, reason, message };
}

process.stdout.write(`${JSON.stringify(await main().catch(told))}\n`);
