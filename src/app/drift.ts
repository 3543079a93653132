import { existsSync } from 'node:fs';
import path from 'node:path';
import type { App, TargetReport } from '../app.ts';
import type { Acceptance, Index, Kind } from '../model/contracts.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { type Change, causeOfField, type FieldChange, type Held, type Plan } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Place } from '../model/problem.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';
import { kinds } from '../objects/kinds.ts';
import { driftIn } from '../reconcile/drift-found.ts';
import type { Observation } from '../reconcile/observe.ts';
import { run } from '../reconcile/run.ts';
import { type ObjectState, objectKey } from '../reconcile/state.ts';
import { type Accepted, acceptLive, locate, type ToEdit, unifiedDiff } from '../source/index.ts';
import { optionsOf } from './readings.ts';

export interface DriftOptions {
  only?: readonly ResourceId[];
  revision?: string;
  looked?(done: number, of: number): void;
}

/** One object that is not as it was left, and not by a commit. */
export interface Drift {
  /** What the next run would do about it: a change, or one that policy holds. */
  change: Change | Held;
  /** What of it moved; none where it is gone. */
  fields: FieldChange[];
  deleted: boolean;
}

export interface TargetDrift {
  report: TargetReport;
  drifted: Drift[];
  /** What was live and wished. */
  observed: Observation | undefined;
}

/** A plan of one target, and what of it is drift. Never writes. */
export async function driftOf(app: App, target: TargetConfig, options: DriftOptions): Promise<TargetDrift> {
  let observed: Observation | undefined;
  const report = await app.reconcile(target, {
    mode: 'plan',
    byHand: true,
    observed: (seen) => {
      observed = seen;
    },
    ...options,
  });
  return { report, observed, drifted: driftsIn(report.plan) };
}

function driftsIn({ changes, held }: Plan): Drift[] {
  return [...changes, ...held].flatMap((change): Drift[] => {
    const { action, cause } = change;
    if (action === 'create') return cause === 'drift' ? [{ change, fields: [], deleted: true }] : [];
    const fields = driftIn(change);
    return action === 'update' && fields.length > 0 ? [{ change, fields, deleted: false }] : [];
  });
}

/** What cannot be written, and where it stands. */
export interface Unwritten {
  resource: ResourceId;
  pointer?: Pointer;
  place?: Place;
  why: string;
}

export interface DriftPatch {
  /** For `git apply`; empty where there is nothing to write. */
  patch: string;
  unwritten: Unwritten[];
  /** What else a person should know before it is merged. */
  notes: string[];
}

export interface PatchOptions {
  /** The folder that is read, where the source is one. */
  folder?: string | undefined;
  /** True where what a document says for other environments too is to be written into the target's own environment. */
  inEnvironment?: boolean;
}

/**
 * The edits by which the repository wishes what is live, as a patch. It is planned before it is answered: what would still
 * differ by it is told as well.
 */
export async function patchOf(
  app: App,
  target: TargetConfig,
  drift: TargetDrift,
  { folder, inEnvironment = false }: PatchOptions = {},
): Promise<DriftPatch> {
  const { desired } = drift.report;
  const { edits: all, removed, unwritten } = editsFor(drift);
  const edits = all.map((edit) => ({ ...edit, hereOnly: inEnvironment }));
  if (edits.length === 0 && removed.length === 0) return { patch: '', unwritten, notes: [] };
  const snapshot = await app.source.read(desired.revision);
  const acceptAll = (some: ToEdit[]): Promise<Accepted> =>
    acceptLive(snapshot, desired, { kinds, ...optionsOf(target) }, { edits: some, removed });
  const planned = async ({ desired: patched, changes }: Accepted): Promise<Plan | undefined> =>
    changes.length === 0 ? undefined : await planAgain(app, target, patched);

  let accepted = await acceptAll(edits);
  let after = await planned(accepted);
  // What was given a number (a version) has it in this organisation only.
  const pins = (after === undefined ? [] : pinsFor(after, drift)).map((pin) => ({ ...pin, hereOnly: true }));
  if (pins.length > 0) {
    accepted = await acceptAll([...edits, ...pins]);
    after = await planned(accepted);
  }
  const told = [...unwritten, ...accepted.unwritten];
  const root = folder === undefined ? '' : withinRepository(folder);
  return {
    patch: unifiedDiff(accepted.changes.map((change) => ({ ...change, path: root + change.path }))),
    unwritten: after === undefined ? told : [...told, ...stillPlanned(after, accepted, drift, told)],
    notes: [
      ...new Set(pins.map(({ resource }) => followedBefore(resource))),
      ...accepted.elsewhere.map(elsewhereInWords),
    ],
  };
}

function elsewhereInWords({ resource, environment, gone, byFile }: Accepted['elsewhere'][number]): string {
  if (gone) {
    return `${resource} goes from the environment "${environment}" as well, which deletes its object there where prune is on`;
  }
  const how = byFile ? '' : '; --in-environment writes it for this target only';
  return `${resource} changes in the environment "${environment}" as well, which reads the same text${how}`;
}

function followedBefore(resource: ResourceId): string {
  return `${resource} followed what is accepted here, and would move with it; it is set to what it has now. Leave that part out of the patch, and a run brings it up`;
}

interface Edits {
  edits: ToEdit[];
  removed: ResourceId[];
  unwritten: Unwritten[];
}

