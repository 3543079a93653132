/**
 * Renders every kustomization under deploy/ with kubectl, offline, and says what is wrong with what comes out:
 * `npm run manifests:check`, or with folders of your own behind it. test/manifests.test.ts does the same, and more.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { parseAllDocuments } from 'yaml';
import { isObject, type Json, type JsonObject } from '../src/model/json.ts';

const root = path.resolve(import.meta.dirname, '..');

export interface Manifest extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: { [key: string]: string } };
}

function kubectl(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...rest] = ['kubectl', ...args];
  return spawnSync(program, rest, { cwd: root, encoding: 'utf8' });
}

export const kubectlThere = kubectl('version', '--client').status === 0;

/** Folders with a kustomization of their own; components are parts of others. */
export function kustomizations(): string[] {
  return globSync('deploy/**/kustomization.yaml', { cwd: root })
    .filter((file) => /^kind: Kustomization$/m.test(readFileSync(path.join(root, file), 'utf8')))
    .map((file) => path.dirname(file))
    .sort();
}

/** What kubectl makes of a folder, as text. */
export function renderText(folder: string): string {
  const { status, stdout, stderr } = kubectl('kustomize', folder);
  // A deprecated field is a warning, with exit code 0.
  if (status !== 0 || stderr !== '') throw new Error(`kubectl kustomize ${folder}: ${stderr}`);
  return stdout;
}

export function render(folder: string): Manifest[] {
  return parseManifests(renderText(folder));
}

/** As kubectl reads it, and no more leniently: a key that stands twice, or an octal number in the wrong form, is an error. */
export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text, { strict: true, uniqueKeys: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw error;
    return document.toJS() as Manifest;
  });
}

let checks: Map<string, ValidateFunction> | undefined;

function checkOf(kind: string): ValidateFunction | undefined {
  checks ??= new Map(
    ['kubernetes.json', 'others.json'].flatMap((file) => {
      const schema = JSON.parse(readFileSync(path.join(root, 'deploy/schemas', file), 'utf8')) as {
        $defs: JsonObject;
        kinds: { [kind: string]: JsonObject };
      };
      const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, keywords: ['kinds'] });
      formats.default(ajv);
      return Object.entries(schema.kinds).map(([name, reference]): [string, ValidateFunction] => [
        name,
        ajv.compile({ $defs: schema.$defs, ...reference }),
      ]);
    }),
  );
  return checks.get(kind);
}

const called = ({ kind, metadata }: Manifest): string => `${kind}/${metadata?.name}`;

/** What is wrong with each document by itself: unknown fields, wrong types, words that a field cannot have. */
function misfits(manifest: Manifest): string[] {
  const check = checkOf(`${manifest.apiVersion} ${manifest.kind}`);
  if (check === undefined) return [`${called(manifest)}: no schema for ${manifest.apiVersion} ${manifest.kind}`];
  if (check(manifest)) return [];
  return (check.errors ?? []).map(({ instancePath, message, params }) => {
    const more = Object.values(params as Record<string, Json>).map((value) => JSON.stringify(value));
    return `${called(manifest)}${instancePath}: ${message} (${more.join(', ')})`;
  });
}

interface Container extends JsonObject {
  name: string;
  image: string;
}

export interface PodSpec extends JsonObject {
  containers: Container[];
}

export interface Pod {
  owner: Manifest;
  labels: JsonObject;
  spec: PodSpec;
}

/** The pods that a manifest leads to. */
export function podsOf(manifests: readonly Manifest[]): Pod[] {
  return manifests.flatMap((owner) => {
    const spec = (owner['spec'] ?? {}) as JsonObject;
    const job = isObject(spec['jobTemplate']) ? (spec['jobTemplate']['spec'] as JsonObject) : spec;
    const template = job['template'];
    if (!isObject(template)) return [];
    const { labels } = template['metadata'] as { labels: JsonObject };
    return [{ owner, labels, spec: template['spec'] as PodSpec }];
  });
}

/** Every value of this key, however deep. */
function valuesOf(value: Json | undefined, key: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, key));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => [...(name === key ? [item] : []), ...valuesOf(item, key)]);
}

