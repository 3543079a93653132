import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Commit } from '../src/model/plan.ts';
import type { Resource, ResourceId } from '../src/model/resource.ts';
import type { Past } from '../src/reconcile/attribute.ts';
import { auditsOf, hours } from '../test/support/audit-world.ts';
import { config, contract, dataAction, world } from '../test/support/world.ts';
import { inTemporaryFolder } from './paths.ts';
import { atMost, type Row, told } from './table.ts';

const changes = 500;
const most = 4;

/** What a change adds to the journal's file, with its commit, its requests, its audit records and by what it is found. */
export function journalPerChange(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const journal = path.join(folder, 'journal.db');
    const time = hours();
    const here = await world({
      journal,
      clock: time.clock,
      policy: { maxChanges: changes },
      sandbox: { now: time.now, audits: { delayMs: 0 } },
    });
    let revision = 0;
    const perChange = async (change: Parameters<typeof dataAction>[1]): Promise<number> => {
      const before = bytesOf(journal);
      revision++;
      const all: Resource[] = Array.from({ length: changes }, (_, n) => dataAction(`action-${n}`, change));
      const sha = String(revision).repeat(40);
      const { outcomes } = await here.apply(all, { revision: `main@sha1:${sha}`, past: pastOf(sha) });
      const made = outcomes.filter(({ status }) => status === 'applied').length;
      const { matched } = await auditsOf(here).round();
      if (made !== changes || matched !== changes) throw new Error(`${made} made, ${matched} matched`);
      time.pass(3 * 3_600_000);
      return (bytesOf(journal) - before) / changes / 1024;
    };
    try {
      const posted = config({ requestType: 'POST' });
      const unit = ' KB';
      const created = await perChange({});
      return [
        atMost({ what: 'a change of one request', value: await perChange({ config: posted }), most, unit, digits: 2 }),
        atMost({
          what: 'a change of three requests, through a draft',
          value: await perChange({ config: posted, contract: contract('more') }),
          most,
          unit,
          digits: 2,
        }),
        told('a creation', created, {
          unit,
          digits: 2,
          note: 'more than half of it is what is remembered of the object for as long as it is there',
        }),
      ];
    } finally {
      await here.close();
    }
  });
}

/** Pages in use, those that only wait for their checkpoint too. */
function bytesOf(file: string): number {
  const sqlite = new DatabaseSync(file);
  const pragma = (name: string): number => Number(Object.values(sqlite.prepare(`PRAGMA ${name}`).get()!)[0]);
  const bytes = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  sqlite.close();
  return bytes;
}

function pastOf(sha: string): Past {
  const commit: Commit = {
    sha,
    author: { name: 'Ann Smith', email: 'ann.smith@example.com' },
    committer: { name: 'GitHub', email: 'noreply@github.com' },
    at: '2026-11-21T14:02:00Z',
    message: 'Merge pull request #412 from acme/longer-timeouts\n\nLonger timeouts for the CRM while it is being moved',
  };
  const commitsOf = async (wanted: ReadonlyMap<ResourceId, unknown>) => ({
    commits: new Map([...wanted.keys()].map((by) => [by, commit] as const)),
    rewritten: false,
  });
  return { commitsOf };
}
