import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { expect, test } from 'vitest';
import { kinds, objectTypes, surfaces } from '../src/objects/index.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Where each library lives. A library that is used somewhere else, or a home that does not use it, is a failure. */
const homes: Record<string, string[]> = {
  got: ['genesys'],
  'simple-git': ['source'],
  chokidar: ['source'],
  ajv: ['source'],
  yaml: ['source', 'sandbox'],
  fastify: ['daemon', 'sandbox'],
  'node-cron': ['daemon'],
  'prom-client': ['daemon'],
  'node:sqlite': ['journal'],
  pino: ['app.ts'],
  commander: ['cli'],
  '@lezer/python': ['objects'],
};
const alsoAllowed: Record<string, string[]> = { yaml: ['objects'], 'ajv-formats': ['source'] };

/** What each part may import beside itself and model/. */
const mayImport: Record<string, string[]> = {
  model: [],
  source: [],
  objects: [],
  genesys: [],
  reconcile: [],
  audit: [],
  journal: [],
  daemon: [],
  sandbox: [],
  'app.ts': ['source', 'objects', 'genesys', 'reconcile', 'audit', 'journal', 'daemon', 'sandbox'],
  cli: ['app.ts'],
  'main.ts': ['cli'],
};

interface Import {
  from: string;
  to: string;
}

/** `reconcile` for src/reconcile/plan.ts; `app.ts` for src/app.ts and the folder that it is the door of. */
function part(file: string): string {
  const name = file.split('/')[1]!;
  return name === 'app' ? 'app.ts' : name;
}

async function importsOf(base: string): Promise<{ modules: string[]; imports: Import[] }> {
  const result = await cruise(['src'], {
    baseDir: base,
    tsPreCompilationDeps: true,
    exclude: { path: '(\\.test|(^|[./])fixture)\\.ts$' },
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: path.join(root, 'tsconfig.json') },
  });
  const { modules } = result.output as ICruiseResult;
  const own = modules.filter(({ source }) => source.startsWith('src/'));
  return {
    modules: own.map(({ source }) => source),
    imports: own.flatMap(({ source, dependencies }) =>
      dependencies.map(({ module, resolved }) => ({
        from: source,
        to: resolved.startsWith('src/') ? resolved : module,
      })),
    ),
  };
}

function violations(imports: readonly Import[]): string[] {
  return imports.flatMap(({ from, to }) => {
    const said = [`${from} imports ${to}`];
    if (!to.startsWith('src/')) {
      const name = Object.keys({ ...homes, ...alsoAllowed }).find((one) => to === one || to.startsWith(`${one}/`));
      if (name === undefined) return isBuiltin(to) ? [] : said;
      return [...(homes[name] ?? []), ...(alsoAllowed[name] ?? [])].includes(part(from)) ? [] : said;
    }
    if (part(from) === 'objects' && part(to) === 'objects') {
      const folder = (file: string): string => file.split('/')[2]!;
      // What stands beside the folders knows what several objects have in common, and none of the objects.
      const isShared = folder(to).endsWith('.ts') && !['index.ts', 'kinds.ts'].includes(folder(to));
      const isList = ['src/objects/index.ts', 'src/objects/kinds.ts'].includes(from);
      return isList || folder(from) === folder(to) || isShared ? [] : said;
    }
    const allowed = [part(from), 'model', ...(mayImport[part(from)] ?? [])];
    return allowed.includes(part(to)) ? [] : said;
  });
}

