/** One entry of `ErrorBody.details`: which field is wrong, and why. */
export interface ErrorDetail {
  errorCode: string;
  fieldName?: string;
  entityId?: string;
  entityName?: string;
}

/** The API's `ErrorBody` definition, as far as the sandbox fills it. */
export interface ErrorBody {
  message: string;
  code: string;
  status: number;
  entityId?: string;
  messageWithParams?: string;
  messageParams: Record<string, string>;
  contextId: string;
  details: ErrorDetail[];
  errors: ErrorBody[];
  limit?: { key: string; namespace: string; value: number };
}

/**
 * The published codes (`x-inin-error-codes`) that the sandbox answers with, and their texts; `{x}` are parameters.
 * `method not allowed` is spelt with blanks because the published document spells it so.
 */
const table = {
  'bad.request': [400, 'The request could not be understood by the server due to malformed syntax.'],
  'constraint.validation': [400, '{reason}'],
  'invalid.property': [400, 'Value [{property}] is not a valid property for object [{object}]'],
  'invalid.value': [
    400,
    'Value [{value}] is not valid for field type [{type}]. Allowable values are: {allowed} (field [{field}])',
  ],
  'invalid.query.param.value': [
    400,
    'Value [{value}] is not valid for parameter [{parameter}]. Allowable values are: {allowed}',
  ],
  'architect.query.parameter.missing': [400, 'A required query parameter is missing or empty.'],
  'architect.dependency.object.invalid.type': [400, 'An invalid dependency object type was specified.'],
  'invalid.date': [400, 'Dates must be specified as ISO-8601 strings. For example: yyyy-MM-ddTHH:mm:ss.SSSZ'],
  'illegal.operation': [400, 'Unable to perform the requested operation'],
  'bad.flow.id': [400, 'The flow is not eligible for use here.'],
  'invalid.schema': [400, 'There was an issue validating the schema.'],
  'max.integrations.reached': [
    400,
    'The maximum number of integrations for this type have already been created. One or more integrations must be removed before a new one can be created.',
  ],
  'authentication.required': [401, 'No authentication bearer token specified in authorization header.'],
  'bad.credentials': [401, 'Invalid login credentials.'],
  'missing.permissions': [
    403,
    'Unable to perform the requested action. You are missing the following permission(s): {permissions}',
  ],
  'missing.any.permissions': [
    403,
    'Unable to perform the requested action. You must have at least one of the following permissions assigned: {permissions}',
  ],
  'app.not.authorized.for.scope': [403, 'App not authorized to use scope {scope}'],
  'not.authorized': [403, 'You are not authorized to perform the requested action.'],
  'not.found': [404, 'The requested resource was not found.'],
  'general.resource.not.found': [404, 'The requested resource was not found.'],
  'scp.id.not.found': [404, 'The Supported Content Profile ID is not found'],
  'architect.dependency.object.not.found': [404, 'Could not find the dependency object with specified ID and version.'],
  'method not allowed': [405, 'The request method is not allowed for this resource'],
  'client.timeout': [408, 'The client did not produce a request within the server timeout limit.'],
  'general.conflict': [409, 'It is used, or was changed at the same time.'],
  'request.conflict': [409, 'The request conflicts with the current state of the target resource.'],
  'resource.conflict': [409, 'Resource is used by another'],
  'version.conflict': [409, 'Integration configuration update failed due to version conflict.'],
  'request.entity.too.large': [413, 'The request is over the size limit. Maximum bytes: {bytes}'],
  'unsupported.media.type': [
    415,
    'Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect Content-Type value in the header.',
  ],
  'too.many.requests': [429, 'Rate limit exceeded the maximum [{limit}] requests within [{window}] seconds'],
  'too.many.requests.retry.after': [429, 'Rate limit exceeded the maximum. Retry the request in [{seconds}] seconds'],
  'internal.server.error': [
    500,
    'The server encountered an unexpected condition which prevented it from fulfilling the request.',
  ],
  'not.implemented': [501, 'Not implemented.'],
  'service.unavailable': [
    503,
    'Service Unavailable - The server is currently unavailable (because it is overloaded or down for maintenance).',
  ],
  'request.timeout': [504, 'The request timed out.'],
  'architect.division.invalid': [400, 'One or more of the division IDs are not valid.'],
  'architect.batch.too.large': [400, 'Batch size exceeds the maximum allowable size.'],
  'architect.batch.delete.failed': [400, 'At least one flow could not be deleted as requested.'],
  'architect.flow.validate.failed.invalid.name.contains.debug': [
    400,
    "Failed to validate flow due to invalid name.  Flow names must not end with '-debug'.",
  ],
  'architect.flow.validate.failed.invalid.name.contains.slash': [
    400,
    'Failed to validate flow due to invalid name.  Flow names must not contain forward slashes.',
  ],
  'architect.flow.validate.failed.invalid.name.no.alpha': [
    400,
    'Failed to validate flow due to invalid name.  Names must contain at least one alphanumeric character.',
  ],
  'architect.flow.validate.failed.missing.name': [400, 'Failed to validate flow due to missing name.'],
  'architect.flow.validate.failed.missing.type': [400, 'Failed to validate flow due to missing type.'],
  'architect.invalid.flow.type': [400, 'An invalid flow type was specified.'],
  'architect.flow.data.missing': [404, 'Flow version data content is missing.'],
  'architect.flow.not.found': [404, 'Could not find flow with specified ID.'],
  'architect.flow.version.missing': [404, 'Specified flow version is missing.'],
  'flow.no.config.available': [404, 'Flow has no saved or checked-in configuration.'],
  'architect.flow.cannot.delete.user.does.not.have.lock': [
    405,
    'Flow cannot be deleted because it is locked by another user.',
  ],
  'architect.flow.already.exists': [409, 'A flow of the specified type with the specified name already exists.'],
  'architect.flow.cannot.checkin.missing.config': [
    409,
    'Flow cannot be checked in because there is no saved configuration.',
  ],
  'architect.flow.cannot.delete.used.in.flows': [409, 'Flow cannot be deleted due to being used by one or more flows.'],
  'architect.flow.cannot.publish.missing.dependencies': [
    409,
    'Flow version cannot be published due to having one or more missing dependencies.',
  ],
  'architect.flow.locked.by.user': [409, 'Flow is locked by another user.'],
  'architect.flow.not.locked.by.user': [409, 'Flow is not locked by requesting user.'],
  'architect.operation.already.in.progress': [409, 'An operation is already in progress on the object.'],
  'architect.flow.deleted': [410, 'Flow has been deleted.'],
} satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof table;

