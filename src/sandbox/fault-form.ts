import { arrivalShape, queryFateShape } from './audit-shapes.ts';
import { invalid } from './errors.ts';
import type { Fault, FaultCondition, FaultEffect } from './faults.ts';
import type { JsonObject } from './json.ts';
import { boolean, integer, json, list, oneOf, readBody, type Shape } from './shapes.ts';
import { activationFates } from './web/web-records.ts';

const milliseconds: Shape = { type: 'integer', min: 0 };

const jobFateShape: Shape = {
  type: 'object',
  name: 'JobFate',
  fields: {
    status: oneOf('Success', 'Failure'),
    messages: list(json),
    done: boolean,
    never: boolean,
    ms: milliseconds,
  },
};

const shape: Shape = {
  type: 'object',
  name: 'Fault',
  required: ['then'],
  fields: {
    when: {
      type: 'object',
      name: 'FaultCondition',
      fields: {
        method: oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
        path: { type: 'string' },
        nth: { type: 'integer', min: 1 },
        times: { type: 'integer', min: 1 },
      },
    },
    then: {
      type: 'object',
      name: 'FaultEffect',
      fields: {
        status: { type: 'integer', min: 100, max: 599 },
        body: json,
        retryAfter: integer,
        delayMs: { type: 'integer', min: 0 },
        drop: boolean,
        lostResponse: boolean,
        stale: { type: 'integer', min: 0 },
        lag: {
          type: 'object',
          name: 'Lag',
          fields: { created: milliseconds, deleted: milliseconds, updated: milliseconds },
        },
        instead: {
          type: 'object',
          name: 'Answer',
          required: ['status', 'body'],
          fields: { status: { type: 'integer', min: 200, max: 599 }, body: { type: 'string' } },
        },
        truncate: boolean,
        contentType: { type: 'string' },
        emptyBody: boolean,
        job: jobFateShape,
        activation: oneOf(...activationFates),
        audit: arrivalShape,
        auditQuery: queryFateShape,
      },
    },
  },
};

/** @throws ApiError 400 on a fault of another form */
export function readFault(body: unknown): Fault {
  const fault = readBody(shape, body) as { when?: FaultCondition; then: FaultEffect & JsonObject };
  if (Object.keys(fault.then).length === 0) throw invalid('then must name an effect', 'then');
  return { when: fault.when ?? {}, then: fault.then };
}
