import { isObject, type Json, type JsonObject } from '../model/json.ts';

/** What is of use in Genesys's `ErrorBody` (specification: message, code, messageParams, details[], errors[]). */
export interface ErrorBody {
  message?: string;
  code?: string;
  /** `fieldName: errorCode`, from `details`, those of nested `errors` included. */
  fields: string[];
}

const longest = 500;
const most = 10;

/** Reads an error body of any form, also one that is no JSON at all (a gateway's page): then there is nothing in it. */
export function readErrorBody(body: Json | undefined): ErrorBody {
  if (!isObject(body)) return { fields: [] };
  const message = oneLine(body['message']);
  const code = oneLine(body['code']);
  return {
    ...(message === undefined ? {} : { message }),
    ...(code === undefined ? {} : { code }),
    fields: fieldsOf(body, 0).slice(0, most),
  };
}

function fieldsOf(body: JsonObject, depth: number): string[] {
  const own = objects(body['details']).flatMap((detail) => {
    const parts = [oneLine(detail['fieldName']), oneLine(detail['errorCode'])].filter((part) => part !== undefined);
    return parts.length === 0 ? [] : [parts.join(': ')];
  });
  const nested = objects(body['errors']).flatMap((error) => {
    const message = oneLine(error['message']);
    return [...(message === undefined ? [] : [message]), ...(depth < 3 ? fieldsOf(error, depth + 1) : [])];
  });
  return [...own, ...nested];
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
