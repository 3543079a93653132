import type { Composed } from '../../model/compose.ts';
import type { ObjectType } from '../../model/contracts.ts';
import type { JsonObject } from '../../model/json.ts';
import { settleByVersion } from '../settle-by-key.ts';
import { versionOf } from '../versioned.ts';
import { canonical, isSame } from './body.ts';
import { isBlank, list, readLive } from './live.ts';
import { write } from './write.ts';

/** The web chat configuration of one organisation: its key and its id are the organisation's id (README of this folder). */
export const webChatConfiguration: ObjectType = {
  type: 'web-chat-configuration',
  surface: 'tutorial',
  label: 'web chat configuration',
  managed: true,
  unlisted: true,
  sensitive: [],
  required: [],
  immutable: {},
  refersTo: [],
  list,
  read: readLive,
  fingerprintOf: versionOf,
  normalise: canonical,
  // Where two values say the same there is nothing to tell; where not, they are compared as what they are.
  differences: (path, { wanted, live }) => (isSame(path, wanted, live) ? [] : undefined),
  renders: isSame,
  compose,
  write,
  async settle(reader, intent) {
    const live = await readLive(reader, { id: intent.object.id! });
    return settleByVersion(intent, live, { now: versionOf, then: ({ base }) => base });
  },
  audited: {
    put: ['webchat:configuration:update'],
    replicate: ['webchat:configuration:update'],
  },
};

/**
 * Two documents for one organisation collide in every field: said once of each, and not field by field. Where nothing is
 * there, nothing would be overwritten.
 */
function compose({ holds, ...rest }: Composed, { live }: { live?: JsonObject }): Composed {
  const wish = holds === undefined || isBlank(live) ? rest : { ...rest, holds };
  if (wish.problems.every(({ code }) => code !== 'field-owned-twice')) return wish;
  const message = (own: string): string =>
    `organisation "${wish.name}" is also configured by ${wish.by.filter((by) => by !== own).join(', ')}; an organisation has one document`;
  return {
    ...wish,
    problems: [
      ...wish.problems.filter(({ code }) => code !== 'field-owned-twice'),
      ...wish.by.map((by) => ({
        code: 'field-owned-twice' as const,
        message: message(by),
        resource: by,
        pointer: '/spec',
      })),
    ],
  };
}
