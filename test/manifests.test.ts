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
import { loadDaemonConfig } from '../src/app.ts';
import type { Json, JsonObject } from '../src/model/json.ts';

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

/** The pod that a Deployment, CronJob or Job leads to. */
function podOf(manifests: readonly Manifest[], kind: string): Pod {
  const pods = podsOf(manifests).filter(({ owner }) => owner.kind === kind);
  expect(pods).toHaveLength(1);
  expect(pods[0]!.spec.containers).toHaveLength(1);
  return pods[0]!;
}

/** The command line takes these words, and gets as far as the daemon's file. */
function expectKnown(args: readonly string[]): void {
  expect(args).toContain('/etc/genesys-gitops/genesys-gitops.yaml');
  const absent = args.map((arg) => (arg.startsWith('/') ? path.join(root, 'there/is/none.yaml') : arg));
  const { status, stderr } = spawnSync(process.execPath, ['src/main.ts', ...absent], { cwd: root, encoding: 'utf8' });
  expect([status, stderr]).toEqual([1, expect.stringContaining('there is no such file')]);
}

const kindsOf = (manifests: readonly Manifest[]): string[] => manifests.map(({ kind }) => kind).sort();

const fixedIds = ({ spec }: Pod): string[] =>
  ['runAsUser', 'runAsGroup', 'fsGroup'].filter((key) => key in (spec['securityContext'] as JsonObject));

