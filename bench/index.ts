import { parseArgs } from 'node:util';
import { auditMatching } from './audit.ts';
import { requestsPerChange } from './changes.ts';
import { daemonRows } from './daemon.ts';
import { flowEdit } from './flow-edit.ts';
import { flowFirstMeeting } from './flow-first.ts';
import { flowPublishing } from './flow-publish.ts';
import { flowQuietRun } from './flow-quiet.ts';
import { flowValidation } from './flow-validate.ts';
import { longHistory, retention } from './journal-long.ts';
import { journalPerChange } from './journal-size.ts';
import { manyCreates } from './many-creates.ts';
import { manyRuns } from './many-runs.ts';
import { manyTargets } from './many-targets.ts';
import { poll } from './poll.ts';
import { quietRun } from './quiet-run.ts';
import { brandRules } from './rules.ts';
import { startup } from './startup.ts';
import { isMissed, type Row, render } from './table.ts';
import { validation } from './validate.ts';
import { webQuietRun } from './web-quiet.ts';

/** What is measured, each figure beside its bar. A bar that is missed fails the whole. */
const sections: [title: string, measure: () => Promise<Row[]>, when?: 'long'][] = [
  ['A run with nothing to change, 1,000 live data actions', quietRun],
  ['Validating 10,000 documents of 1 KB', validation],
  ['Brand rules, 1,000 configurations', brandRules],
  ['Polling git', poll],
  ['Requests per change, 200 changes, verification included', requestsPerChange],
  ['Matching 1,000 changes of one run with the audit log', auditMatching],
  ['Starting, compiled', startup],
  ['The daemon, compiled', daemonRows],
  ['1,000 quiet runs in a row', manyRuns],
  ['Finding and editing 50 timeouts in a flow of 2 MB', flowEdit],
  ['A run with nothing to change, 1,000 flows and 1,000 data actions', flowQuietRun],
  ['A run with nothing to change, 300 configurations, 300 deployments, 100 schedules and 50 flows', webQuietRun],
  ['The journal: what a change takes', journalPerChange],
  ['The journal: history over 1,000,000 entries', longHistory, 'long'],
  ['The journal: 100,000 entries, most of them older than is kept', retention],
  ['50 organisations changed by one commit', manyTargets],
  ['Publishing 40 flows, jobs of 2 s, 6,000 requests a minute', flowPublishing],
  ['A first meeting with 1,000 flows, killed half way', flowFirstMeeting, 'long'],
  ['validate of 1,000 flows of 20 KB', flowValidation, 'long'],
  ['A first apply of 6,000 documents under a limit of 6,000 requests a minute, measured once', manyCreates],
];

/**
 * `--tolerance 25`: measured times may miss their bars by so many percent, for machines that are not the bench's alone.
 * `--only 6,000`: the sections in whose title that stands. `--short`: without those that take minutes and have no bar of time.
 */
const { values } = parseArgs({
  options: {
    tolerance: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
    short: { type: 'boolean', default: false },
  },
});
const tolerance = Number(values.tolerance) / 100;

console.log('Warm, in one process; medians of five, measured in turns; sandbox in a process of its own.\n');
const rows: Row[] = [];
const asked = sections.filter(([name]) => name.toLowerCase().includes(values.only.toLowerCase()));
for (const [title, measure] of asked.filter(([, , when]) => !values.short || when !== 'long')) {
  const found = await measure();
  rows.push(...found);
  console.log(`${render(title, found, tolerance)}\n`);
}
const missed = rows.filter((row) => isMissed(row, tolerance));
console.log(
  missed.length === 0
    ? rows.every(({ ok }) => ok)
      ? 'All bars are met.'
      : 'No bar is missed by more than was allowed.'
    : `Missed: ${missed.map(({ what }) => what).join('; ')}`,
);
process.exitCode = missed.length === 0 ? 0 : 1;
