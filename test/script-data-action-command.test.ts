import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestOutcome, testScript } from '../src/app/test-script.ts';
import { findPython } from '../src/app/test-script-python.ts';
import { testScriptCommand } from '../src/cli/test-script.ts';

/** What it does is its input's business: each mode is a test of the document below. */
const script = `import json
import os
import subprocess
import sys
import time


def main(data):
    mode = data.get("mode")
    if mode == "prints":
        print("before it failed")
        sys.stderr.write("x" * 200000)
        return {"seen": 1}
    if mode == "raises":
        return {"seen": 1 / 0}
    if mode == "leaves":
        os._exit(3)
    if mode == "sleeps":
        subprocess.Popen(["sleep", "60"])
        subprocess.Popen(["sleep", "20"], start_new_session=True)
        time.sleep(60)
    if mode == "lingers":
        subprocess.Popen(["sleep", "60"])
        return {"seen": json.loads("NaN")}
    if mode == "escapes":
        subprocess.Popen(["sleep", "20"], start_new_session=True)
        return {"seen": os.environ["HOME"] == os.getcwd()}
    return {"seen": os.environ.get("OURS"), "files": sorted(os.listdir("."))}
`;

const modes: Record<string, object> = {
  'is alone': { seen: null, files: ['run.py', 'script.py'] },
  prints: { seen: 2 },
  raises: { seen: 1 },
  leaves: { seen: 1 },
  sleeps: { seen: 1 },
  lingers: { seen: 'done' },
  escapes: { seen: true },
};

/** Machines without Python have the rest of this tool, too. */
const hasPython = ((): boolean => {
  try {
    return findPython(process.env) !== '';
  } catch {
    return false;
  }
})();

const folder = mkdtempSync(path.join(os.tmpdir(), 'test-script-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = (name: string): string => `apiVersion: tutorial.genesys-gitops/v1
kind: ScriptDataAction
metadata: { name: ${name} }
spec:
  name: Live ${name}
  script: s.py
  inputs: [{ name: mode, datatype: string }]
  outputs: [{ name: seen, datatype: string }, { name: files, datatype: array }, { name: more, datatype: number }]
`;

beforeAll(() => {
  writeFileSync(path.join(folder, 's.py'), script);
  const tests = Object.entries(modes).map(
    ([mode, output]) => `    - ${JSON.stringify({ name: `it ${mode}`, input: { mode }, output })}\n`,
  );
  writeFileSync(path.join(folder, 'all.yaml'), `${head('all')}  tests:\n${tests.join('')}`);
  writeFileSync(path.join(folder, 'none.yaml'), head('none'));
  writeFileSync(path.join(folder, 'bad.yaml'), head('bad').replace('s.py', 'bad.py'));
  writeFileSync(path.join(folder, 'bad.py'), 'def main(data)\n    return {}\n');
});

const scratch = (): string[] => readdirSync(os.tmpdir()).filter((name) => name.startsWith('genesys-gitops-script-'));

test.skipIf(!hasPython)(
  'each test calls main with its input, alone and for so long at most, and tells what was got',
  async () => {
    const before = scratch();
    process.env['OURS'] = 'a secret of this process';
    const started = performance.now();
    const { resource, problems, tests } = await testScript('all', { folder, timeoutMs: 1500 });
    expect([resource, problems]).toEqual(['ScriptDataAction/all', []]);
    const told = (one: TestOutcome) => [one.name, one.passed, one.why ?? one.output];
    expect(tests.map(told)).toEqual([
      ['it is alone', true, modes['is alone']],
      ['it prints', false, { seen: 1 }],
      ['it raises', false, 'line 15: ZeroDivisionError: division by zero'],
      ['it leaves', false, 'the script ended by itself (exit code 3) before main returned'],
      ['it sleeps', false, 'it took longer than 1.5 seconds, and was ended'],
      ['it lingers', false, expect.stringMatching(/^what main returned is no JSON/)],
      ['it escapes', true, modes['escapes']],
    ]);
    expect(tests[1]!.printed.length).toBe(16_000);
    // Nobody waited for what a script left behind.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(scratch()).toEqual(before);
  },
);

test('a document that has problems is not run; one that is not there is asked back for; no python3 is told', async () => {
  const bad = await testScript('ScriptDataAction/bad', { folder, timeoutMs: 1000 });
  expect([bad.problems.map(({ code, place }) => [code, place?.path, place?.line]), bad.tests]).toEqual([
    [['script-invalid', 'bad.py', 1]],
    [],
  ]);
  expect(await testScript('Live none', { folder, timeoutMs: 1000 })).toMatchObject({ tests: [] });
  await expect(testScript('al', { folder, timeoutMs: 1000 })).rejects.toMatchObject({
    message: 'there is no ScriptDataAction "al" in the repository (did you mean "all"?)',
  });
  await expect(testScript('all', { folder, environment: 'prod', timeoutMs: 1000 })).rejects.toThrow(/prod/);
  const empty = path.join(folder, 'empty');
  mkdirSync(empty, { recursive: true });
  await expect(
    testScript('all', { folder, timeoutMs: 1000, env: { PATH: `${empty}:relative` } }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('no python3 on the PATH'),
  });
  const stopped = AbortSignal.abort();
  expect((await testScript('all', { folder, timeoutMs: 1000, signal: stopped })).tests).toEqual([]);
});

test.skipIf(!hasPython)('the command prints who passed, key by key what differs, and ends with 1', async () => {
  const said: string[] = [];
  const { write } = process.stdout;
  process.stdout.write = ((text: string) => said.push(text) > 0) as typeof write;
  let code: number;
  try {
    code = await testScriptCommand('bad', folder, { timeout: 5, output: 'json' });
    writeFileSync(
      path.join(folder, 'two.yaml'),
      `${head('two')}  tests: [${JSON.stringify({ name: 'a', input: {}, output: { seen: 'y', files: [] } })}]\n`,
    );
    expect(await testScriptCommand('two', folder, { timeout: 5, output: 'text' })).toBe(1);
  } finally {
    process.stdout.write = write;
  }
  expect([code, JSON.parse(said[0]!)]).toMatchObject([
    1,
    { passed: false, resource: 'ScriptDataAction/bad', tests: [] },
  ]);
  expect(
    said
      .slice(1)
      .join('')
      .replace(/\(\d+ ms\)/, '(1 ms)'),
  ).toBe(
    'FAIL  a (1 ms)\n      seen: expected "y", got null\n      files: expected [], got ["run.py","script.py"]\nScriptDataAction/two: 1 failed, 0 passed\n',
  );
});

test('nobody but the command runs a script: the daemon does not even load what could', () => {
  const src = path.resolve(import.meta.dirname, '../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const loads = files.filter((file) =>
    /(from|import\()\s*'[^']*test-script/.test(readFileSync(path.join(src, file), 'utf8')),
  );
  expect(loads.sort()).toEqual([
    'app/test-script-python.ts',
    'app/test-script.ts',
    'cli/index.ts',
    'cli/test-script.ts',
  ]);
});
