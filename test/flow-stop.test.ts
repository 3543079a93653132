import { expect, test } from 'vitest';
import type { RequestEvent, Sandbox } from '../src/sandbox/index.ts';
import type { Folder } from './support/cli.ts';
import { useSandbox } from './support/sandbox.ts';

let sandbox: Sandbox;
let dir: Folder;
const { start } = useSandbox((made) => {
  ({ sandbox, dir } = made);
});

/** Resolves when the sandbox has served such a request. */
function served(is: (event: RequestEvent) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = sandbox.onRequest((event) => {
    if (event.phase !== 'served' || !is(event)) return;
    stop();
    resolve();
  });
  return promise;
}

test('SIGTERM while flows are published: it stops within seconds, and the next start looks at the same jobs', async () => {
  dir.example('repo');
  const args = ['run', '-c', dir.config(sandbox.url, { path: 'repo' }), '--log-level', 'debug'];
  const upload = { method: 'PUT', path: '/architect-files/upload/*' };
  sandbox.addFault({ when: upload, then: { job: { never: true } } });
  const uploaded = served(({ method }) => method === 'PUT');
  const first = start(args);
  await uploaded;
  const [job] = sandbox.state.flowJobs().filter((one) => one.upload !== undefined);
  await served(({ path }) => path.startsWith(`/api/v2/flows/jobs/${job!.id}`));
  const began = Date.now();
  first.child.kill('SIGTERM');
  const { code, stderr } = await first.finished;
  expect([code, stderr.includes('cut off')]).toEqual([0, false]);
  expect(Date.now() - began).toBeLessThan(4_000);

  const uploads = (): number => sandbox.state.flowJobs().filter((one) => one.upload !== undefined).length;
  const before = uploads();
  const looked = served(({ path }) => path.startsWith(`/api/v2/flows/jobs/${job!.id}`));
  start(args);
  await looked;
  expect(uploads()).toBe(before);
});
