import { existsSync } from 'node:fs';
import path from 'node:path';
import type { App, TargetReport } from '../app.ts';
import type { Acceptance, Kind } from '../model/contracts.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { isObject } from '../model/json.ts';
import { type Change, causeOfField, type FieldChange, type Held, type Plan } from '../model/plan.ts';
import type { Pointer } from '../model/pointer.ts';
import type { Place } from '../model/problem.ts';
import { type ResourceId, resourceId } from '../model/resource.ts';
import { kinds } from '../objects/kinds.ts';
import type { Observation } from '../reconcile/observe.ts';
import { run } from '../reconcile/run.ts';
import { type ObjectState, objectKey } from '../reconcile/state.ts';
import { type Accepted, acceptLive, locate, unifiedDiff } from '../source/index.ts';
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
  return { report, observed, drifted: driftIn(report.plan) };
}

function driftIn({ changes, held }: Plan): Drift[] {
  return [...changes, ...held].flatMap((change): Drift[] => {
    const { action, cause } = change;
    if (action === 'create') return cause === 'drift' ? [{ change, fields: [], deleted: true }] : [];
    const fields = change.fields.filter((field) => isDrift(change, field));
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

/**
 * The edits by which the repository wishes what is live, as a patch. It is planned before it is answered: what would still
 * differ by it is told as well. `folder` is the one that is read, where the source is one.
 */
export async function patchOf(
  app: App,
  target: TargetConfig,
  { report, observed, drifted }: TargetDrift,
  folder?: string,
): Promise<DriftPatch> {
  const { desired } = report;
  const { edits, removed, unwritten } = editsFor({ report, observed, drifted });
  if (edits.length === 0 && removed.length === 0) return { patch: '', unwritten, notes: [] };
  const snapshot = await app.source.read(desired.revision);
  const accepted = await acceptLive(snapshot, desired, { kinds, ...optionsOf(target) }, { edits, removed });
  const root = folder === undefined ? '' : withinRepository(folder);
  const told = [...unwritten, ...accepted.unwritten];
  const isEmpty = accepted.changes.length === 0;
  const left = isEmpty ? [] : await stillPlanned(app, target, accepted, { report, drifted, told });
  return {
    patch: unifiedDiff(accepted.changes.map((change) => ({ ...change, path: root + change.path }))),
    unwritten: [...told, ...left],
    notes: accepted.elsewhere.map(({ resource, environment, gone }) =>
      gone
        ? `${resource} goes from the environment "${environment}" as well, which deletes its object there where prune is on`
        : `${resource} changes in the environment "${environment}" as well, which reads the same text`,
    ),
  };
}

interface Edits {
  edits: { resource: ResourceId; acceptance: Acceptance }[];
  removed: ResourceId[];
  unwritten: Unwritten[];
}

function editsFor({ report, observed, drifted }: TargetDrift): Edits {
  const { desired } = report;
  const states = new Map<string, ObjectState>((observed?.objects ?? []).map((state) => [objectKey(state.wish), state]));
  const all: Edits = { edits: [], removed: [], unwritten: [] };
  for (const { change, fields, deleted } of drifted) {
    const owner = `${change.kind}/${change.name}`;
    if (deleted) {
      all.removed.push(owner);
      continue;
    }
    const state = states.get(objectKey(change.object));
    if (state === undefined || observed === undefined || !isObject(state.live)) {
      all.unwritten.push({ resource: owner, why: 'what is live cannot be read back' });
      continue;
    }
    const { live, summary, applied, wish } = state;
    // What the repository changed as well is a conflict: to take what is live would silently undo a commit.
    for (const { path: at, by } of fields.filter((field) => causeOfField(change, field) === 'both')) {
      const why = `${at} was changed by a commit as well, which is not applied yet; decide which of them counts`;
      all.unwritten.push({ resource: by, pointer: `/spec${at}`, why });
    }
    const moved = fields.filter((field) => causeOfField(change, field) === 'drift');
    for (const by of wish.by) {
      const resource = desired.resources.find((one) => resourceId(one) === by);
      const kind = kinds.find((one) => one.name === resource?.kind);
      if (resource === undefined || kind === undefined) continue;
      const own = moved.filter((field) => field.by === by);
      const acceptances = acceptedBy(kind, resource, {
        live,
        ...(summary === undefined ? {} : { summary }),
        ...(applied === undefined ? {} : { applied }),
        fields: own,
        index: observed.index,
      });
      all.edits.push(...acceptances.map((acceptance) => ({ resource: by, acceptance })));
    }
  }
  return all;
}

function acceptedBy(kind: Kind, ...[resource, drift]: Parameters<NonNullable<Kind['accept']>>): Acceptance[] {
  if (kind.accept !== undefined) return kind.accept(resource, drift);
  return drift.fields.map(({ path: at }) => ({
    pointer: `/spec${at}`,
    why: `what is live of a ${kind.name} cannot be written into its document`,
  }));
}

/** What a plan on the patched repository would still do to what drifted, and what is wrong with it. */
async function stillPlanned(
  app: App,
  target: TargetConfig,
  { desired }: Accepted,
  { report, drifted, told }: Pick<TargetDrift, 'report' | 'drifted'> & { told: readonly Unwritten[] },
): Promise<Unwritten[]> {
  const { engine } = await app.connect(target);
  // Who moved what was asked already.
  const { auditor: _auditor, ...rest } = engine;
  const { plan } = await run(rest, desired, { mode: 'plan', byHand: true });
  const known = new Set(report.plan.problems.map(({ message }) => message));
  const problems = plan.problems
    .filter(({ message }) => !known.has(message))
    .map((problem): Unwritten => {
      const { place, message, resource = '' } = locate(desired, problem);
      return { resource, ...(place === undefined ? {} : { place }), why: `with the patch: ${message}` };
    });
  const objects = new Set(drifted.map(({ change }) => objectKey(change.object)));
  const waited = [...report.plan.changes, ...report.plan.held].flatMap((change) =>
    change.fields.flatMap((field) => (isDrift(change, field) ? [] : [keyOf(change, field)])),
  );
  const explained = new Set(told.map(({ resource }) => resource));
  const open = [...plan.changes, ...plan.held].filter(({ object }) => objects.has(objectKey(object)));
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

function isDrift(change: Change, field: FieldChange): boolean {
  return ['drift', 'both'].includes(causeOfField(change, field));
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
