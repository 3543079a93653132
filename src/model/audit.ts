import type { Reader } from './http.ts';
import type { Json } from './json.ts';
import type { Pointer } from './pointer.ts';
import type { ResourceId } from './resource.ts';

/** `PropertyChange` of the API, as texts; what is longer than this tool keeps is cut, and ends in `…`. */
export interface PropertyChange {
  property: string;
  from: string[];
  to: string[];
}

/** One record of the platform's own audit log, as far as this tool looks at it (definition `AuditLogMessage`). */
export interface AuditRecord {
  id: string;
  /** ISO 8601, by Genesys's clock: `eventDate`. */
  at: string;
  service: string;
  action: string;
  entityType: string;
  /** What it is about: the entity's id, then every other id in its address (a version names its configuration there). */
  entities: string[];
  /** What people call the entity. */
  name?: string;
  clientId?: string;
  user?: { id: string; name?: string };
  remoteIp: string[];
  /** `SUCCESS`, `FAILURE` or `WARNING`; a failure changed nothing. */
  status?: string;
  /** The id of the record that began what this one is a part of. */
  transaction?: string;
  changes: PropertyChange[];
}

/** Which records are wanted: of these services, in this interval of Genesys's clock. */
export interface AuditQuestion {
  services: readonly string[];
  from: Date;
  to: Date;
  /** Only what this OAuth client did; everybody's where it is absent. */
  clientId?: string;
  /** Ids of the objects that it is about, for a log that is asked by object. */
  entities?: readonly string[];
  /** How many are expected at least, where that is known: many are asked for in another way than a few. */
  expected?: number;
  /** Which of them are wanted, where not all: the others are dropped page by page. */
  concerns?(record: AuditRecord): boolean;
}

/** Where the audit records of a family of endpoints come from. Every call may throw a Failure; none writes. */
export interface AuditSource {
  /** The services that hold records of these entity types, as Genesys says it itself, by entity type. Unknown ones are missing. */
  services(reader: Reader, entityTypes: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Every record that answers the question, each once, oldest first. */
  find(reader: Reader, question: AuditQuestion): Promise<AuditRecord[]>;
  /** Everything that one action caused, the record that is asked for included. */
  related(reader: Reader, auditId: string): Promise<AuditRecord[]>;
  /** What people call an OAuth client or a user; undefined where this client may not see it, or it is gone. */
  clientName(reader: Reader, id: string): Promise<string | undefined>;
  userName(reader: Reader, id: string): Promise<string | undefined>;
}

/**
 * `matched`: with records that are its own and nobody else's. `ambiguous`: what cannot be told apart. `unmatched`: none was found.
 * `unrecorded`: none was looked for, since there is none.
 */
export type Match = 'matched' | 'ambiguous' | 'unmatched' | 'unrecorded';

/** What is said of a write whose type leaves no record: at once, and for good. */
export const unrecorded = {
  match: 'unrecorded',
  records: [] as string[],
  why: 'no record is expected: the audit log of these endpoints has none of this type',
} as const;

/** Whether anything that is done to objects of a type is expected to leave a record (`ObjectType.audited`). */
export function isRecorded({ audited = {} }: { audited?: Readonly<Record<string, readonly string[]>> }): boolean {
  return Object.values(audited).some((actions) => actions.length > 0);
}

/** Somebody, as the audit log tells of them. Without names where they could not be looked up. */
export interface Actor {
  client?: { id: string; name?: string };
  user?: { id: string; name?: string };
}

/** What somebody did to an object without a commit. */
export interface Deed {
  auditId: string;
  /** The id of the record that began what this one is a part of, where that is another. */
  transaction?: string;
  /** ISO 8601, by Genesys's clock. */
  at: string;
  by: Actor;
  remoteIp: string[];
  action: string;
  entityType: string;
  changes: PropertyChange[];
}

/** A field that somebody moved, and what is live, where that is known. */
export interface MovedField {
  path: Pointer;
  from?: Json | undefined;
}

/** Why live state is not what was left there. */
export interface DriftStory {
  /** `Kind/handle` of what was moved, where this object is as it was left and only goes after that. */
  follows?: ResourceId;
  /** Since when the log was asked: the start of the last run that left all well. */
  since: string;
  /** Newest first; of what was done at one time, what tells most of what moved. Empty where the log explains nothing (yet). */
  deeds: Deed[];
  /** What else was done to the object in that time: of it the log does not say that it left what is live. Newest first. */
  meanwhile?: Deed[];
  /** How many more there are in the log that are not listed here. */
  more?: number;
  /** Why there are none, or none of some fields, as a sentence: nothing recorded yet, no permission, the log cannot be asked. */
  unexplained?: string;
  /** What was in force until then. */
  against?: { revision: string; commit?: string };
}

/** Who tells the engine of whom drift is. */
export interface Auditor {
  /**
   * What others did to these objects since then, by `type:id`; `fields` are those that moved. Never throws and never holds a run up for long: what cannot
   * be asked, or is not recorded yet, is said in `unexplained`.
   */
  explain(
    objects: readonly { type: string; id: string; fields?: readonly MovedField[] }[],
    since: string,
  ): Promise<ReadonlyMap<string, DriftStory>>;
}
