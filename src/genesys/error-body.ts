import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** What is of use in Genesys's `ErrorBody` (specification: message, code, messageParams, details[], errors[]). */
export interface ErrorBody {
  message?: string;
  code?: string;
  /** `fieldName: errorCode` from `details`, `field: message` from `errors`, nested ones included; a few of them. */
  fields: string[];
  /** What `errors` say of the fields that they name, all but the very many: for code. */
  faults: Fault[];
  /** Of a conflict: the version that is there now. */
  version?: string;
}

export interface Fault {
  /** `widget.theme.colors.primary` */
  path: string;
  message: string;
}

const longest = 500;
const most = 10;
const mostFaults = 200;

/** Reads an error body of any form, also one that is no JSON at all (a gateway's page): then there is nothing in it. */
export function readErrorBody(body: Json | undefined): ErrorBody {
  if (!isObject(body)) return { fields: [], faults: [] };
  const message = oneLine(body['message']);
  const code = oneLine(body['code']);
  const version = oneLine(typeof body['version'] === 'number' ? String(body['version']) : body['version']);
  const fields = fieldsOf(body, 0);
  return {
    ...(message === undefined ? {} : { message }),
    ...(code === undefined ? {} : { code }),
    ...(version === undefined ? {} : { version }),
    fields: fields.length > most ? [...fields.slice(0, most), `and ${fields.length - most} more`] : fields,
    faults: objects(body['errors']).flatMap(faultOf).slice(0, mostFaults),
  };
}

function fieldsOf(body: JsonObject, depth: number): string[] {
  const own = objects(body['details']).flatMap((detail) => {
    const parts = [oneLine(detail['fieldName']), oneLine(detail['errorCode'])].filter((part) => part !== undefined);
    return parts.length === 0 ? [] : [parts.join(': ')];
  });
  const nested = objects(body['errors']).flatMap((error) => {
    const [fault] = faultOf(error);
    const message = fault === undefined ? oneLine(error['message']) : `${fault.path}: ${fault.message}`;
    return [...(message === undefined ? [] : [message]), ...(depth < 3 ? fieldsOf(error, depth + 1) : [])];
  });
  return [...own, ...nested];
}

function faultOf(error: JsonObject): Fault[] {
  const path = oneLine(error['field']) ?? oneLine(error['path']) ?? oneLine(error['fieldName']);
  const message = oneLine(error['message']);
  return path === undefined || message === undefined ? [] : [{ path, message }];
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** One line of bounded length: messages end up in logs and on terminals. */
export function oneLine(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const line = value.replace(/\p{Cc}+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
