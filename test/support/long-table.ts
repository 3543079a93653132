import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixtures } from './fixtures.ts';
import { flowStories } from './flow-faults.ts';
import { scenarios } from './kill-scenarios.ts';
import type { Verdict } from './long-verdict.ts';
import { webStories } from './web-faults.ts';

/** One line of the table. */
export interface Row {
  scenario: string;
  tried: number;
  converged: number;
  doubled: number;
  orphaned: number;
  lost: number;
}

const page = path.resolve(import.meta.dirname, '../../docs/reference/bad-days.md');
/** Set for the workers, which each add their rows. */
const variable = 'LONG_TABLE';
/** The order of the page. A run of some files only has some of them. */
const order = [
  ...scenarios.map(({ name }) => `killed: ${name}`),
  'disk full: all four at once',
  ...[...flowStories, ...webStories].map(({ what }) => `a request interrupted: ${what}`),
  'chaos: a fifth of all answers spoilt',
  'chaos: nearly half of all answers spoilt',
  'chaos: web: a fifth of all answers spoilt',
  'chaos: web: nearly half of all answers spoilt',
  ...['killed', 'a request interrupted', 'chaos'].flatMap((what) => fixtures.map(({ kind }) => ofKind(what, kind))),
];

/** The line of a general suite for one kind. */
export function ofKind(what: string, kind: string): string {
  return `${what}: each write of ${kind}`;
}

/** Counts what a suite found. What is left behind (a draft, an open intent) counts as not converged. */
export function rowOf(scenario: string, results: readonly { runs?: number; verdict: Verdict }[]): Row {
  const count = (is: (one: { runs?: number; verdict: Verdict }) => boolean): number => results.filter(is).length;
  return {
    scenario,
    tried: results.length,
    converged: count(({ runs, verdict }) => runs !== undefined && verdict.left.length === 0),
    doubled: count(({ verdict }) => verdict.doubled.length > 0),
    orphaned: count(({ verdict }) => verdict.orphaned.length > 0),
    lost: count(({ verdict }) => verdict.lost.length > 0),
  };
}

/** Adds to the table at the end of the run. */
export function report(row: Row): void {
  const file = process.env[variable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

const line = ({ scenario, tried, converged, doubled, orphaned, lost }: Row): string =>
  `| ${scenario} | ${tried} | ${converged} | ${doubled} | ${orphaned} | ${lost} |`;

function pageOf(rows: readonly Row[]): string {
  const total = rows.reduce((sum, { tried }) => sum + tried, 0);
  return `# Bad days, tried

Printed by \`WRITE_TABLE=1 npm run test:long\`, and compared by \`npm run test:long\`.

A run is killed (SIGKILL) at every single point: before, while and after each request that writes, and before and after
each note in the journal. The disk of the journal fills up at every size. Answers of Genesys are spoilt at random: 429,
500, 502, 503, cut, lost, cut short, late, an HTML page. Each request of a run over flows, reads too, meets each of these,
once and for the whole run; the same over web messaging and schedules, where a run is killed while it waits for a draft or a
deployment to become active, too. Every kind goes through all of this by itself as well, from its fixture, and somebody else
writes just before its writes are served. Then others take over and nobody disturbs them.

- converged: live state is as the documents say, the plan is empty, and no draft or open question is left
- doubled: an object was made twice, a flow or a web configuration published twice, anything else written once more
- orphaned: an object of ours that no inventory has
- lost: a wish that is not met, or something that was deleted or touched without anybody wishing it

| what happens | tried | converged | doubled | orphaned | lost |
| --- | --- | --- | --- | --- | --- |
${rows.map(line).join('\n')}

${total} in all. Single bad days (lagging lists, lost permissions, paused processes, clocks that jump, damaged journals)
are in \`test/bad-days-*.test.ts\`, \`test/flow-bad-days*.test.ts\`, \`test/web-bad-days*.test.ts\`,
\`test/schedule-bad-days.test.ts\`, \`test/faults*.test.ts\` and \`test/worst-day.test.ts\`.
`;
}

/** Around all workers: collects, prints, and writes or compares the page. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'long-'));
  const file = path.join(folder, 'rows');
  process.env[variable] = file;
  return () => {
    const found = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(folder, { recursive: true });
    const rows = found
      .map((text) => JSON.parse(text) as Row)
      .sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
    if (rows.length === 0) return;
    process.stdout.write(`\n${rows.map(line).join('\n')}\n\n`);
    settle(rows);
  };
}

/** What an earlier run has printed: a run of some files only writes its own lines anew. */
function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\| (.+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map(
    ([, scenario, ...counts]) => {
      const [tried, converged, doubled, orphaned, lost] = counts.map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      return { scenario: scenario!, tried, converged, doubled, orphaned, lost };
    },
  );
}

function settle(rows: readonly Row[]): void {
  const isWhole = rows.length === order.length;
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  if (process.env['WRITE_TABLE'] !== undefined) {
    const known = new Map([...rowsOf(text), ...rows].map((row) => [row.scenario, row]));
    const lacking = order.filter((scenario) => !known.has(scenario));
    if (lacking.length > 0) throw new Error(`of these nothing is known yet: ${lacking.join(', ')}`);
    writeFileSync(page, pageOf(order.map((scenario) => known.get(scenario)!)));
    return;
  }
  // Single seeds are for people who look for something.
  if (process.env['SEEDS'] !== undefined) return;
  const differing = isWhole && text !== pageOf(rows) ? rows : rows.filter((row) => !text.includes(line(row)));
  if (differing.length === 0) return;
  throw new Error(
    `docs/reference/bad-days.md says otherwise (WRITE_TABLE=1 npm run test:long):\n${differing.map(line).join('\n')}`,
  );
}
