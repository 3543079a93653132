/**
 * A process that edits one flow (`node edit-once.mjs FILE EDITS`), as a publish does: its steps are found, then 50
 * timeouts are set. Tells how long that took the first time, and by how much the process grew over what it was before.
 */
import { readFileSync } from 'node:fs';
import { outline } from '../dist/objects/flow/prepare.js';
import { setTimeouts } from '../dist/objects/flow/yaml/edit.js';

const [file, edits] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const peakMb = () => process.resourceUsage().maxRSS / 1024;
const before = peakMb();
const began = performance.now();
const { calls } = outline(text, 'the flow');
const result = setTimeouts(text, new Map(JSON.parse(edits)));
const ms = performance.now() - began;
const after = peakMb();
if (!('text' in result)) throw new Error(JSON.stringify(result));
const changed = result.text.split('\n').filter((line) => /^ +seconds: 17$/.test(line)).length;
console.log(JSON.stringify({ ms, grewMb: after - before, peakMb: after, calls: calls.length, changed }));