/** What is wrong between documents: names that lead nowhere, and selectors that select nothing. */
function looseEnds(manifests: readonly Manifest[]): string[] {
  const problems: string[] = [];
  const pods = podsOf(manifests);
  const has = (kind: string, name: Json | undefined): boolean =>
    manifests.some((one) => one.kind === kind && one.metadata.name === name);
  const selects = (selector: Json | undefined, labels: JsonObject): boolean =>
    isObject(selector) &&
    Object.keys(selector).length > 0 &&
    Object.entries(selector).every(([key, value]) => labels[key] === value);

  const names = manifests.map((one) => `${called(one)} in ${one.metadata.namespace ?? 'any namespace'}`);
  problems.push(...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `${name} is there twice`));
  for (const { owner, labels, spec } of pods) {
    const wanted: [string, Json][] = [
      ['ServiceAccount', spec['serviceAccountName'] ?? 'default'],
      ...valuesOf(spec['volumes'], 'configMap').map((one): [string, Json] => [
        'ConfigMap',
        (one as JsonObject)['name']!,
      ]),
      ...valuesOf(spec['volumes'], 'claimName').map((one): [string, Json] => ['PersistentVolumeClaim', one]),
    ];
    for (const [kind, name] of wanted) {
      if (!has(kind, name)) problems.push(`${called(owner)}: there is no ${kind}/${String(name)}`);
    }
    const volumes = valuesOf(spec['volumes'], 'name');
    for (const container of spec.containers) {
      for (const { name } of (container['volumeMounts'] ?? []) as JsonObject[]) {
        if (!volumes.includes(name!)) problems.push(`${called(owner)}: there is no volume ${String(name)}`);
      }
      const ports = valuesOf(container['ports'], 'name');
      for (const port of valuesOf(container, 'httpGet').map((get) => (get as JsonObject)['port']!)) {
        if (!ports.includes(port)) problems.push(`${called(owner)}: there is no port ${String(port)}`);
      }
    }
    const { selector } = owner['spec'] as JsonObject;
    if (owner.kind === 'Deployment' && !selects((selector as JsonObject)['matchLabels'], labels)) {
      problems.push(`${called(owner)}: does not select its own pods`);
    }
  }
  for (const manifest of manifests) {
    const spec = (manifest['spec'] ?? {}) as JsonObject;
    if (manifest.kind === 'Service') {
      const chosen = pods.filter(({ labels }) => selects(spec['selector'], labels));
      const ports = chosen.flatMap((pod) => pod.spec.containers.flatMap((one) => valuesOf(one['ports'], 'name')));
      for (const target of valuesOf(spec['ports'], 'targetPort')) {
        if (!ports.includes(target)) problems.push(`${called(manifest)}: no pod has the port ${String(target)}`);
      }
    }
    if (manifest.kind === 'NetworkPolicy') {
      const { matchLabels } = spec['podSelector'] as JsonObject;
      if (!pods.some(({ labels }) => selects(matchLabels, labels)))
        problems.push(`${called(manifest)}: selects no pod`);
    }
    if (manifest.kind === 'ServiceMonitor') {
      const { matchLabels } = spec['selector'] as JsonObject;
      const chosen = manifests.filter((one) => one.kind === 'Service' && selects(matchLabels, one.metadata.labels));
      const ports = chosen.flatMap((one) => valuesOf((one['spec'] as JsonObject)['ports'], 'name'));
      for (const port of valuesOf(spec['endpoints'], 'port')) {
        if (!ports.includes(port)) problems.push(`${called(manifest)}: no service has the port ${String(port)}`);
      }
    }
  }
  return problems;
}

export function problemsOf(manifests: readonly Manifest[]): string[] {
  const problems = manifests.flatMap(misfits);
  // Where a document does not even have its form, what it refers to cannot be asked.
  return problems.length > 0 ? problems : looseEnds(manifests);
}

function main(folders: readonly string[]): number {
  if (!kubectlThere) {
    console.log('skipped: the manifests were not rendered, for want of kubectl');
    return 69; // EX_UNAVAILABLE
  }
  let bad = 0;
  for (const folder of folders) {
    const manifests = render(folder);
    const problems = problemsOf(manifests);
    bad += problems.length;
    console.log(`${folder}: ${problems.length > 0 ? 'FAILED' : 'ok'}, ${manifests.map(called).join(', ')}`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
  return bad > 0 ? 1 : 0;
}

if (import.meta.main) {
  const given = process.argv.slice(2);
  process.exitCode = main(given.length > 0 ? given : kustomizations());
}
