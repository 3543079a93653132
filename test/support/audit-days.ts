import type { Expected } from '../../src/audit/expected.ts';
import type { AuditRecord } from '../../src/model/audit.ts';
import type { SentWrite } from '../../src/model/journal.ts';

export const us = 'our-client';
export const them = 'their-client';

export const expected: Expected = new Map([
  ['thing', { audited: { create: ['Thing:Create'], put: ['Thing:Update'], delete: ['Thing:Delete'] } }],
  ['page', { audited: { publish: ['PageVersion:Publish'] } }],
]);

export const start = Date.parse('2026-03-01T12:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

export interface Deed {
  /** When it reached Genesys, milliseconds after the start, by Genesys's clock. */
  at: number;
  entity: string;
  sets?: Record<string, string>;
  step?: string;
  type?: string;
  run?: string;
  tookMs?: number;
}

let count = 0;

/** One change of ours, as it really went: the write, and the record that Genesys made of it. */
export function change(
  { at, entity, sets = {}, step = 'put', type = 'thing', run = 'run-1', tookMs = 80 }: Deed,
  clockAheadMs = 0,
): { write: SentWrite; record: AuditRecord } {
  const intentId = ++count;
  const [entityType, action] = expected.get(type)!.audited![step]![0]!.split(':') as [string, string];
  const answered = start + at + tookMs;
  return {
    write: {
      intentId,
      runId: run,
      organization: 'org',
      target: 'test',
      object: { type, key: entity, id: entity },
      by: 'Thing/one',
      action: step === 'create' || step === 'delete' ? step : 'update',
      step,
      method: 'PUT',
      path: '/things/{id}',
      at: iso(start + at - 5 - clockAheadMs),
      sets: Object.fromEntries(Object.entries(sets).map(([name, value]) => [`/config/${name}`, value])),
      receipt: {
        method: 'PUT',
        pathTemplate: '/things/{id}',
        status: 200,
        attempts: 1,
        serverDate: iso(Math.floor(answered / 1000) * 1000),
        durationMs: tookMs + 5,
      },
    },
    record: record({ at: at + Math.min(20, tookMs), entity, sets, entityType, action }),
  };
}

export function record({
  at,
  entity,
  sets = {},
  entityType = 'Thing',
  action = 'Update',
  clientId = us,
  ...more
}: Partial<AuditRecord> extends infer R
  ? Omit<R, 'at'> & { at: number; entity: string; sets?: Record<string, string> }
  : never): AuditRecord {
  const id = `audit-${++count}`;
  return {
    id,
    at: iso(start + at),
    service: 'Things',
    action,
    entityType,
    entities: [entity],
    clientId,
    remoteIp: [],
    status: 'SUCCESS',
    transaction: id,
    changes: Object.entries(sets).map(([property, value]) => ({
      property: `config.${property}`,
      from: [],
      to: [value],
    })),
    ...more,
  };
}

/** Some numbers that look random and are the same each time (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

export function shuffled<T>(items: readonly T[], roll: (sides: number) => number): T[] {
  const mixed = [...items];
  for (let n = mixed.length - 1; n > 0; n--) {
    const other = roll(n + 1);
    [mixed[n], mixed[other]] = [mixed[other]!, mixed[n]!];
  }
  return mixed;
}
