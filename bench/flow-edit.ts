import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { callName, flowText } from './flow-files.ts';
import { median } from './measure.ts';
import { imageFlags, inTemporaryFolder, root } from './paths.ts';
import { atMost, exactly, type Row } from './table.ts';

const parts = 496;
const edits = 50;
const rounds = 5;

interface Edited {
  ms: number;
  grewMb: number;
  peakMb: number;
  calls: number;
  changed: number;
}

/** 50 timeouts of a flow of 2 MB, each time in a process that has done nothing before. */
export function flowEdit(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const text = flowText('Large', parts, (n) => `action-${n}`);
    const file = path.join(folder, 'large.yaml');
    await writeFile(file, text);
    const wanted = Array.from({ length: edits }, (_, i) => [`Main › ${callName(i * 9)}`, 17_000]);
    const words = [...imageFlags, path.join(root, 'bench/edit-once.mjs'), file, JSON.stringify(wanted)];
    const found: Edited[] = [];
    for (let i = 0; i < rounds; i++) {
      const { stdout } = await promisify(execFile)(process.execPath, words);
      found.push(JSON.parse(stdout) as Edited);
    }
    const { calls, changed } = found[0]!;
    return [
      atMost({
        what: `finding and editing ${edits} timeouts`,
        value: median(found.map(({ ms }) => ms)),
        most: 1000,
        unit: ' ms',
        note: `${(text.length / 1e6).toFixed(2)} MB, ${text.split('\n').length.toLocaleString('en')} lines, ${calls} calls; a cold process each time, the proof that nothing else changed included`,
      }),
      atMost({
        what: 'memory that it takes: peak of the process over before',
        value: Math.max(...found.map(({ grewMb }) => grewMb)),
        most: 200,
        unit: ' MB',
        note: `worst of ${rounds}; peak of the whole process ${Math.max(...found.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      }),
      exactly('lines that say the new timeout', changed, edits),
    ];
  });
}
