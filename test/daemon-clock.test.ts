import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { watchWall } from '../src/daemon/wall.ts';
import type { Sandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});

/** Loaded before the daemon: its wall clock is off by as many milliseconds as stand in a file. */
const shifted = (file: string): string => `
import { readFileSync } from 'node:fs';
const RealDate = Date;
const off = () => Number(readFileSync(${JSON.stringify(file)}, 'utf8'));
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + off());
    else super(...args);
  }
  static now() { return RealDate.now() + off(); }
};`;

test('a clock that is set back by an hour: drift is healed within seconds all the same, and it is told once', async () => {
  dir.actions('repo');
  const file = dir.write('offset', '0');
  const preload = dir.write('shifted.mjs', shifted(file));
  // Where it is set in the middle of a run, that one's lease has to run out first.
  const top = { waits: { lease: 3 } };
  const config = dir.config(sandbox.url, { path: 'repo' }, { schedule: '*/2 * * * * *' }, top);
  const daemon = start(['run', '-c', config], { NODE_OPTIONS: `--import=${preload}` });
  await daemon.line(/"daemon started"/);
  await daemon.line(/"trigger":"schedule"|"run finished"/);
  writeFileSync(file, '-3600000');
  await daemon.line(/"movedMs":-3[56]\d{5}.*"the clock was set, schedules begin anew"/);
  const action = sandbox.state.actionNamed('Get Customer')!;
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 2 } });
  await daemon.line(/"update":1.*"run finished"/);
  expect(sandbox.state.action(action.id)!.config.timeoutSeconds).toBe(15);
  // The look at once was that, or this: a schedule goes on.
  sandbox.state.editAction(action.id, { config: { ...action.config, timeoutSeconds: 3 } });
  await expect.poll(() => sandbox.state.action(action.id)!.config.timeoutSeconds, { timeout: 10_000 }).toBe(15);
  daemon.child.kill('SIGTERM');
  expect((await daemon.finished).stderr.match(/the clock was set/g)).toHaveLength(1);
}, 45_000);

test('what NTP does all the time is no jump, however long it does it', () => {
  let wall = 0;
  let steady = 0;
  const moved = watchWall({ wall: () => wall, steady: () => steady });
  for (let i = 0; i < 100; i++) {
    steady += 1_000;
    wall += 1_100;
    expect(moved()).toBeUndefined();
  }
  wall -= 5_001;
  expect(moved()).toBe(-5_001);
  expect(moved()).toBeUndefined();
});