/** A refusal that is in no published list: its own code, status and text. */
export interface OwnCode {
  code: string;
  status: number;
  text: string;
}

interface Extra {
  details?: ErrorDetail[];
  errors?: ApiError[];
  headers?: Record<string, string>;
  limit?: NonNullable<ErrorBody['limit']>;
  /** Replaces the text of the table. */
  message?: string;
  /** Further fields of the body, laid over those that every ErrorBody has. */
  body?: Record<string, unknown>;
}

/** An answer of the API that is not a success; thrown by any step of serving a request. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly params: Record<string, string>;
  readonly template: string;
  readonly extra: Extra;

  constructor(of: ErrorCode | OwnCode, params: Record<string, string> = {}, extra: Extra = {}) {
    const known = typeof of === 'string' ? table[of] : undefined;
    const { code, status, text } = known
      ? { code: of as ErrorCode, status: known[0], text: known[1] }
      : (of as OwnCode);
    const template = extra.message ?? text;
    super(template.replace(/\{(\w+)\}/g, (hole, name: string) => params[name] ?? hole));
    this.status = status;
    this.code = code;
    this.params = params;
    this.template = template;
    this.extra = extra;
  }

  /** To refuse in the same words, with more beside them. */
  get kind(): OwnCode {
    return { code: this.code, status: this.status, text: this.template };
  }

  /** @param contextId the answer's correlation id; the API only says "contextId", everybody assumes they are equal. */
  toBody(contextId: string): ErrorBody {
    return {
      message: this.message,
      code: this.code,
      status: this.status,
      ...(Object.keys(this.params).length > 0 && { messageWithParams: this.template }),
      messageParams: this.params,
      contextId,
      details: this.extra.details ?? [],
      errors: (this.extra.errors ?? []).map((error) => error.toBody(contextId)),
      ...(this.extra.limit && { limit: this.extra.limit }),
      ...this.extra.body,
    };
  }
}

/** 400 with one sentence; `fieldName` puts the field into `details`. */
export function invalid(reason: string, fieldName?: string): ApiError {
  const details = fieldName === undefined ? [] : [{ errorCode: 'constraint.validation', fieldName }];
  return new ApiError('constraint.validation', { reason }, { details });
}

export const notFound = (): ApiError => new ApiError('not.found');

/** The generic error for a status, for faults that name only a number. */
export function errorForStatus(status: number): { code: string; message: string } {
  const found = Object.entries(table).find(([, [known]]) => known === status);
  return found ? { code: found[0], message: found[1][1] } : { code: `http.${status}`, message: `HTTP ${status}` };
}
