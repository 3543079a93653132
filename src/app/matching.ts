import type { AuditDeps, RelatedRecord, RoundReport, RoundWish } from '../audit/index.ts';
import { type DaemonConfig, surfacesOf, type TargetConfig } from '../model/daemon-config.ts';
import { durationOf } from '../model/duration.ts';
import type { Journal } from '../model/journal.ts';
import { defaultsOf } from './access.ts';
import type { OpenTarget } from './target.ts';

const defaultPatienceMs = 86_400_000;

interface MatchingDeps {
  config: DaemonConfig;
  env: Record<string, string | undefined>;
  journal: Pick<Journal, 'runs'>;
  connect(target: TargetConfig): Promise<OpenTarget>;
}

export interface Matching {
  /** What each target's auditor has to know; undefined where the audit log is not to be asked. */
  audit: Pick<AuditDeps, 'patienceMs' | 'clientOf'> | undefined;
  round(target: TargetConfig, wish?: RoundWish): Promise<RoundReport | undefined>;
  related(target: TargetConfig, auditId: string): Promise<RelatedRecord[]>;
}

/**
 * Rounds of matching over all targets. Those of one organisation with one client and the same surfaces share the matching that
 * is under way.
 */
export function createMatching({ config, env, journal, connect }: MatchingDeps): Matching {
  const { enabled = true, patience } = config.audit ?? {};
  const clients = new Map<string, string>();
  const underWay = new Map<string, Promise<RoundReport>>();

  /** A client that stands in a file is known once its target was connected: whoever asks cannot wait for that. */
  function clientOf(name: string): string | undefined {
    const target = config.targets.find((one) => one.name === name);
    const clientId = target?.clientId ?? (target === undefined ? undefined : defaultsOf(target)?.clientId);
    if (typeof clientId === 'string') return clientId;
    return clients.get(name) ?? (clientId !== undefined && 'fromEnv' in clientId ? env[clientId.fromEnv] : undefined);
  }

  return {
    audit: enabled
      ? { patienceMs: (patience === undefined ? undefined : durationOf(patience)) ?? defaultPatienceMs, clientOf }
      : undefined,
    async round(target, wish) {
      // Of a target that never ran nothing waits, and it is not to be spoken to before its time: it may wait for another.
      if (!enabled || (await journal.runs(target.name, 1)).length === 0) return undefined;
      const { engine, audits } = await connect(target);
      if (audits === undefined) return undefined;
      const { clientId } = engine.reader;
      clients.set(target.name, clientId);
      const key = [engine.organization.id, clientId, ...surfacesOf(target).toSorted()].join(' ');
      const other = underWay.get(key);
      const begun =
        other === undefined ? audits.round(wish) : other.then((shared) => audits.round({ ...wish, shared }));
      underWay.set(key, begun);
      try {
        return await begun;
      } finally {
        if (underWay.get(key) === begun) underWay.delete(key);
      }
    },
    async related(target, auditId) {
      if (!enabled) return [];
      return (await (await connect(target)).audits?.related(auditId)) ?? [];
    },
  };
}