/** What kustomize makes of a kustomization that stands somewhere else. */
function built(resource: string, components: string[], more: JsonObject = {}): Manifest[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'manifests-'));
  try {
    const from = (name: string): string => path.relative(folder, path.join(root, 'deploy', name));
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [from(resource)],
      components: components.map((name) => from(`components/${name}`)),
      ...more,
    };
    writeFileSync(path.join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    return render(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const folders = ['deploy/base', 'deploy/overlays/cronjob', 'deploy/overlays/example'];

const pods: [folder: string, kind: string][] = [
  ['deploy/base', 'Deployment'],
  ['deploy/base', 'CronJob'],
  ['deploy/overlays/cronjob', 'CronJob'],
  ['deploy/overlays/example', 'Deployment'],
  ['deploy/overlays/example', 'CronJob'],
];

/** The job that `kubectl create job once --from=cronjob/genesys-gitops` makes. */
function jobFrom(manifests: readonly Manifest[]): Manifest {
  const { metadata, spec } = one(manifests, 'CronJob');
  const template = spec['jobTemplate'] as { metadata: { labels: { [key: string]: string } }; spec: JsonObject };
  const namespace = metadata.namespace!;
  const owner = { apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: metadata.name, uid: 'abc' };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'once',
      namespace,
      labels: template.metadata.labels,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [owner],
    },
    spec: template.spec,
  } as Manifest;
}

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
    const fixed = components.includes('openshift') ? [] : ['runAsUser', 'runAsGroup', 'fsGroup'];
    for (const pod of podsOf(manifests)) expect(fixedIds(pod)).toEqual(fixed);
  });

  const own = {
    namespace: 'contact-centre',
    images: [{ name: 'genesys-gitops', newName: 'registry.acme.com/tools/genesys-gitops', newTag: '0.1.0' }],
  };
  const example = { namespace: 'genesys-gitops', image: 'registry.example.com/genesys-gitops:0.1.0' };
  const acme = { namespace: 'contact-centre', image: 'registry.acme.com/tools/genesys-gitops:0.1.0' };

  test.each([
    ['overlays/cronjob', [], {}, example],
    ['overlays/cronjob', ['openshift'], {}, example],
    ['overlays/example', ['cronjob'], {}, example],
    ['overlays/example', ['cronjob', 'openshift'], {}, example],
    ['overlays/example', ['openshift', 'cronjob'], {}, example],
    ['base', ['cronjob'], own, acme],
    ['base', ['cronjob', 'openshift'], own, acme],
  ])('the job in place of the daemon: %s with %j and %j', (resource, components, more, { namespace, image }) => {
    const manifests = built(resource, components, more);
    expect(problemsOf(manifests)).toEqual([]);
    const expected = ['ConfigMap', 'CronJob', 'NetworkPolicy', 'PersistentVolumeClaim', 'ServiceAccount'];
    expect(kindsOf(manifests).filter((kind) => kind !== 'Namespace')).toEqual(expected);
    for (const { kind, metadata } of manifests) {
      expect([kind, metadata.namespace]).toEqual([kind, kind === 'Namespace' ? undefined : namespace]);
    }
    expect(one(manifests, 'CronJob').spec['suspend']).toBe(false);
    const pod = podOf(manifests, 'CronJob');
    expect(pod.spec.containers[0]!.image).toBe(image);
    const openshift = components.includes('openshift');
    expect(fixedIds(pod)).toEqual(openshift ? [] : ['runAsUser', 'runAsGroup', 'fsGroup']);
    expect(JSON.stringify(pod.spec).includes('10001')).toBe(!openshift);
    const policy = one(manifests, 'NetworkPolicy').spec;
    expect(policy['ingress']).toEqual([]);
    expect(JSON.stringify(policy['egress']).includes('5353')).toBe(openshift);
  });

  test('beside the daemon, the CronJob starts nothing, and no selector takes its pods for the daemon', () => {
    for (const folder of ['deploy/base', 'deploy/overlays/example']) {
      const manifests = at(folder);
      expect(one(manifests, 'CronJob').spec['suspend']).toBe(true);
      const selector = { 'app.kubernetes.io/name': 'genesys-gitops', 'app.kubernetes.io/component': 'daemon' };
      expect(one(manifests, 'Deployment').spec['selector']).toEqual({ matchLabels: selector });
      expect(one(manifests, 'Service').spec['selector']).toEqual(selector);
      expect(podOf(manifests, 'Deployment').labels).toEqual(selector);
      expect(podOf(manifests, 'CronJob').labels).toEqual({ ...selector, 'app.kubernetes.io/component': 'job' });
    }
  });

  test.each([
    ['overlays/example', []],
    ['overlays/example', ['openshift']],
    ['overlays/cronjob', []],
  ])('one command, without the daemon, as the README has it: %s with %j', (resource, components) => {
    const manifests = built(resource, components);
    const [, section] = text('deploy/README.md').split('\n## One command, without the daemon\n');
    const from = 'create job once --from=cronjob/genesys-gitops --dry-run=client -o json [|]\n';
    const [, patching, patch] = new RegExp(`${from}kubectl (patch .*) -p '([^']+)' \\| kubectl`).exec(section!)!;
    const { stdout, stderr } = spawnSync('kubectl', [...patching!.split(' '), '-p', patch!], {
      input: JSON.stringify(jobFrom(manifests)),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const [job] = parseManifests(stdout) as [Manifest];
    expect(problemsOf([...manifests, job])).toEqual([]);
    expect(job.metadata.namespace).toBe('genesys-gitops');
    const { spec } = podOf([job], 'Job');
    const args = [
      'apply',
      '-c',
      '/etc/genesys-gitops/genesys-gitops.yaml',
      '--target',
      'prod',
      '--revision',
      '3cb46c2',
    ];
    expect(spec.containers[0]!['args']).toEqual(args);
    expectKnown(args);
    const pattern = podOf(manifests, 'CronJob').spec;
    expect(spec).toEqual({ ...pattern, containers: [{ ...pattern.containers[0]!, args }] });
  });

  test('the README selects the pods that are there', () => {
    const labels = [...text('deploy/README.md').matchAll(/ pod -l (\S+)=(\S+)/g)];
    expect(labels).toHaveLength(1);
    for (const [, key, value] of labels) {
      expect(podOf(at('deploy/overlays/example'), 'Deployment').labels).toHaveProperty([key!], value);
    }
  });

  test('one daemon at a time', () => {
    for (const folder of ['deploy/base', 'deploy/overlays/example']) {
      expect(one(at(folder), 'Deployment').spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    }
    expect(one(at('deploy/base'), 'PersistentVolumeClaim').spec['accessModes']).toEqual(['ReadWriteOnce']);
  });

  test.each(pods)('%s: the pod of the %s has no more rights than it needs', (folder, kind) => {
    const { spec } = podOf(at(folder), kind);
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
    // It would take the place of the image's entrypoint, which has flags for node.
    expect(spec.containers[0]).not.toHaveProperty('command');
  });

  test.each(pods)('%s: only /data and /tmp can be written to by the pod of the %s', (folder, kind) => {
    const { spec } = podOf(at(folder), kind);
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
    const [container] = podOf(at('deploy/base'), 'Deployment').spec.containers;
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
    // The pods of OpenShift's DNS listen on 5353, and policies match after the Service's address was resolved.
    const ports = [
      { protocol: 'UDP', port: 5353 },
      { protocol: 'TCP', port: 5353 },
    ];
    for (const resource of ['base', 'overlays/example']) {
      const openshift = one(built(resource, ['openshift']), 'NetworkPolicy').spec;
      expect(openshift).toEqual({ ...spec, egress: [...(spec['egress'] as Json[]), { ports }] });
    }
  });

  test('the job is the daemon without what serves', () => {
    const manifests = at('deploy/overlays/cronjob');
    expect(manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Service')).toEqual([]);
    const cronJob = one(manifests, 'CronJob');
    expect(cronJob.spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never' } } } },
    });
    const { restartPolicy: _, ...job } = podOf(manifests, 'CronJob').spec;
    const daemon = podOf(at('deploy/overlays/example'), 'Deployment').spec;
    for (const key of ['ports', 'startupProbe', 'livenessProbe', 'readinessProbe']) delete daemon.containers[0]![key];
    job.containers[0]!['args'] = daemon.containers[0]!['args']!;
    expect(job).toEqual(daemon);
  });

  test('what the pods are told is what the command line knows', () => {
    for (const kind of ['Deployment', 'CronJob']) {
      expectKnown(podOf(at('deploy/base'), kind).spec.containers[0]!['args'] as string[]);
    }
    for (const [folder, kind] of pods) {
      const { args } = podOf(at(folder), kind).spec.containers[0]!;
      expect(args).toEqual(podOf(at('deploy/base'), kind).spec.containers[0]!['args']);
    }
  });

  test('the version is the one of package.json', () => {
    for (const [folder, kind] of pods) {
      expect(podOf(at(folder), kind).spec.containers[0]!.image.split(':').at(-1)).toBe(manifest.version);
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
    const entrypoint = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)![1]!) as string[];
    expect([entrypoint[0], entrypoint.at(-1)]).toEqual(['node', '/app/dist/main.js']);
    // What stands beside the daemon is started by path; what takes its place goes through the entrypoint and its flags.
    const execs = [...text('deploy/README.md').matchAll(/ exec \S+ -- \\\n\s*(\S+ \S+)/g)].map(([, start]) => start);
    expect(execs).toEqual(['node /app/dist/main.js']);
    expect(text('deploy/README.md')).not.toMatch(/--entrypoint|"command"|--command/);
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
