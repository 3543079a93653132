import type { JsonObject } from '../json.ts';
import type { FlowType } from './flow-types.ts';

/** A call of a data action, as a version keeps it: by id, so that a rename of the action leaves it whole. */
export interface FlowCall {
  actionId: string;
  /** The names by which the text called it. */
  category: string;
  name: string;
}

/** Another flow that a version names, kept by its id for the same reason. */
export interface FlowLink {
  flowId: string;
  name: string;
}

/** A schedule or schedule group that a version evaluates, by its id likewise. */
export interface ScheduleLink {
  id: string;
  of: 'schedule' | 'schedule group';
  name: string;
}

/** Who made, locked or published something: a person, or an OAuth client that stands for nobody. */
export type FlowActor = { user: { id: string; name: string } } | { client: { id: string } };

/** `FlowVersion` as stored. */
export interface FlowVersionRecord {
  /** `3.0` for what was checked in or published, `3.1` for what was saved after it. */
  id: string;
  type: 'PUBLISH' | 'CHECKIN' | 'SAVE';
  /** What stands under the top key, as the server wrote it down. */
  tree: JsonObject;
  calls: readonly FlowCall[];
  flows: readonly FlowLink[];
  schedules: readonly ScheduleLink[];
  createdBy: FlowActor;
  commit: string;
  at: number;
  publishedAt?: number;
  /** When another version took its place. */
  publishedUntil?: number;
}

/** `Operation` as stored. */
export interface FlowOperation {
  id: string;
  action: 'CHECKIN' | 'PUBLISH' | 'DELETE';
  status: 'STARTED' | 'SUCCESS' | 'FAILURE';
  by: FlowActor;
  error?: { code: string; message: string };
}

/** `Flow` as stored. Never changed in place. */
export interface FlowRecord {
  id: string;
  type: FlowType;
  name: string;
  description: string;
  divisionId: string;
  active: boolean;
  deleted: boolean;
  /** Oldest first. */
  versions: readonly FlowVersionRecord[];
  /** Ids of versions. */
  published?: string;
  checkedIn?: string;
  saved?: string;
  publishedBy?: FlowActor;
  lockedBy?: FlowActor;
  operation?: FlowOperation;
}
