import { Failure } from '../../../model/failure.ts';
import type { Reader } from '../../../model/http.ts';
import { isObject } from '../../../model/json.ts';
import { paths } from './paths.ts';
import { isOver, poll } from './poll.ts';
import { idIn, nameOf, told } from './told.ts';

const mostMs = 120_000;

/** Genesys validates flows by reference (preview), so this is about what is live, and says so. */
export async function inspect(reader: Reader, { id, name }: { id: string; name: string }): Promise<string[]> {
  const { body } = await reader.ask({ path: paths.validations, body: { flows: [{ flow: { id } }] } });
  const jobId = idIn(isObject(body) ? body['id'] : undefined);
  if (jobId === undefined) throw new Failure('BadAnswer', 'Genesys answered to a validation without a job id');
  const what = `the validation of "${nameOf(name)}" (job ${jobId})`;
  const request = { path: paths.validation, params: { jobId } };
  const { status, errors, warnings } = await poll(reader, request, { done: isOver, mostMs, what, wait: 200 });
  const found = [...errors.map((text) => `error: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
  const silent = status === 'Failure' && found.length === 0 ? ['it failed and gave no reason'] : found;
  return told(silent).map((text) => `Genesys on the live flow "${nameOf(name)}", not on the file: ${text}`);
}
