import type { Actor, AuditRecord, AuditSource } from '../model/audit.ts';
import { isObject } from '../model/json.ts';
import { type AuditDeps, remember } from './deps.ts';

const dayMs = 86_400_000;

/**
 * Who a record speaks of, by name where any surface knows it. Each name is asked for once a day; where it may not be seen, too.
 */
export async function actorOf(
  deps: AuditDeps,
  { clientId, user }: Pick<AuditRecord, 'clientId' | 'user'>,
): Promise<Actor> {
  const client = clientId === undefined ? undefined : await named(deps, 'client', clientId);
  const person = user === undefined || user.name !== undefined ? user : await named(deps, 'user', user.id);
  return { ...(client === undefined ? {} : { client }), ...(person === undefined ? {} : { user: person }) };
}

async function named(deps: AuditDeps, what: 'client' | 'user', id: string): Promise<{ id: string; name?: string }> {
  const { journal, clock, reader } = deps;
  const key = `audit:name:${deps.organization}:${what}:${id}`;
  const kept = await journal.recall(key);
  const now = clock.now();
  const isFresh = isObject(kept) && now.getTime() - Date.parse(String(kept['at'])) < dayMs;
  let name = isObject(kept) && typeof kept['name'] === 'string' ? kept['name'] : undefined;
  if (!isFresh) {
    try {
      name = await asked(deps.surfaces, (source) =>
        (what === 'client' ? source.clientName : source.userName)(reader, id),
      );
      await remember(deps, key, { at: now.toISOString(), ...(name === undefined ? {} : { name }) });
    } catch {
      // An old name is better than none, and an id tells who it was, too.
    }
  }
  return name === undefined ? { id } : { id, name };
}

async function asked(
  surfaces: AuditDeps['surfaces'],
  ask: (source: AuditSource) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const { audits } of surfaces) {
    const name = audits === undefined ? undefined : await ask(audits);
    if (name !== undefined) return name;
  }
  return undefined;
}
