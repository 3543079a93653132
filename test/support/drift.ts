import type { Auditor, Deed, DriftStory } from '../../src/model/audit.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Log } from '../../src/model/log.ts';
import type { World } from './world.ts';

/** An auditor that answers what a test puts down, and keeps what it was asked. */
export interface ToldAuditor extends Auditor {
  asked: { objects: string[]; since: string }[];
  /** By `type:id`; what is not in there has no deeds. */
  deeds: Map<string, Deed[]>;
}

export function toldAuditor(): ToldAuditor {
  const asked: ToldAuditor['asked'] = [];
  const deeds = new Map<string, Deed[]>();
  return {
    asked,
    deeds,
    async explain(objects, since) {
      const keys = objects.map(({ type, id }) => `${type}:${id}`);
      asked.push({ objects: keys, since });
      return new Map(
        keys.map((key): [string, DriftStory] => {
          const known = deeds.get(key) ?? [];
          return [key, { since, deeds: known, ...(known.length === 0 ? { unexplained: 'nothing recorded yet' } : {}) }];
        }),
      );
    },
  };
}

let count = 0;

/** What Ann did by hand, at this time. */
export function deed(at: Date | string, more: Partial<Deed> = {}): Deed {
  count++;
  return {
    auditId: `audit-${count}`,
    at: new Date(at).toISOString(),
    by: { user: { id: 'ann', name: 'Ann Smith' }, client: { id: 'admin', name: 'sandbox-admin' } },
    remoteIp: ['10.0.0.1'],
    action: 'Update',
    entityType: 'Action',
    changes: [{ property: 'timeoutSeconds', from: ['30'], to: ['3'] }],
    ...more,
  };
}

/** A log that keeps its lines, with the fields of their children. */
export function keptLog(): { log: Log; lines: ({ message: string } & JsonObject)[] } {
  const lines: ({ message: string } & JsonObject)[] = [];
  const logWith = (bound: object): Log => {
    const tell = (level: string) => (fields: object, message: string) =>
      void lines.push({ ...JSON.parse(JSON.stringify({ ...bound, ...fields, level })), message });
    const child = (fields: object): Log => logWith({ ...bound, ...fields });
    return { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error'), child };
  };
  return { log: logWith({}), lines };
}

/** Somebody sets the timeout of a data action by hand. */
export function setByHand(it: World, name: string, timeoutSeconds: number): string {
  const action = it.sandbox.state.actionNamed(name)!;
  it.sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds } });
  return `data-action:${action.id}`;
}