function editsFor({ report, observed, drifted }: TargetDrift): Edits {
  const all: Edits = { edits: [], removed: [], unwritten: [] };
  for (const { change, fields, deleted } of drifted) {
    const owner = `${change.kind}/${change.name}`;
    const state = stateOf(change, observed);
    if (deleted) all.removed.push(owner);
    else if (observed === undefined || state === undefined || !isObject(state.live)) {
      all.unwritten.push({ resource: owner, why: 'what is live cannot be read back' });
    } else {
      // What the repository changed as well is a conflict: to take what is live would silently undo a commit.
      for (const { path: at, by } of fields.filter((field) => causeOfField(change, field) === 'both')) {
        const why = 'a commit that is not applied yet changed it as well; decide which of them counts';
        const { place } = locate(report.desired, { code: 'schema', message: why, resource: by, pointer: `/spec${at}` });
        all.unwritten.push({ resource: by, pointer: `/spec${at}`, why, ...(place === undefined ? {} : { place }) });
      }
      const moved = fields.filter((field) => causeOfField(change, field) === 'drift');
      all.edits.push(...acceptances(state, state.live, moved, { report, index: observed.index }));
    }
  }
  return all;
}

/** What followed an object whose drift is accepted would go after it: it is set to what it has. */
function pinsFor({ changes, held }: Plan, { report, observed }: TargetDrift): ToEdit[] {
  const followed = [...report.plan.changes, ...report.plan.held].flatMap((change) =>
    change.fields.flatMap((field) => (field.follows === true ? [keyOf(change, field)] : [])),
  );
  return [...changes, ...held].flatMap((change) => {
    const state = stateOf(change, observed);
    const fields = change.fields.filter((field) => followed.includes(keyOf(change, field)) && isKnown(field));
    if (observed === undefined || state === undefined || !isObject(state.live) || fields.length === 0) return [];
    return acceptances(state, state.live, fields, { report, index: observed.index });
  });
}

function isKnown({ to }: FieldChange): boolean {
  return !(isObject(to) && 'knownAfterApply' in to);
}

function stateOf({ object }: Change, observed: Observation | undefined): ObjectState | undefined {
  return observed?.objects.find(({ wish }) => objectKey(wish) === objectKey(object));
}

/** What every resource with a part in an object would have to say. */
function acceptances(
  { summary, applied, wish }: ObjectState,
  live: JsonObject,
  moved: readonly FieldChange[],
  { report: { desired }, index }: { report: TargetReport; index: Index },
): ToEdit[] {
  return wish.by.flatMap((by) => {
    const resource = desired.resources.find((one) => resourceId(one) === by);
    const kind = kinds.find((one) => one.name === resource?.kind);
    if (resource === undefined || kind === undefined) return [];
    const known = { ...(summary === undefined ? {} : { summary }), ...(applied === undefined ? {} : { applied }) };
    const fields = moved.filter((field) => field.by === by);
    const accepted = acceptedBy(kind, resource, { live, ...known, fields, index });
    return accepted.map((acceptance) => ({ resource: by, acceptance }));
  });
}

function acceptedBy(kind: Kind, ...[resource, drift]: Parameters<NonNullable<Kind['accept']>>): Acceptance[] {
  if (kind.accept !== undefined) return kind.accept(resource, drift);
  return drift.fields.map(({ path: at }) => ({
    pointer: `/spec${at}`,
    why: `what is live of a ${kind.name} cannot be written into its document`,
  }));
}

/** A plan of the patched repository. Who moved what was asked already. */
async function planAgain(app: App, target: TargetConfig, desired: Desired): Promise<Plan> {
  const { engine } = await app.connect(target);
  const { auditor: _auditor, ...rest } = engine;
  return (await run(rest, desired, { mode: 'plan', byHand: true })).plan;
}

/** What a plan of the patched repository would still do to what drifted, and what is wrong with it. */
function stillPlanned(
  after: Plan,
  { desired }: Accepted,
  { report, drifted }: TargetDrift,
  told: readonly Unwritten[],
): Unwritten[] {
  const known = new Set(report.plan.problems.map(({ message }) => message));
  const problems = after.problems
    .filter(({ message }) => !known.has(message))
    .map((problem): Unwritten => {
      const { resource = '', message } = problem;
      // Where it stands now; the patch may move it.
      const { place: _place, excerpt: _excerpt, ...found } = problem;
      const isThere = report.desired.resources.some((one) => resourceId(one) === resource);
      const { place } = isThere ? locate(report.desired, found) : locate(desired, problem);
      return { resource, ...(place === undefined ? {} : { place }), why: `with the patch: ${message}` };
    });
  const objects = new Set(drifted.map(({ change }) => objectKey(change.object)));
  const waited = [...report.plan.changes, ...report.plan.held].flatMap((change) =>
    change.fields.flatMap((field) => (driftIn(change).includes(field) ? [] : [keyOf(change, field)])),
  );
  const explained = new Set(told.map(({ resource }) => resource));
  const open = [...after.changes, ...after.held].filter(({ object }) => objects.has(objectKey(object)));
  const left = open.flatMap((change) =>
    change.fields
      .filter((field) => !explained.has(field.by) && !waited.includes(keyOf(change, field)))
      .map(({ by, path: at, title }): Unwritten => {
        const why = `${title ?? at} would still be changed by a run on the patched repository`;
        return { resource: by, pointer: `/spec${at}`, why };
      }),
  );
  return [...problems, ...left];
}

function keyOf({ object }: Change, { by, path: at }: FieldChange): string {
  return `${objectKey(object)} ${by} ${at}`;
}

/** Where a folder lies within the working tree of git that holds it: `config/`, or the empty string. */
export function withinRepository(folder: string): string {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(path.join(at, '.git'))) {
      const below = path.relative(at, path.resolve(folder));
      return below === '' ? '' : `${below.split(path.sep).join('/')}/`;
    }
    if (path.dirname(at) === at) return '';
  }
}
