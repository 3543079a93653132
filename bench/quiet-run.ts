import { execFile } from 'node:child_process';
import { Agent } from 'node:http';
import { promisify } from 'node:util';
import got from 'got';
import type { RunReport } from '../src/reconcile/run.ts';
import { run } from '../src/reconcile/run.ts';
import { withApp } from './app.ts';
import { env, setUp } from './config.ts';
import { compare, cpu, median, sample, wall } from './measure.ts';
import { inTemporaryFolder, main } from './paths.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox.ts';
import { atMost, exactly, type Row } from './table.ts';

const actions = 1000;
const apply = { mode: 'apply' } as const;

/** A run with nothing to change on 1,000 live data actions, all managed. */
export function quietRun(): Promise<Row[]> {
  return inTemporaryFolder(async (folder) => {
    const sandbox = await startSandboxProcess();
    try {
      const config = await setUp(folder, sandbox.url, actions);
      await applied(config, 'create');
      await sandbox.served();
      await applied(config, 'unchanged');
      const fresh = await sandbox.served();
      return [...requestRows('a new process, old journal', fresh), ...(await warmRows(config, sandbox))];
    } finally {
      await sandbox.close();
    }
  });
}

/** `apply` as a process of its own, compiled; all actions must come to the same. */
async function applied(config: string, expected: 'create' | 'unchanged'): Promise<void> {
  const words = [main, 'apply', '-c', config, '--output', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env, maxBuffer: 100_000_000 }).catch(
    ({ code, stderr }: { code: unknown; stderr: string }) => {
      throw new Error(`apply ended with ${code}: ${stderr}`);
    },
  );
  const [report] = JSON.parse(stdout) as [{ summary: Record<string, number> }];
  if (report.summary[expected] !== actions) throw new Error(`apply came to ${JSON.stringify(report.summary)}`);
}

function requestRows(who: string, served: readonly string[]): Row[] {
  const writes = served.filter((call) => !call.startsWith('GET ') && !call.startsWith('POST /oauth'));
  return [
    atMost({
      what: `requests, ${who}`,
      counted: true,
      value: served.length,
      most: 14,
      note: 'counted at the sandbox, token included',
    }),
    exactly(`writes, ${who}`, writes.length, 0),
  ];
}

/** The same in this process, warm: an app that has its token, its parses and its connections. */
async function warmRows(config: string, sandbox: SandboxProcess): Promise<Row[]> {
  const first: number[] = [];
  for (let i = 0; i < 5; i++) {
    first.push(await withApp(config, (app, target) => cpu(() => quietly(() => app.reconcile(target, apply)))));
  }
  return withApp(config, async (app, target) => {
    const whole = (): Promise<RunReport> => quietly(() => app.reconcile(target, apply));
    const { desired } = await app.reconcile(target, apply);
    const { engine } = await app.connect(target);
    const engineOnly = (): Promise<RunReport> => quietly(() => run(engine, desired, apply));
    const bare = await bareFetch(sandbox.url);
    for (let i = 0; i < 5; i++) {
      await whole();
      await bare();
    }
    await sandbox.served();
    await whole();
    const served = await sandbox.served();
    const compared = await compare(engineOnly, bare, 20);
    return [
      ...requestRows('the same process again', served),
      atMost({
        what: 'CPU of the first run of an app, old journal',
        value: median(first),
        most: 1000,
        unit: ' ms',
        note: 'token, all parsing, reading SQLite and writing it; not the processes of git',
      }),
      atMost({
        what: 'CPU of each further run',
        value: await sample(() => cpu(whole)),
        most: 1000,
        unit: ' ms',
        note: `the same; ${(await sample(() => wall(whole))).toFixed(0)} ms from start to end, git ls-remote included`,
      }),
      atMost({
        what: 'run / fetching the same pages with got',
        value: compared.ratio,
        most: 2,
        digits: 2,
        note: `${compared.ours.toFixed(1)} ms / ${compared.bare.toFixed(1)} ms; a further run, which finds lists, journal and revision as the last one left them; SQLite file included, git not, token on neither side`,
      }),
    ];
  });
}

/** A run in which something changed measures something else. */
async function quietly(reconcile: () => Promise<RunReport>): Promise<RunReport> {
  const report = await reconcile();
  const { unchanged, changes, held, problems } = report.plan;
  if (unchanged.length === actions && changes.length + held.length + problems.length === 0) return report;
  throw new Error(`not a quiet run: ${JSON.stringify({ changes, held, problems })}`);
}

/** The pages that a run fetches, with got alone: a kept connection, sixteen at once, the token got beforehand. */
async function bareFetch(url: string): Promise<() => Promise<number>> {
  const token = await got
    .post(`${url}/oauth/token`, {
      form: { grant_type: 'client_credentials' },
      username: 'sandbox-daemon',
      password: 'sandbox-secret',
    })
    .json<{ access_token: string }>();
  const client = got.extend({
    prefixUrl: url,
    agent: { http: new Agent({ keepAlive: true, maxSockets: 16 }) },
    headers: { authorization: `Bearer ${token.access_token}`, accept: 'application/json' },
  });
  const page = (of: string, pageNumber: number): Promise<{ entities: unknown[]; pageCount: number }> =>
    client.get(of, { searchParams: { pageSize: 100, pageNumber } }).json();
  const list = async (of: string): Promise<number> => {
    const first = await page(of, 1);
    const rest = await Promise.all(Array.from({ length: first.pageCount - 1 }, (_, i) => page(of, i + 2)));
    return [first, ...rest].reduce((sum, { entities }) => sum + entities.length, 0);
  };
  return async () => {
    const [found] = await Promise.all([list('api/v2/integrations/actions'), list('api/v2/integrations')]);
    return found;
  };
}
