import { invalid } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';

/** What is read of bodies that are otherwise kept as they are, unknown fields and all. */

/** @throws ApiError 400 where a body names another object than the path */
export function refuseOtherId(body: JsonObject, id: string): void {
  if (body['id'] !== undefined && body['id'] !== id) throw invalid(`id must be ${id}`, 'id');
}

/** A text that has to be there. @throws ApiError 400 */
export function textAt(body: JsonObject, field: string, path = field): string {
  const value = body[field];
  if (typeof value !== 'string' || value === '') throw invalid(`${path} must be a text`, path);
  return value;
}

/** A text that may be left out. @throws ApiError 400 */
export function optionalText(body: JsonObject, field: string, path = field): void {
  if (body[field] !== undefined && typeof body[field] !== 'string') throw invalid(`${path} must be a text`, path);
}

/** A list of texts that may be left out. @throws ApiError 400 */
export function textsAt(body: JsonObject, field: string): void {
  const value = body[field];
  if (value === undefined) return;
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string')) {
    throw invalid(`${field} must be a list of texts`, field);
  }
}

/** A list of objects that has to be there. @throws ApiError 400 */
export function objectsAt(body: JsonObject, field: string, path = field): JsonObject[] {
  const value = body[field];
  if (!Array.isArray(value) || !value.every(isObject)) throw invalid(`${path} must be a list of objects`, path);
  return value;
}
