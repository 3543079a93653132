import { ApiError } from '../errors.ts';

/** @throws ApiError 400 on a name that no flow may have */
export function checkedName(name: unknown): string {
  if (typeof name !== 'string' || name === '') throw new ApiError('architect.flow.validate.failed.missing.name');
  if (name.includes('/')) throw new ApiError('architect.flow.validate.failed.invalid.name.contains.slash');
  if (!/[\p{L}\p{N}]/u.test(name)) throw new ApiError('architect.flow.validate.failed.invalid.name.no.alpha');
  if (name.endsWith('-debug')) throw new ApiError('architect.flow.validate.failed.invalid.name.contains.debug');
  return name;
}

/** What is wrong with a name, in the same words. */
export function namingFault(name: string): string | undefined {
  try {
    checkedName(name);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