function sourceFiles(base: string): string[] {
  const files = readdirSync(path.join(base, 'src'), { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name.endsWith('.ts') && !/(\.test|(^|\.)fixture)\.ts$/.test(file.name))
    .map((file) => path.relative(base, path.join(file.parentPath, file.name)));
}

test('every module was analysed, and each imports only what the design allows', async () => {
  const { modules, imports } = await importsOf(root);
  expect(sourceFiles(root).filter((file) => !modules.includes(file))).toEqual([]);
  expect(violations(imports)).toEqual([]);
});

test('every library is used at home', async () => {
  const { imports } = await importsOf(root);
  const missing = Object.entries(homes).flatMap(([name, parts]) =>
    parts.flatMap((home) =>
      imports.some(
        ({ from, to }) => part(from) === home && (to === name || to.startsWith(`${name}/`) || `node:${to}` === name),
      )
        ? []
        : [`${home} does not use ${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

test('a planted violation is found', async () => {
  const copy = mkdtempSync(path.join(os.tmpdir(), 'floors-'));
  try {
    cpSync(path.join(root, 'src'), path.join(copy, 'src'), { recursive: true });
    writeFileSync(
      path.join(copy, 'src/reconcile/planted.ts'),
      "import { kinds } from '../objects/index.ts';\nimport got from 'got';\nexport const planted = [kinds, got];\n",
    );
    writeFileSync(
      path.join(copy, 'src/sandbox/planted.ts'),
      "import type { Client } from '../genesys/index.ts';\nexport type Planted = Client;\n",
    );
    const { imports } = await importsOf(copy);
    const planted = violations(imports).filter((one) => one.includes('planted'));
    expect(planted.sort()).toEqual([
      'src/reconcile/planted.ts imports got',
      'src/reconcile/planted.ts imports src/objects/index.ts',
      'src/sandbox/planted.ts imports src/genesys/index.ts',
    ]);
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('the engine did not learn what its objects are', () => {
  const names = [
    ...objectTypes.flatMap(({ type, label, surface }) => [type, label, surface]),
    ...kinds.flatMap(({ name, surface }) => [`${name}(?!\\()`, surface]),
  ];
  const words = new RegExp(`\\b(${[...new Set(names)].join('|')})s?\\b|data-?action|timeout[sS]|webdeployment|/api/v2`);
  expect(words.exec('the Flow of an integration')?.[0]).toBe('Flow');
  const parts = ['reconcile', 'audit', 'journal', 'daemon'];
  // Its dictionary is a sample of what entries say, so that they take less room; nothing is decided by it.
  const isSample = (file: string): boolean => file === 'src/journal/pack.ts';
  const engine = sourceFiles(root).filter((file) => parts.includes(part(file)) && !isSample(file));
  const found = engine.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    // The daemon has schedules of its own: when targets run.
    const own = part(file) === 'daemon' ? /\bschedules?\b|NodeJS\.Timeout/g : /NodeJS\.Timeout/g;
    const code = text.replaceAll(own, '');
    const hit = words.exec(code);
    return hit === null ? [] : [`${file}: ${hit[0]}`];
  });
  expect(engine.length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

/** Where a surface beside the default one may be called by its name: its homes, what is made of schemas, and one comparison. */
const surfaceHomes = ['src/objects/', 'src/sandbox/', 'src/model/generated.ts', 'src/source/candidates.ts'];

/** Lines of other files, in any case and as a part of any word; comments and tests beside the code count as well. */
function surfacesNamedIn(base: string): string[] {
  const [, ...others] = surfaces;
  const words = new RegExp(others.map(({ name }) => name).join('|'), 'i');
  const files = readdirSync(path.join(base, 'src'), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.relative(base, path.join(file.parentPath, file.name)));
  return files
    .filter((file) => !surfaceHomes.some((home) => file.startsWith(home)))
    .filter((file) => words.test(file) || words.test(readFileSync(path.join(base, file), 'utf8')));
}

test('a surface beside the default one is named at its homes only', () => {
  expect(surfaces.length).toBeGreaterThan(1);
  expect(surfacesNamedIn(root)).toEqual([]);
  const copy = mkdtempSync(path.join(os.tmpdir(), 'floors-'));
  try {
    const name = surfaces[1]!.name.toUpperCase();
    const planted = ['src/reconcile/planted.ts', 'src/objects/planted.ts', 'src/sandbox/planted.ts', 'src/cli/help.md'];
    for (const file of planted) {
      mkdirSync(path.join(copy, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(copy, file), `// Only where it is the ${name}'s.\n`);
    }
    expect(surfacesNamedIn(copy).sort()).toEqual(['src/cli/help.md', 'src/reconcile/planted.ts']);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
