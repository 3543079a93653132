/**
 * deploy/schemas/kubernetes.json from Kubernetes's own definitions:
 *
 *   pip download --no-deps kubernetes-validate==1.37.0 && unzip kubernetes_validate-*.whl
 *   node scripts/manifests-check.schemas.ts kubernetes_validate/kubernetes-json-schema/v1.30.0-local-strict/_definitions.json
 *
 * That package carries the published OpenAPI definitions as JSON Schema, every object closed. Here: only what our kinds
 * reach, without prose, without `null` (which a manifest never means), without `status`, and with what the definitions
 * leave to prose or to the API server: the words that a field may have, ports, and names.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '../src/model/json.ts';

const output = new URL('../deploy/schemas/kubernetes.json', import.meta.url);

/** The oldest Kubernetes that the manifests are for. All kinds are stable, so later ones take them, too. */
const version = '1.30';

const kinds: Record<string, string> = {
  'apps/v1 Deployment': 'io.k8s.api.apps.v1.Deployment',
  'batch/v1 CronJob': 'io.k8s.api.batch.v1.CronJob',
  'batch/v1 Job': 'io.k8s.api.batch.v1.Job',
  'networking.k8s.io/v1 NetworkPolicy': 'io.k8s.api.networking.v1.NetworkPolicy',
  'v1 ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  'v1 Namespace': 'io.k8s.api.core.v1.Namespace',
  'v1 PersistentVolumeClaim': 'io.k8s.api.core.v1.PersistentVolumeClaim',
  'v1 Secret': 'io.k8s.api.core.v1.Secret',
  'v1 Service': 'io.k8s.api.core.v1.Service',
  'v1 ServiceAccount': 'io.k8s.api.core.v1.ServiceAccount',
};

const port = { type: 'integer', minimum: 1, maximum: 65535 };
const dnsName = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', maxLength: 63 };
const subdomain = { type: 'string', pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$', maxLength: 253 };
const words = (...values: string[]): JsonObject => ({ type: 'string', enum: values });
const wordLists = (...values: string[]): JsonObject => ({ type: 'array', items: words(...values), uniqueItems: true });
const whole = (minimum: number): JsonObject => ({ type: 'integer', minimum });
const path = { type: 'string', pattern: '^/' };
const labels = {
  type: 'object',
  propertyNames: { pattern: '^([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$' },
  additionalProperties: { type: 'string', pattern: '^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$' },
};

/** By definition and property. A property that the definitions no longer have is an error. */
const narrower: Record<string, Record<string, JsonObject>> = {
  'apimachinery.pkg.apis.meta.v1.ObjectMeta': { name: subdomain, namespace: dnsName, labels },
  'apimachinery.pkg.apis.meta.v1.LabelSelector': { matchLabels: labels },
  'api.apps.v1.DeploymentSpec': { replicas: whole(0) },
  'api.apps.v1.DeploymentStrategy': { type: words('Recreate', 'RollingUpdate') },
  'api.batch.v1.CronJobSpec': {
    concurrencyPolicy: words('Allow', 'Forbid', 'Replace'),
    schedule: { type: 'string', pattern: '^(\\S+ ){4}\\S+$' },
  },
  'api.core.v1.Capabilities': {
    add: { type: 'array', items: { type: 'string', pattern: '^[A-Z_]+$' } },
    drop: { type: 'array', items: { type: 'string', pattern: '^[A-Z_]+$' } },
  },
  'api.core.v1.Container': {
    name: dnsName,
    image: {
      type: 'string',
      pattern: '^[a-z0-9][A-Za-z0-9./_-]*(:[0-9]+/[A-Za-z0-9./_-]+)?(:[\\w.-]+|@sha256:[0-9a-f]{64})$',
    },
    imagePullPolicy: words('Always', 'IfNotPresent', 'Never'),
  },
  'api.core.v1.ContainerPort': {
    containerPort: port,
    name: { ...dnsName, maxLength: 15 },
    protocol: words('TCP', 'UDP', 'SCTP'),
  },
  'api.core.v1.HTTPGetAction': { path, scheme: words('HTTP', 'HTTPS') },
  'api.core.v1.PersistentVolumeClaimSpec': {
    accessModes: wordLists('ReadWriteOnce', 'ReadWriteOncePod', 'ReadOnlyMany', 'ReadWriteMany'),
    volumeMode: words('Filesystem', 'Block'),
  },
  'api.core.v1.PodSecurityContext': { fsGroupChangePolicy: words('OnRootMismatch', 'Always') },
  'api.core.v1.PodSpec': {
    restartPolicy: words('Always', 'OnFailure', 'Never'),
    serviceAccountName: subdomain,
    terminationGracePeriodSeconds: whole(0),
  },
  'api.core.v1.Probe': {
    failureThreshold: whole(1),
    initialDelaySeconds: whole(0),
    periodSeconds: whole(1),
    successThreshold: whole(1),
    timeoutSeconds: whole(1),
  },
  'api.core.v1.SeccompProfile': { type: words('RuntimeDefault', 'Localhost', 'Unconfined') },
  'api.core.v1.SecretVolumeSource': { defaultMode: { type: 'integer', minimum: 0, maximum: 511 } },
  'api.core.v1.ServicePort': { port, name: dnsName, protocol: words('TCP', 'UDP', 'SCTP') },
  'api.core.v1.ServiceSpec': { type: words('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'), selector: labels },
  'api.core.v1.Volume': { name: dnsName },
  'api.core.v1.VolumeMount': { mountPath: path },
  'api.networking.v1.NetworkPolicyPort': { protocol: words('TCP', 'UDP', 'SCTP') },
  'api.networking.v1.NetworkPolicySpec': { policyTypes: wordLists('Ingress', 'Egress') },
};

/** Without prose and `null`, and with references into this file. */
function trimmed(value: Json, reached: string[]): Json {
  if (Array.isArray(value)) return value.map((item) => trimmed(item, reached));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'description' && typeof item === 'string') continue;
    if (key.startsWith('x-kubernetes-') || (key === 'format' && item === 'int-or-string')) continue;
    if (key === '$ref' && typeof item === 'string') {
      const name = item.split('/').at(-1)!;
      reached.push(name);
      result[key] = `#/$defs/${name}`;
    } else if (key === 'type' && Array.isArray(item)) {
      const types = item.filter((type) => type !== 'null');
      result[key] = types.length === 1 ? types[0]! : types;
    } else if (key === 'enum' && Array.isArray(item)) {
      result[key] = item.filter((one) => one !== null);
    } else {
      result[key] = trimmed(item, reached);
    }
  }
  return result;
}

