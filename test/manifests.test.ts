import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  kubectlThere,
  kustomizations,
  type Manifest,
  type Pod,
  parseManifests,
  podsOf,
  problemsOf,
  render,
  renderText,
} from '../scripts/manifests-check.ts';
import type { Json, JsonObject } from '../src/model/json.ts';
import { loadDaemonConfig } from '../src/source/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(text('package.json')) as {
  version: string;
  devDependencies: { node: string };
};

const rendered = new Map<string, Manifest[]>();

function at(folder: string): Manifest[] {
  const known = rendered.get(folder) ?? render(folder);
  rendered.set(folder, known);
  return structuredClone(known);
}

function one(manifests: readonly Manifest[], kind: string): Manifest & { spec: JsonObject } {
  const found = manifests.filter((each) => each.kind === kind);
  expect(found.map((each) => each.metadata.name)).toEqual(['genesys-gitops']);
  return found[0] as Manifest & { spec: JsonObject };
}

function onlyPod(manifests: readonly Manifest[]): Pod {
  const pods = podsOf(manifests);
  expect(pods).toHaveLength(1);
  expect(pods[0]!.spec.containers).toHaveLength(1);
  return pods[0]!;
}

/** What kustomize makes of a kustomization that stands somewhere else. */
function built(resource: string, components: string[]): Manifest[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'manifests-'));
  try {
    const from = (name: string): string => path.relative(folder, path.join(root, 'deploy', name));
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [from(resource)],
      components: components.map((name) => from(`components/${name}`)),
    };
    writeFileSync(path.join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    return render(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const folders = ['deploy/base', 'deploy/overlays/cronjob', 'deploy/overlays/example'];

describe('rendered by kubectl', () => {
  beforeEach(({ skip }) => skip(!kubectlThere, 'kubectl is not on the PATH'));

  test('these are the kustomizations, and nothing is wrong with them', () => {
    expect(kustomizations()).toEqual(folders);
    for (const folder of folders) expect([folder, ...problemsOf(at(folder))]).toEqual([folder]);
  });

  test.each([
    ['base', ['servicemonitor']],
    ['base', ['openshift']],
    ['overlays/cronjob', ['openshift']],
    ['overlays/example', ['servicemonitor', 'openshift']],
  ])('%s with the components %j', (resource, components) => {
    const manifests = built(resource, components);
    expect(problemsOf(manifests)).toEqual([]);
    expect(manifests.some(({ kind }) => kind === 'ServiceMonitor')).toBe(components.includes('servicemonitor'));
    const { securityContext } = onlyPod(manifests).spec;
    const fixed = ['runAsUser', 'runAsGroup', 'fsGroup'].filter((key) => key in (securityContext as JsonObject));
    expect(fixed).toEqual(components.includes('openshift') ? [] : ['runAsUser', 'runAsGroup', 'fsGroup']);
  });

  test('one daemon at a time', () => {
    for (const folder of ['deploy/base', 'deploy/overlays/example']) {
      expect(one(at(folder), 'Deployment').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    }
    expect(one(at('deploy/base'), 'PersistentVolumeClaim').spec['accessModes']).toEqual(['ReadWriteOnce']);
  });

  test.each(folders)('%s: the pod has no more rights than it needs', (folder) => {
    const { spec } = onlyPod(at(folder));
    expect(spec).toMatchObject({
      serviceAccountName: 'genesys-gitops',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 60,
      securityContext: { runAsNonRoot: true, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.containers[0]!['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    });
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC', 'initContainers', 'hostAliases'])
      expect(spec).not.toHaveProperty(key);
    expect(one(at(folder), 'ServiceAccount')['automountServiceAccountToken']).toBe(false);
    expect(spec.containers[0]!['resources']).toMatchObject({
      requests: { cpu: '50m', memory: '192Mi' },
      limits: { memory: '512Mi' },
    });
    // The token of a service account, or a value of a secret, in the environment would be for all to see.
    expect(spec.containers[0]).not.toHaveProperty('env');
    expect(spec.containers[0]).not.toHaveProperty('envFrom');
  });

  test.each(folders)('%s: only /data and /tmp can be written to', (folder) => {
    const { spec } = onlyPod(at(folder));
    expect(spec.containers[0]!['volumeMounts']).toEqual([
      { name: 'config', mountPath: '/etc/genesys-gitops', readOnly: true },
      { name: 'secrets', mountPath: '/run/secrets/genesys', readOnly: true },
      { name: 'git', mountPath: '/run/secrets/git', readOnly: true },
      { name: 'data', mountPath: '/data' },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
    expect(spec['volumes']).toEqual([
      { name: 'config', configMap: { name: 'genesys-gitops' } },
      { name: 'secrets', secret: { secretName: 'genesys-gitops', defaultMode: 0o440 } },
      { name: 'git', secret: { secretName: 'genesys-gitops-git', defaultMode: 0o440, optional: true } },
      { name: 'data', persistentVolumeClaim: { claimName: 'genesys-gitops' } },
      { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ]);
  });

  test('the probes ask for what they are for', () => {
    const [container] = onlyPod(at('deploy/base')).spec.containers;
    const probe = (path: string): object => ({ httpGet: { path, port: 'http' }, timeoutSeconds: 5 });
    expect(container).toMatchObject({
      ports: [{ name: 'http', containerPort: 9464 }],
      startupProbe: probe('/healthz'),
      livenessProbe: probe('/healthz'),
      readinessProbe: probe('/readyz'),
    });
  });

  test('the network is open for what it does, and for nothing else', () => {
    const { spec } = one(at('deploy/base'), 'NetworkPolicy');
    expect(spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'genesys-gitops' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: 9464 }] }],
      egress: [
        {
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        {
          ports: [
            { protocol: 'TCP', port: 443 },
            { protocol: 'TCP', port: 22 },
          ],
        },
      ],
    });
    expect(one(at('deploy/overlays/cronjob'), 'NetworkPolicy').spec).toEqual({ ...spec, ingress: [] });
  });

  test('the job is the daemon without what serves', () => {
    const manifests = at('deploy/overlays/cronjob');
    expect(manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Service')).toEqual([]);
    const cronJob = one(manifests, 'CronJob');
    expect(cronJob.spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } } },
    });
    const { restartPolicy: _, ...job } = onlyPod(manifests).spec;
    const daemon = onlyPod(at('deploy/base')).spec;
    for (const key of ['ports', 'startupProbe', 'livenessProbe', 'readinessProbe']) delete daemon.containers[0]![key];
    job.containers[0]!['args'] = daemon.containers[0]!['args']!;
    expect(job).toEqual(daemon);
  });

  test('what the pods are told is what the command line knows', () => {
    for (const folder of folders) {
      const args = onlyPod(at(folder)).spec.containers[0]!['args'] as string[];
      expect(args).toContain('/etc/genesys-gitops/genesys-gitops.yaml');
      const absent = args.map((arg) => (arg.startsWith('/') ? path.join(root, 'there/is/none.yaml') : arg));
      const { status, stderr } = spawnSync(process.execPath, ['src/main.ts', ...absent], {
        cwd: root,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([1, expect.stringContaining('there is no such file')]);
    }
  });

  test('the version is the one of package.json', () => {
    for (const folder of folders) {
      expect(onlyPod(at(folder)).spec.containers[0]!.image.split(':').at(-1)).toBe(manifest.version);
    }
  });

  test('the overlay replaces the configuration, under a name that stays', () => {
    const config = (folder: string): Json => one(at(folder), 'ConfigMap')['data']!;
    expect(config('deploy/base')).toEqual({ 'genesys-gitops.yaml': text('deploy/base/genesys-gitops.yaml') });
    expect(config('deploy/overlays/example')).toEqual({
      'genesys-gitops.yaml': text('deploy/overlays/example/genesys-gitops.yaml'),
    });
  });

  test.each([
    ['an unknown field', 'replicas: 1', 'replica: 1', '/spec: must NOT have additional properties ("replica")'],
    ['a field in the wrong place', 'enableServiceLinks:', 'readOnlyRootFilesystem:', 'additional properties'],
    ['a wrong type', 'replicas: 1', 'replicas: "1"', '/spec/replicas: must be integer'],
    ['a wrong word', 'type: Recreate', 'type: recreate', '/spec/strategy/type: must be equal to one of'],
    ['no value', 'periodSeconds: 2', 'periodSeconds:', '/periodSeconds: must be integer'],
    ['an image without a tag', /image: (\S+):\S+/, 'image: $1', '/image: must match pattern'],
    ['a volume that is not there', 'name: tmp\n', 'name: temp\n', 'there is no volume temp'],
    ['a port that is not there', 'port: http\n', 'port: web\n', 'there is no port web'],
    ['a service to nowhere', 'targetPort: http', 'targetPort: web', 'no pod has the port web'],
    ['a policy for all', /podSelector:\n.*\n.*\n/, 'podSelector: {}\n', 'NetworkPolicy/genesys-gitops: selects no pod'],
    ['another claim', 'claimName: genesys-gitops', 'claimName: data', 'there is no PersistentVolumeClaim/data'],
    ['another version', 'apiVersion: apps/v1', 'apiVersion: apps/v1beta1', 'no schema for apps/v1beta1 Deployment'],
  ])('the check finds %s', (_what, from, to, problem) => {
    const stdout = renderText('deploy/base');
    const broken = stdout.replace(from, to);
    expect(broken).not.toBe(stdout);
    expect(problemsOf(parseManifests(broken)).join('\n')).toContain(problem);
  });
});

describe('the files', () => {
  const files = ['deploy/base/genesys-gitops.yaml', 'deploy/overlays/example/genesys-gitops.yaml'];

  test.each(files)('%s is a configuration, and fits the pod', async (file) => {
    const ajv = new Ajv({ strict: false });
    formats.default(ajv);
    const fits = ajv.compile(JSON.parse(text('schemas/daemon.schema.json')) as object);
    expect([fits(parse(text(file))), fits.errors]).toEqual([true, null]);
    const loaded = await loadDaemonConfig(path.join(root, file));
    if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
    const { config } = loaded;
    expect(config).toMatchObject({ journal: '/data/journal.db', listen: '0.0.0.0:9464' });
    // What is copied and applied before it is read to its end writes nothing.
    expect(config.targets.map(({ policy }) => policy?.mode)).toEqual(['observe']);
    const secrets = [...text(file).matchAll(/fromFile: ([^\s}]+)/g)].map(([, secret]) => secret!);
    expect(secrets.length).toBeGreaterThan(1);
    for (const secret of secrets) expect(secret).toMatch(/^\/run\/secrets\/(genesys|git)\//);
  });

  test('the image is made for the same folders, port and Node', () => {
    const dockerfile = text('Dockerfile');
    const daemon = parse(text('deploy/base/deployment.yaml')) as { spec: { template: { spec: Pod['spec'] } } };
    const args = daemon.spec.template.spec.containers[0]!['args'];
    expect(JSON.parse(/^CMD (.+)$/m.exec(dockerfile)![1]!)).toEqual(args);
    expect(/^ARG NODE_IMAGE=.*\/node:([\d.]+)-/m.exec(dockerfile)![1]).toBe(manifest.devDependencies.node);
    expect(dockerfile).toContain('EXPOSE 9464');
    expect(dockerfile).toContain('http://127.0.0.1:9464/healthz');
    expect(/^USER (\d+):0$/m.exec(dockerfile)![1]).toBe('10001');
  });
});

test('the README shows configurations that are valid', async () => {
  const blocks = [...text('deploy/README.md').matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
  const daemons = blocks.filter((block) => block.includes('kind: Daemon'));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'manifests-'));
  try {
    mkdirSync(folder, { recursive: true });
    for (const block of daemons) {
      const file = path.join(folder, 'genesys-gitops.yaml');
      writeFileSync(file, block);
      expect(await loadDaemonConfig(file)).not.toHaveProperty('problems');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  for (const [, link] of text('deploy/README.md').matchAll(/\]\(([^)#]+)/g)) {
    expect(() => readFileSync(path.join(root, 'deploy', link!)), link).not.toThrow();
  }
});
