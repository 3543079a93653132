/** As many compiled sandboxes in one process as stdin says, each an organisation of its own (`Org 0`, `Org 1`, ...); their addresses as the first line of stdout. */
import { text } from 'node:stream/consumers';
import { startSandbox } from '../dist/sandbox/index.js';

const { count, ...options } = JSON.parse(await text(process.stdin));
const sandboxes = await Promise.all(
  Array.from({ length: count }, (_, i) => startSandbox({ ...options, orgName: `Org ${i}` })),
);
console.log(JSON.stringify(sandboxes.map(({ url }) => url)));
process.on('SIGTERM', () => Promise.all(sandboxes.map((one) => one.close())));
