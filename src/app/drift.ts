import type { App, TargetReport } from '../app.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { Change, FieldChange, Held, Plan } from '../model/plan.ts';
import type { ResourceId } from '../model/resource.ts';
import { driftIn } from '../reconcile/drift-found.ts';
import type { Observation } from '../reconcile/observe.ts';

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
