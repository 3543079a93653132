import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { historyCommand } from '../src/cli/history.ts';
import { openJournal } from '../src/journal/index.ts';
import { systemClock } from '../src/model/clock.ts';
import type { Journal } from '../src/model/journal.ts';
import { silent } from '../src/model/log.ts';
import { fillJournal } from './journal-file.ts';
import { sample, wall } from './measure.ts';
import { inTemporaryFolder } from './paths.ts';
import { atMost, type Row, told } from './table.ts';

const entries = 1_000_000;
/** A run every five minutes, for the thirty days for which those are kept that only looked. */
const quietAtEnd = 8640;

/** The first page, from the call to the last line, of one target; the newest runs are quiet ones. */
export function longHistory(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const config = await configIn(folder);
    const targets = ['prod', 'staging', 'test'];
    const file = path.join(folder, 'var/journal.db');
    await fillJournal(file, { entries, targets, changes: 15, quiet: 2, quietAtEnd, until: new Date(), days: 700 });
    const rows: Row[] = [];
    const page = async (what: string, options: object): Promise<void> => {
      let lines = 0;
      const ms = await sample(async () => {
        const { text, took } = await silently(() => historyCommand({ config, output: 'text', limit: 20, ...options }));
        lines = text.split('\n').length;
        return took;
      });
      rows.push(atMost({ what, value: ms / 1000, most: 0.2, unit: ' s', digits: 3, note: `${lines} lines` }));
    };
    const target = ['prod'];
    await page(`history of a target over ${entries / 1_000_000} million entries`, { target });
    await page('by a resource', { target, resource: 'DataAction/action-77' });
    await page('by a resource with a part in every change', { target, resource: 'Timeout/crm' });
    await page('by an author', { target, author: 'AUTHOR 7' });
    await page('by an author and a resource', {
      target,
      author: 'author-7@example.com',
      resource: 'DataAction/action-77',
    });
    await page('by a revision', { target, revision: (99).toString(16).padStart(40, '0') });
    await page('of a month two years ago', { target, since: '680d', until: '650d' });
    return rows;
  });
}

/** What is older goes while others write: how long the longest of these waits. */
export function retention(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'journal.db');
    const life = { entries: 100_000, targets: ['prod'], changes: 100, quiet: 2, quietAtEnd: 200 };
    await fillJournal(file, { ...life, until: new Date(), days: 700 });
    const before = statSync(file).size;
    const journal = await openJournal(file, { clock: systemClock, log: silent });
    const alone = await waitsUntil(journal, sleep(2000));
    const began = performance.now();
    const waits = await waitsUntil(journal, journal.tidy(new Date(), 100 * 86_400_000));
    const seconds = (performance.now() - began) / 1000;
    const left = await journal.changes({ limit: Number.MAX_SAFE_INTEGER });
    await journal.close();
    const given = (before - statSync(file).size) / 1024 / 1024;
    if (left.length > 20_000 || given < 50) throw new Error(`${left.length} changes left, ${given} MB given back`);
    return [
      atMost({
        what: 'of 1,000 writes meanwhile, all but one wait at most',
        value: waits[Math.ceil(waits.length * 0.999) - 1]!,
        most: 50,
        unit: ' ms',
        note: `${waits.length} writes in ${seconds.toFixed(1)} s; half of them waited ${inMs(waits[waits.length >> 1]!)} at most, the longest ${inMs(waits.at(-1)!)}; the longest with nothing beside it ${inMs(alone.at(-1)!)}`,
      }),
      told('given back to the file system', given, { unit: ' MB', note: `of ${(before / 1024 / 1024).toFixed(0)} MB` }),
    ];
  });
}

const inMs = (ms: number): string => `${ms.toFixed(1)} ms`;

/** Writes one after the other until the work is done; how long each waited for the disk, the shortest first. */
async function waitsUntil(journal: Journal, work: Promise<unknown>): Promise<number[]> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  const waits: number[] = [];
  for (let i = 0; !done; i++) waits.push(await wall(() => journal.memorise('beside', i)));
  await ended;
  return waits.sort((a, b) => a - b);
}

async function configIn(folder: string): Promise<string> {
  await mkdir(path.join(folder, 'repository'));
  const target = (name: string): object => ({
    ...{ name, environment: 'prod', organization: 'Sandbox', region: 'mypurecloud.ie' },
    ...{ clientId: 'none', clientSecret: { fromEnv: 'NONE' } },
  });
  const file = path.join(folder, 'genesys-gitops.yaml');
  const targets = ['prod', 'staging', 'test'].map(target);
  const source = { path: './repository' };
  const daemon = { apiVersion: 'genesys-gitops/v1', kind: 'Daemon', source, targets, journal: './var/journal.db' };
  await writeFile(file, JSON.stringify(daemon));
  return file;
}

/** What a command prints, and how long it takes. */
async function silently(command: () => Promise<unknown>): Promise<{ text: string; took: number }> {
  const print = process.stdout.write;
  let text = '';
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof print;
  try {
    return { took: await wall(command), text };
  } finally {
    process.stdout.write = print;
  }
}
