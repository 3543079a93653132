import type { Auditor } from '../model/audit.ts';
import { asFailure, Failure } from '../model/failure.ts';
import { type AuditDeps, remember } from './deps.ts';
import { explainer, laterExplainer } from './explain.ts';
import { type RelatedRecord, relatedTo } from './related.ts';
import { type LastAsked, matchRound, type RoundReport } from './round.ts';

export type { AuditDeps } from './deps.ts';
export type { RelatedRecord } from './related.ts';
export { nothing, type RoundReport } from './round.ts';

export interface RoundWish {
  /** For who stays: also looks for what others do as our client, though nothing waits. */
  watch?: boolean;
  /** What another target of the same organisation and client has just come to: then only drift is asked about, of which each has its own. */
  shared?: RoundReport;
}

/** The audit log of one organisation, as one target asks it. */
export interface Audits extends Auditor {
  /**
   * One round: matches what waits, and asks again of whom drift was that had no name yet. Sends nothing where there is
   * neither; with `watch`, looks once an hour whether another process uses our client. Never throws for the log's sake; only a journal that fails does.
   */
  round(wish?: RoundWish): Promise<RoundReport>;
  /** Everything that one action caused, by one of its audit records. Throws where the log cannot be asked. */
  related(auditId: string): Promise<RelatedRecord[]>;
}

export function createAuditor(deps: AuditDeps): Audits {
  const { journal, log, target, organization } = deps;
  const explainLater = laterExplainer(deps);
  const lastAsked: LastAsked = new Map();
  const refusedKey = `audit:refused:${organization}:${target}`;
  let failing = false;

  /** A missing permission is told once, until it is there: rounds come every few minutes, and daemons start anew. */
  async function tellOf(failure: Failure | undefined): Promise<void> {
    const refused = (await journal.recall(refusedKey)) ?? undefined;
    if (failure === undefined) {
      if (refused !== undefined || failing) log.info({ target }, 'the audit log answers again');
      if (refused !== undefined) await remember({ journal }, refusedKey, null);
      failing = false;
      return;
    }
    const { reason, message: detail } = failure;
    const said = { target, reason, detail };
    if (failure.class !== 'NeedsHuman') {
      if (reason === 'Interrupted') return;
      if (failing) log.debug(said, 'the audit log cannot be asked');
      else log.warn(said, 'the audit log cannot be asked, tried again later; changes wait for their records');
      failing = true;
    } else if (refused !== reason) {
      log.warn(said, 'the audit log cannot be asked; changes stay unmatched, and drift has no name');
      await remember({ journal }, refusedKey, reason);
    }
  }

  return {
    explain: explainer(deps),
    related: (auditId) => relatedTo(deps, auditId),
    async round({ watch = false, shared } = {}) {
      const report = shared ?? (await matchRound(deps, { lastAsked, watch }));
      const explained = await explainLater().catch(asFailure);
      const failure = report.failure ?? (explained instanceof Failure ? explained : undefined);
      if (failure?.reason === 'JournalUnavailable') throw failure;
      if (report.asked || explained !== undefined) await tellOf(failure);
      return failure === undefined ? report : { ...report, failure };
    },
  };
}