function generate(source: JsonObject): string {
  const found = new Map<string, JsonObject>();
  const reached = Object.values(kinds);
  for (let name = reached.pop(); name !== undefined; name = reached.pop()) {
    if (found.has(name)) continue;
    const definition = source[name];
    if (!isObject(definition)) throw new Error(`${name} is not among the definitions`);
    const kind = Object.entries(kinds)
      .find(([, one]) => one === name)?.[0]
      .split(' ');
    const { status, ...properties } = (definition['properties'] ?? {}) as JsonObject;
    if (kind === undefined && status !== undefined) properties['status'] = status;
    const wanted: JsonObject = { ...definition, ...('properties' in definition ? { properties } : {}) };
    const own = trimmed(wanted, reached) as JsonObject;
    for (const [property, schema] of Object.entries(narrower[name.replace(/^io\.k8s\./, '')] ?? {})) {
      const known = own['properties'] as JsonObject;
      if (known[property] === undefined) throw new Error(`${name} has no ${property}`);
      known[property] = schema;
    }
    if (kind !== undefined) {
      Object.assign(own['properties'] as JsonObject, { apiVersion: { const: kind[0]! }, kind: { const: kind[1]! } });
      own['required'] = ['apiVersion', 'kind', 'metadata'];
    }
    found.set(name, own);
  }
  const unused = Object.keys(narrower).filter((name) => !found.has(`io.k8s.${name}`));
  if (unused.length > 0) throw new Error(`nothing reaches ${unused.join(', ')}`);
  const line = (name: string, value: Json): string => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const references = Object.entries(kinds).map(([kind, name]) => line(kind, { $ref: `#/$defs/${name}` }));
  return [
    '{',
    `  "$comment": "Kubernetes ${version}, Apache-2.0, generated by scripts/manifests-check.schemas.ts. Do not edit.",`,
    '  "kinds": {',
    references.join(',\n'),
    '  },',
    '  "$defs": {',
    sorted.map(([name, value]) => line(name, value)).join(',\n'),
    '  }',
    '}',
    '',
  ].join('\n');
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which _definitions.json? See the head of this script.');
const { $defs } = JSON.parse(readFileSync(file, 'utf8')) as { $defs: JsonObject };
writeFileSync(output, generate($defs));
