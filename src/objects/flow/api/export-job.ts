import { asFailure, Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { isObject } from '../../../model/json.ts';
import { readFlow } from './head.ts';
import { paths } from './paths.ts';
import { isOver, type JobState, poll } from './poll.ts';
import { idIn, lineOf, told } from './told.ts';

/** An export takes a second or two; who waits longer than this waits for nothing. */
const mostMs = 120_000;
/** Milliseconds before an export is asked for again, where it failed for no reason of the flow's. */
const again = [1000, 3000, 9000];

/**
 * The YAML of one version of a flow, as Genesys writes it: register, poll, download. Under load Genesys answers "could not
 * find the flow" for flows that are there, so a failure is tried again before it counts. Throws `Gone` only where the flow
 * itself is gone: a job or a file that cannot be had says nothing about that.
 */
export async function exportText(reader: Reader, id: string, version: string): Promise<string> {
  for (const wait of [...again, undefined]) {
    const got = await tryExport(reader, id, version);
    if (typeof got === 'string') return got;
    if ((await readFlow(reader, id)) === undefined) throw new Failure('Gone', `flow ${id} is no longer there`);
    if (wait === undefined) throw got;
    await reader.wait(wait);
  }
  throw new Error('unreachable');
}

async function tryExport(reader: Reader, id: string, version: string): Promise<string | Failure> {
  try {
    const state = await runExport(reader, id, version);
    const url = state.status === 'Success' ? state.body['downloadUrl'] : undefined;
    return typeof url === 'string' ? await fetchFile(reader, url, id) : failed(state, id);
  } catch (error) {
    const { reason, message, detail } = asFailure(error);
    if (reason === 'Gone')
      return new Failure('ExportFailed', `the export of flow ${id} was lost: ${lineOf(message)}`, detail);
    // An export that does not end holds up its flow, and no other.
    if (reason === 'JobRunning') throw new Failure('ExportFailed', message, detail);
    throw error;
  }
}

/** A file that is refused tells nothing about the flow: its URL ended, or a proxy keeps us from Genesys's file store. */
async function fetchFile(reader: Reader, url: string, id: string): Promise<string | Failure> {
  try {
    return await reader.download(url);
  } catch (error) {
    const { reason, message, detail } = asFailure(error);
    if (reason !== 'Gone') throw error;
    return new Failure('ExportFailed', `the export of flow ${id} could not be downloaded: ${lineOf(message)}`, detail);
  }
}

async function runExport(reader: Reader, id: string, version: string): Promise<JobState> {
  const body = { flows: [{ flow: { id, version }, exportType: 'Yaml' }] };
  const { body: job } = await reader.ask({ path: paths.exports, body });
  const jobId = idIn(isObject(job) ? job['id'] : undefined);
  if (jobId === undefined) throw new Failure('BadAnswer', 'Genesys answered to an export with a job without an id');
  const what = `the export of flow ${id} (job ${jobId})`;
  return poll(reader, { path: paths.export, params: { jobId } }, { done: isOver, mostMs, what, wait: 200 });
}

function failed({ errors, body, correlationId }: JobState, id: string): Failure {
  const job = `job ${idIn(body['id']) ?? 'without an id'}${correlationId === undefined ? '' : `, correlation id ${correlationId}`}`;
  const why = errors.length === 0 ? 'it gave no reason' : told(errors).join('; ');
  return new Failure('ExportFailed', `Genesys could not export flow ${id} (${job}): ${why}`);
}
