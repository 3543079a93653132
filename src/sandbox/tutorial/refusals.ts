import { ApiError, type OwnCode } from '../errors.ts';
import type { JsonObject } from '../json.ts';

/** Refusals of this surface; what the tutorials do not show of their words is ASSUMED. */
const codes = {
  stale: { code: 'version.conflict', status: 409, text: 'Version mismatch: {current} is the current version' },
  precondition: { code: 'precondition.failed', status: 412, text: 'Precondition failed' },
  inUse: { code: 'in.use', status: 409, text: 'The data action is used by a published flow' },
  unassigned: { code: 'organization.not.assigned', status: 403, text: 'Forbidden' },
  unprocessable: { code: 'validation.failed', status: 422, text: 'Validation failed' },
} satisfies Record<string, OwnCode>;

/** 409 with the current version in its body. */
export const stale = (current: number): ApiError =>
  new ApiError(codes.stale, { current: String(current) }, { body: { version: current } });

export const preconditionFailed = (): ApiError => new ApiError(codes.precondition);
export const inUse = (): ApiError => new ApiError(codes.inUse);
export const unassigned = (): ApiError => new ApiError(codes.unassigned);

/** One fault of a body: the field by its dotted path. */
export interface FieldFault {
  field: string;
  message: string;
}

/** 422 with every fault in `errors`. */
export const unprocessable = (errors: readonly FieldFault[]): ApiError =>
  new ApiError(codes.unprocessable, {}, { body: { errors: errors.map((one): JsonObject => ({ ...one })) } });
