import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import { type Database, textOf } from './database.ts';
import { append, noRun } from './entries.ts';

/** What the target `from` has is `to`'s from then on. Its runs stay under the name under which they ran. */
export function createRename(db: Database, clock: Clock): Pick<Journal, 'renameTarget'> {
  return {
    renameTarget: (organization, from, to) =>
      db.write(() => {
        refuseShared(db, organization, from, to);
        const scope = [organization, from] as const;
        const owned = Number(
          db.first('SELECT count(*) AS n FROM inventory WHERE organization = ? AND target = ?', ...scope)!['n'],
        );
        // What an object's owner wrote last counts, and not what is left of somebody who had it before.
        db.run(orphansOf('applied'), ...scope, to);
        for (const table of ['inventory', 'applied']) {
          db.run(`UPDATE OR REPLACE ${table} SET target = ? WHERE organization = ? AND target = ?`, to, ...scope);
        }
        db.run('UPDATE intents SET target = ? WHERE open = 1 AND organization = ? AND target = ?', to, ...scope);
        db.run('UPDATE drifts SET target = ? WHERE open = 1 AND organization = ? AND target = ?', to, ...scope);
        // What is kept beside the entries says the new name from now on, and has to be explained by them.
        append(db, noRun, 'target-renamed', clock.now(), { organization, from, to });
        for (const prefix of ['stalls:', 'allowance:', 'checkpoint:', 'conflict:']) {
          moveFacts(db, `${prefix}${organization}:${from}`, `${prefix}${organization}:${to}`);
        }
        moveFacts(db, `suspension:${from}`, `suspension:${to}`);
        for (const prefix of ['good-revision:', 'standing:']) moveFacts(db, `${prefix}${from}`, `${prefix}${to}`);
        return owned;
      }),
  };
}

function refuseShared(db: Database, organization: string, from: string, to: string): void {
  if (from === to) throw new Failure('ConfigurationInvalid', `The target is called ${to} already; give another name.`);
  const shared = db.all(
    `SELECT a.type, a.id, a.owner FROM inventory a JOIN inventory b USING (organization, type, id)
     WHERE a.organization = ? AND a.target = ? AND b.target = ? ORDER BY a.owner`,
    organization,
    from,
    to,
  );
  const first = shared[0];
  if (first === undefined) return;
  const object = `${textOf(first, 'type')} ${textOf(first, 'id')} of ${textOf(first, 'owner')}`;
  throw new Failure(
    'ConfigurationInvalid',
    `The targets ${from} and ${to} both have the object ${object}${shared.length > 1 ? ` and ${shared.length - 1} more` : ''}, so nothing is moved. Take it out of one of them first.`,
  );
}

const orphansOf = (table: string): string => `
  DELETE FROM ${table} WHERE organization = ? AND target = ?
    AND EXISTS (SELECT 1 FROM inventory i WHERE i.organization = ${table}.organization AND i.target = ?
      AND i.type = ${table}.type AND i.id = ${table}.id)`;

/** The fact of that name, and those whose names go on after a colon. */
function moveFacts(db: Database, from: string, to: string): void {
  const [old, next] = [`fact:${from}`, `fact:${to}`];
  db.run(
    `UPDATE OR REPLACE facts SET key = ? || substr(key, length(?) + 1)
     WHERE key = ? OR (key >= ? || ':' AND key < ? || ';')`,
    next,
    old,
    old,
    old,
    old,
  );
}
