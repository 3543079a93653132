import { existsSync } from 'node:fs';
import path from 'node:path';
import type { App } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { equal, type Json } from '../model/json.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, type ResourceId, resourceId } from '../model/resource.ts';
import { redacted } from '../model/seal.ts';
import { kinds } from '../objects/kinds.ts';
import { driftIn } from '../reconcile/drift-found.ts';
import { run } from '../reconcile/run.ts';
import { objectKey } from '../reconcile/state.ts';
import { type Accepted, acceptLive, type ToEdit } from '../source/accept/index.ts';
import { unifiedDiff } from '../source/accept/unified.ts';
import { locate } from '../source/index.ts';
import type { TargetDrift } from './drift.ts';
import { editsFor, keyOf, pinsFor, renamesFor, shortenedFor, type Unwritten } from './drift-edits.ts';

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
  let edits = all.map((edit) => ({ ...edit, hereOnly: inEnvironment }));
  if (edits.length === 0 && removed.length === 0) return { patch: '', unwritten, notes: [] };
  const snapshot = await app.source.read(desired.revision);
  const { vault } = (await app.connect(target)).engine;
  const options = await app.reads(target);
  const tellsSecret = (value: Json): boolean => !equal(redacted(value, vault), value);
  const acceptAll = (some: ToEdit[]): Promise<Accepted> =>
    acceptLive(
      snapshot,
      desired,
      { kinds, ...options },
      { edits: some, removed, removedHereOnly: inEnvironment, tellsSecret },
    );
  const planned = async ({ desired: patched, changes }: Accepted): Promise<Plan | undefined> =>
    changes.length === 0 ? undefined : await planAgain(app, target, patched);

  let accepted = await acceptAll(edits);
  let after = await planned(accepted);
  const problems = after === undefined ? [] : newProblems(after, drift);
  const followers = [...renamesFor(problems, drift), ...shortenedFor(problems, edits, drift)];
  if (followers.length > 0) {
    edits = [...edits, ...followers.map((edit) => ({ ...edit, hereOnly: inEnvironment }))];
    accepted = await acceptAll(edits);
    after = await planned(accepted);
  }
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

/** A plan of the patched repository. Who moved what was asked already. */
async function planAgain(app: App, target: TargetConfig, desired: Desired): Promise<Plan> {
  const { engine } = await app.connect(target);
  const { auditor: _auditor, ...rest } = engine;
  return (await run(rest, desired, { mode: 'plan', byHand: true })).plan;
}

/** What a plan of the patched repository would still do to what drifted, and what is wrong with it. */
function stillPlanned(after: Plan, { desired }: Accepted, drift: TargetDrift, told: readonly Unwritten[]): Unwritten[] {
  const { report, drifted } = drift;
  const problems = newProblems(after, drift).map((problem): Unwritten => {
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

/** What was wrong before, asked for or not, is not wrong by the patch. */
function newProblems(after: Plan, { report, observed }: TargetDrift): Problem[] {
  const known = new Set([...report.plan.problems, ...(observed?.problems ?? [])].map(({ message }) => message));
  return after.problems.filter(({ message }) => !known.has(message));
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
