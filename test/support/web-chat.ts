import type { Allowance } from '../../src/model/contracts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Outcome } from '../../src/model/plan.ts';
import type { Desired } from '../../src/model/resource.ts';
import { kinds } from '../../src/objects/kinds.ts';
import type { RunReport } from '../../src/reconcile/run.ts';
import { chatBody } from '../../src/sandbox/tutorial/fixture.ts';
import { resolved } from '../../src/source/fixture.ts';
import { locate } from '../../src/source/resolve.ts';
import { hasty } from './clock.ts';
import { useWorlds, type World, type WorldOptions } from './world.ts';

/** The example of the tutorial "Configuring Web Messaging Channel Properties", as a document. */
export const tutorialDocument = `apiVersion: tutorial.genesys-gitops/v1
kind: WebChatConfiguration
metadata: { name: support-chat }
spec:
  organizations: [ORG_ID_1]
  theme:
    colors:
      primary: "#0052CC"
    typography: { fontSize: 16 }
  accessibility:
    { wcagLevel: AA, contrastRatio: 7.2 }
  greetings:
    messages: ["Hello, how can we assist you?", Welcome to support]
  availability:
    rules:
      - { dayOfWeek: MONDAY, startTime: "09:00", endTime: "17:00" }
  features:
    flags: { enableFileUpload: true, enableRichText: false }
    audiences: [premium_customers, trial_users]
    dynamicRouting: true
  replicateTo:
    organizations: [ORG_ID_2]
`;

export const organizations = ['ORG_ID_1', 'ORG_ID_2', 'ORG_ID_3'];
/** What the tutorial's script sends, to the letter. */
export const body = chatBody();

/** What the target allows: one more than there are. */
export const allowed: Allowance = { organizations: [...organizations, 'ORG_ID_4'] };

export type Changes = [from: string, to: string][];

/** The tutorial's document with some texts in the place of others. */
export function documentWith(changes: Changes): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the document does not say ${from}`);
    return text.replace(from, to);
  }, tutorialDocument);
}

/** A world whose organisations have no web chat yet. */
export interface Chats extends World {
  /** One run of the tutorial's document with some texts in the place of others. */
  run(changes?: Changes, more?: { plan?: true; byHand?: true }): Promise<RunReport>;
  /** What an organisation has live, without what the server adds. */
  live(id: string): JsonObject | undefined;
  version(id: string): number | undefined;
  /** Somebody else's change of an organisation. */
  edit(id: string, change: JsonObject | (() => JsonObject)): void;
  /** Calls but for GETs and tokens, as `PUT ORG_ID_1 200`, with the names of who else is in their body. */
  sent(): string[];
}

export function useChats(): (options?: WorldOptions) => Promise<Chats> {
  const open = useWorlds();
  return async (options = {}) => {
    const webChatOrganizations = organizations.map((id) => ({ id, name: `Organisation ${id}` }));
    const { sandbox, ...rest } = options;
    const it = await open({
      clock: hasty,
      ...rest,
      sandbox: { jobMs: 1, ...sandbox, seed: { webChatOrganizations, ...sandbox?.seed } },
    });
    const chat = (id: string) => it.sandbox.state.webChat(id)?.configuration;
    return {
      ...it,
      async run(changes = [], { plan, ...more } = {}) {
        const desired = await resolved({ 'chat.yaml': documentWith(changes) }, { kinds, allowed });
        const placeOf = (resource: string, pointer: string) =>
          locate(desired, { code: 'schema', message: '', resource, pointer }).place;
        const options = { ...only(desired), ...more, placeOf };
        if (plan !== true) return it.apply(desired.resources, options);
        return { plan: await it.plan(desired.resources, options), outcomes: [] } as unknown as RunReport;
      },
      live: (id) => chat(id)?.content as JsonObject | undefined,
      version: (id) => chat(id)?.version,
      edit: (id, change) => void it.sandbox.state.editWebChat(id, change as JsonObject),
      sent: () =>
        it.sandbox
          .requests()
          .filter(({ method, path }) => method !== 'GET' && !path.startsWith('/oauth'))
          .map(({ method, path, status, body }) => {
            const { targetOrganizationIds: targets = [] } = (body ?? {}) as { targetOrganizationIds?: string[] };
            const [, id] = /organizations\/([^/]+)/.exec(path) ?? [];
            return [method, id ?? ['replicate', ...targets].join(' '), status].join(' ');
          }),
    };
  };
}

function only({ problems }: Desired): { problems: Desired['problems'] } {
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return { problems };
}

/** `ORG_ID_1 applied`, `ORG_ID_2 failed BadRequest`: what became of each organisation, by its id. */
export function ends({ outcomes }: { outcomes: readonly Outcome[] }): string[] {
  return outcomes
    .map(({ object, status, reason }) => [object.id, status, ...(reason === undefined ? [] : [reason])].join(' '))
    .sort();
}
