/** The compiled sandbox as a process: its options as JSON on stdin, its address as the first line of stdout. */
import { text } from 'node:stream/consumers';
import { startSandbox } from '../dist/sandbox/index.js';

const sandbox = await startSandbox(JSON.parse(await text(process.stdin)));
console.log(sandbox.url);
process.on('SIGTERM', () => sandbox.close());
