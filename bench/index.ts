import { requestsPerChange } from './changes.ts';
import { poll } from './poll.ts';
import { quietRun } from './quiet-run.ts';
import { startup } from './startup.ts';
import { type Row, render } from './table.ts';
import { validation } from './validate.ts';

/** What is measured, each figure beside its bar. A bar that is missed fails the whole. */
const sections: [string, () => Promise<Row[]>][] = [
  ['A run with nothing to change, 1,000 live data actions', quietRun],
  ['Validating 10,000 documents of 1 KB', validation],
  ['Polling git', poll],
  ['Requests per change, 200 changes, verification included', requestsPerChange],
  ['Starting, compiled', startup],
];

console.log('Warm, in one process; medians of five, measured in turns; sandbox in a process of its own.\n');
const rows: Row[] = [];
for (const [title, measure] of sections) {
  const found = await measure();
  rows.push(...found);
  console.log(`${render(title, found)}\n`);
}
const missed = rows.filter(({ ok }) => !ok);
console.log(missed.length === 0 ? 'All bars are met.' : `Missed: ${missed.map(({ what }) => what).join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
