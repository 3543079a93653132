import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { publishedOf, versionIdOf } from './head.ts';
import { lineOf, nameOf } from './told.ts';

/** Why a flow may not be published over just now. */
export interface Obstacle {
  /** A sentence without its full stop: who, what, since when. */
  message: string;
  /** What `genesys-gitops/force-unlock` has to carry: the id of the newest version that somebody made. */
  fingerprint: string;
  /** True where somebody holds the lock; unlocking is possible then. */
  locked: boolean;
  /** True where Genesys itself is at work on it: nothing can force that. */
  busy: boolean;
}

/**
 * Somebody else's lock, or work of theirs that is newer than what is published: publishing would throw it away. A flow has
 * one line of versions; saved and checked-in ones that are not the published one are not published yet (definitions `Flow`,
 * `FlowVersion`). Genesys does not say since when a lock is held, so its age is told by the last save.
 */
export function obstacleTo(flow: JsonObject, clientId: string, now = new Date()): Obstacle | undefined {
  const name = nameOf(flow['name']);
  const published = publishedOf(flow);
  const pending = [flow['savedVersion'], flow['checkedInVersion']].filter(isObject).filter((version) => {
    const id = versionIdOf(version);
    return id !== undefined && id !== published && versionIdOf(version['createdByClient']) !== clientId;
  });
  const newest = pending.sort((a, b) => timeOf(b) - timeOf(a))[0];
  const fingerprint = versionIdOf(newest) ?? published ?? 'unpublished';
  const holder = holderOf(flow, clientId);
  const operation = flow['currentOperation'];
  if (isObject(operation) && operation['complete'] === false) {
    const action = (lineOf(operation['actionName'], 40) || 'something').toLowerCase();
    const who = holderOf(operation, clientId, 'user', 'client') ?? 'this client';
    return {
      message: `${who} has started to ${action} "${name}", and it is not done`,
      fingerprint,
      locked: false,
      busy: true,
    };
  }
  const saved =
    newest === undefined
      ? undefined
      : `${authorOf(newest)} saved version ${fingerprint} ${ago(newest, now)}, which is not published`;
  if (holder !== undefined) {
    const since = saved ?? 'nothing of it is saved yet, and Genesys does not say since when';
    return { message: `${holder} has "${name}" open for editing (${since})`, fingerprint, locked: true, busy: false };
  }
  if (saved === undefined) return undefined;
  return { message: `"${name}" has unpublished work: ${saved}`, fingerprint, locked: false, busy: false };
}

/** The user or OAuth client by name; undefined where it is nobody or us. */
function holderOf(of: JsonObject, clientId: string, user = 'lockedUser', client = 'lockedClient'): string | undefined {
  const person = of[user];
  if (isObject(person) && isThere(person['id'])) return calledBy(person, 'user');
  const machine = of[client];
  if (isObject(machine) && isThere(machine['id']) && machine['id'] !== clientId)
    return calledBy(machine, 'OAuth client');
  return undefined;
}

function authorOf(version: JsonObject): string {
  const { createdBy, createdByClient } = version;
  if (isObject(createdBy)) return calledBy(createdBy, 'user');
  return isObject(createdByClient) ? calledBy(createdByClient, 'OAuth client') : 'somebody';
}

const isThere = (id: Json | undefined): boolean => id !== undefined && id !== null;

function calledBy(one: JsonObject, what: string): string {
  return nameOf(one['name']) || `${what} ${nameOf(one['id']) || 'without a name'}`;
}

/** Milliseconds since 1970, of the newest of its dates. */
function timeOf(version: JsonObject): number {
  const dates = [version['dateSaved'], version['dateCheckedIn'], version['dateCreated']] as (Json | undefined)[];
  return Math.max(0, ...dates.map((date) => (typeof date === 'number' ? date : 0)));
}

function ago(version: JsonObject, now: Date): string {
  const at = timeOf(version);
  if (at === 0) return 'at an unknown time';
  const minutes = Math.max(0, Math.round((now.getTime() - at) / 60_000));
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
