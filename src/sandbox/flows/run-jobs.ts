import { seesFlow } from '../visibility.ts';
import type { World } from '../world.ts';
import { checkFlow, type FlowMessage, findNamed } from './check-flow.ts';
import { exportText, latestVersion } from './export-text.ts';
import type { FlowRecord, FlowVersionRecord } from './flow-records.ts';
import { typeOfApi } from './flow-types.ts';
import { versionOf } from './flows.ts';
import type { JobRecord, JobResult } from './jobs.ts';
import { publishText } from './publish-text.ts';
import { storedZip } from './zip.ts';

/** `ArchitectFlowReference`: by id, or by name and type. */
export interface FlowReference {
  id?: string;
  name?: string;
  type?: string;
  version?: string;
}

/** `ExportDetails`. */
export interface ExportDetails {
  flow: FlowReference;
  fileName?: string;
  exportType?: 'Yaml' | 'Architect';
}

/** Publishes what was uploaded. */
export function runPublish(world: World, job: JobRecord): JobResult {
  const { messages, flow } = publishText(world, job.upload ?? '', job.actor, { createStubs: job.createStubs });
  return { messages, failed: flow === undefined, ...(flow && { flowId: flow.id }) };
}

/** Writes the flows: one as it is, more as a zip. One that is missing fails the job. */
export function runExport(world: World, flows: readonly ExportDetails[], job: JobRecord): JobResult {
  const messages: FlowMessage[] = [];
  const throttled = world.quirks.has('export-throttled') && busy(world, job);
  const files = flows.flatMap(({ flow: reference, fileName, exportType = 'Yaml' }) => {
    const found = throttled ? undefined : resolve(world, reference, job);
    if (!found) {
      messages.push(unknown(reference));
      return [];
    }
    const { flow, version } = found;
    const extension = exportType === 'Yaml' ? 'yaml' : `i3${flow.type}Flow`;
    const text = exportText(world, flow, version);
    // The format of the editor is its own and packed; only that it is no YAML matters here.
    const bytes = Buffer.from(exportType === 'Yaml' ? text : Buffer.from(text).toString('base64'));
    return [{ name: `${fileName ?? `${flow.name}_v${version.id.replace('.', '-')}`}.${extension}`, bytes }];
  });
  const [file] = files;
  if (messages.length > 0 || !file) return { messages, failed: true };
  if (files.length > 1) {
    return {
      messages,
      failed: false,
      download: { bytes: storedZip(files), fileName: 'flows.zip', contentType: 'application/zip' },
    };
  }
  return {
    messages,
    failed: false,
    download: { bytes: file.bytes, fileName: file.name, contentType: 'application/x-yaml' },
  };
}

/** Looks at flows as they are, and whether what they use is still there. */
export function runValidate(world: World, flows: readonly { flow: FlowReference }[], job: JobRecord): JobResult {
  const messages = flows.flatMap(({ flow: reference }) => {
    const found = resolve(world, reference, job);
    if (!found) return [unknown(reference)];
    const { flow, version } = found;
    const check = checkFlow(world, { type: flow.type, name: flow.name, tree: version.tree });
    const gone = check.missing.map(({ name, path }): FlowMessage => {
      return { type: 'Error', text: `Flow '${flow.name}': could not find the flow '${name}' (${path}).` };
    });
    return [...check.messages, ...gone];
  });
  return { messages, failed: messages.some(({ type }) => type === 'Error') };
}

/** Whether another export goes on. */
const busy = (world: World, job: JobRecord): boolean =>
  [...world.jobs.values()].some((other) => other !== job && other.kind === 'export' && other.status === 'Started');

function resolve(
  world: World,
  reference: FlowReference,
  { actor }: JobRecord,
): { flow: FlowRecord; version: FlowVersionRecord } | undefined {
  const { id, name, type, version: versionId } = reference;
  const flow = id === undefined ? findNamed(world, name ?? '', typeOfApi(type ?? '')) : world.flows.get(id);
  if (!flow || flow.deleted || !seesFlow(world.clients.get(actor.clientId), flow)) return undefined;
  const version = versionId === undefined ? latestVersion(flow) : versionOf(flow, versionId);
  return version && { flow, version };
}

function unknown({ id, name, version }: FlowReference): FlowMessage {
  const what = version === undefined ? '' : ` in version ${version}`;
  return { type: 'Error', text: `Could not find the flow '${id ?? name}'${what}.` };
}
