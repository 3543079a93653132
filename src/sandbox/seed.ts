import { parseDocument } from 'yaml';
import type { ConsumerSeed } from './consumers.ts';
import { ApiError } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { ActionConfig, ActionContractInput, OAuthClientRecord } from './records.ts';
import { postActionInput } from './request-shapes.ts';
import { type ScheduleSeed, scheduleSeedFields } from './schedules/schedule-shapes.ts';
import { boolean, document, integer, list, map, oneOf, readBody, type Shape, string } from './shapes.ts';
import { type TutorialSeed, tutorialSeedFields } from './tutorial/tutorial-seed.ts';
import { type WebSeed, webSeedFields } from './web/web-seed.ts';

/** A data action of a seed; everything but `name` and `integration` has a default. */
export interface SeedAction {
  id?: string;
  name: string;
  /** Name of the integration. */
  integration: string;
  /** Default: the integration's name. */
  category?: string;
  version?: number;
  secure?: boolean;
  config?: ActionConfig;
  contract?: ActionContractInput;
  /** Exists as a draft only. */
  draft?: boolean;
}

/** A flow of a seed; `publishedBy` is a client's id, by default that of the person Sandbox Admin. */
export interface SeedFlow {
  yaml: string;
  publishedBy?: string;
}

/** What an organisation holds at the start, beyond what every sandbox holds. */
export interface Seed extends ScheduleSeed, WebSeed, TutorialSeed {
  organization?: { id?: string; name?: string; defaultCountryCode?: string; defaultLanguage?: string; domain?: string };
  products?: string[];
  divisions?: { id?: string; name: string; description?: string }[];
  clients?: OAuthClientSeed[];
  credentials?: { id?: string; name: string; type: string; fields?: Record<string, string> }[];
  integrations?: {
    id?: string;
    name: string;
    /** Id of the integration type. */
    type: string;
    /** Default ENABLED. */
    intendedState?: 'ENABLED' | 'DISABLED';
    notes?: string;
    properties?: JsonObject;
    advanced?: JsonObject;
    /** Slot of the type to name of the credential. */
    credentials?: Record<string, string>;
  }[];
  actions?: SeedAction[];
  /** Published flows, as the YAML that somebody published. They may use each other from the first on. */
  flows?: SeedFlow[];
  /** Flows of which no more is known than what they use. */
  consumers?: ConsumerSeed[];
}

/** An OAuth client of a seed; its secret is `sandbox-secret` unless it says otherwise. */
export type OAuthClientSeed = Omit<OAuthClientRecord, 'secret' | 'user' | 'withheld' | 'withheldScopes' | 'hidden'> & {
  secret?: string;
  user?: { id?: string; name: string };
};

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  type: 'object',
  name,
  required,
  fields,
});
const text = string();
const { config, contract } = (postActionInput as Extract<Shape, { type: 'object' }>).fields as {
  config: Shape;
  contract: Shape;
};

/** A consumer, in a seed and over HTTP. */
export const consumerShape = object('consumer', ['name', 'uses'], {
  id: text,
  name: text,
  type: text,
  version: text,
  uses: object('uses', [], { id: text, integration: text, name: text }),
});

const shape = object('seed', [], {
  organization: object('organization', [], {
    id: text,
    name: text,
    defaultCountryCode: text,
    defaultLanguage: text,
    domain: text,
  }),
  products: list(text),
  divisions: list(object('division', ['name'], { id: text, name: text, description: text })),
  clients: list(
    object('client', ['id'], {
      id: text,
      name: text,
      secret: text,
      permissions: list(text),
      scopes: list(text),
      tokenLifeSeconds: integer,
      user: object('user', ['name'], { id: text, name: text }),
    }),
  ),
  credentials: list(object('credential', ['name', 'type'], { id: text, name: text, type: text, fields: map(text) })),
  integrations: list(
    object('integration', ['name', 'type'], {
      id: text,
      name: text,
      type: text,
      intendedState: oneOf('ENABLED', 'DISABLED'),
      notes: text,
      properties: document,
      advanced: document,
      credentials: map(text),
    }),
  ),
  actions: list(
    object('action', ['name', 'integration'], {
      id: text,
      name: string(256),
      integration: text,
      category: string(256),
      version: integer,
      secure: boolean,
      config,
      contract,
      draft: boolean,
    }),
  ),
  ...scheduleSeedFields,
  flows: list(object('flow', ['yaml'], { yaml: text, publishedBy: text })),
  consumers: list(consumerShape),
  ...webSeedFields,
  ...tutorialSeedFields,
});

/** Reads a seed file, YAML or JSON. @throws Error that names what is wrong, all of it */
export function parseSeed(source: string): Seed {
  const parsed = parseDocument(source);
  const [fault] = parsed.errors;
  if (fault) throw new Error(`The seed is no YAML: ${fault.message}`);
  const value: unknown = parsed.toJS({ maxAliasCount: 100 });
  try {
    return readBody(shape, value ?? {}) as Seed;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const fields = (error.extra.details ?? []).map(({ fieldName }) => fieldName).join(', ');
    throw new Error(`The seed is not as it should be: ${error.message} (at ${fields || 'the top'})`);
  }
}
