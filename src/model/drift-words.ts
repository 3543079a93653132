import type { Actor, Deed, DriftStory, PropertyChange } from './audit.ts';
import { stamp } from './moment.ts';

/** `Ann Smith (sandbox-admin)`: the person, with the client that she used; ids where no names are known. */
export function actorInWords({ user, client }: Actor): string {
  const person = user === undefined ? undefined : (user.name ?? `user ${user.id}`);
  const tool = client === undefined ? undefined : (client.name ?? `client ${client.id}`);
  if (person === undefined) return tool ?? 'somebody whom the audit log does not name';
  return tool === undefined ? person : `${person} (${tool})`;
}

/** So many property changes of one deed are told. */
const mostChanges = 5;

/** `changed by Ann Smith (sandbox-admin) at 2026-11-21 14:02:00Z, from 10.0.0.1: Update; timeoutSeconds 10 → 20`. */
export function deedInWords({ by, at, remoteIp, action, changes }: Deed): string {
  const address = remoteIp.length === 0 ? '' : `, from ${remoteIp.join(', ')}`;
  // What was deleted has nothing any more: each of its properties would say the same.
  const telling = action === 'Delete' ? [] : changes;
  const said = telling.slice(0, mostChanges).map(changeInWords);
  const more = telling.length - said.length;
  const what = [action, ...said, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return `changed by ${actorInWords(by)} at ${stamp(at)}${address}: ${what}`;
}

/**
 * Records that one deed left, each row with the one first that stands first: what came with it in the same transaction says
 * little more.
 */
export function deedsTogether(deeds: readonly Deed[]): Deed[][] {
  return [...Map.groupBy(deeds, ({ transaction, auditId }) => transaction ?? auditId).values()];
}

/** Who moved an object, or why that is not known; `against` is the commit in force until then. One line. */
export function driftInWords({ follows, deeds, meanwhile = [], more = 0, unexplained, against }: DriftStory): string {
  const [newest] = deeds;
  const [other] = meanwhile;
  const count = deedsTogether([...deeds, ...meanwhile]).length + more;
  const others = count - (newest === undefined && other === undefined ? 0 : 1);
  const rest = others > 0 ? `; and ${others} other ${others === 1 ? 'deed' : 'deeds'}` : '';
  const unknown = `the audit log does not say who (${unexplained ?? 'nothing recorded yet'})`;
  const who =
    newest !== undefined
      ? `${deedInWords(newest)}${rest}`
      : other !== undefined
        ? `${unknown}; also, meanwhile: ${deedInWords(other)}${rest}`
        : unknown;
  const commit = against === undefined ? undefined : (against.commit ?? commitIn(against.revision));
  const told = follows === undefined ? who : `it follows ${follows}: ${who}`;
  return commit === undefined ? told : `${told}; against ${commit.slice(0, 10)}`;
}

/** Everybody who had a part in it, each once, newest first; undefined where the log names nobody. */
export function partiesInWords(stories: readonly DriftStory[]): string | undefined {
  const names = new Set(stories.flatMap(({ deeds }) => deeds.map(({ by }) => actorInWords(by))));
  return names.size === 0 ? undefined : [...names].join(', ');
}

function changeInWords({ property, from, to }: PropertyChange): string {
  const side = (values: string[]): string => (values.length === 0 ? '(nothing)' : values.join(', '));
  return `${property} ${side(from)} → ${side(to)}`;
}

/** The commit of a revision such as `main@sha1:<hex>`; undefined for a folder's. */
function commitIn(revision: string): string | undefined {
  return /@sha(?:1|256):([0-9a-f]{40,64})$/.exec(revision)?.[1];
}
