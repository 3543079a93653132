import { Failure } from '../model/failure.ts';
import type { Answer, Upload } from '../model/http.ts';
import type { Parts } from './call.ts';

/** Such URLs are secrets while they are valid: logs and receipts name them so. */
const pathTemplate = '(presigned)';

/** One PUT, with exactly the headers that Genesys gave. */
export async function put(parts: Parts, { url, headers, text }: Upload, before?: () => void): Promise<Answer> {
  const begun = parts.clock.now().getTime();
  before?.();
  const raw = await parts.transport.exchange({ method: 'PUT', url, headers, body: text });
  const durationMs = parts.clock.now().getTime() - begun;
  const receipt = { method: 'PUT', pathTemplate, status: raw.status, attempts: 1, durationMs };
  if (raw.status >= 300) throw new Failure('Gone', `the upload was refused with status ${raw.status}`, { receipt });
  return { body: null, receipt };
}

export async function fetchText(parts: Parts, url: string): Promise<string> {
  const raw = await parts.transport.exchange({ method: 'GET', url, headers: {} });
  if (raw.status >= 300) throw new Failure('Gone', `the download was refused with status ${raw.status}`);
  return raw.body;
}
