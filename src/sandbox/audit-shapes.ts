import { boolean, integer, list, oneOf, type Shape, string } from './shapes.ts';

/** What tests say of audit records over HTTP. */

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name, required, fields },
});
const text = string();
const milliseconds: Shape = { type: 'integer', min: 0 };
const share: Shape = { type: 'number', min: 0, max: 1 };

export const arrivalShape = object('Arrival', [], { delayMs: milliseconds, never: boolean, twice: boolean });

export const queryFateShape = object('QueryFate', [], {
  state: oneOf('Succeeded', 'Failed', 'Cancelled'),
  never: boolean,
  polls: { type: 'integer', min: 1 },
  ms: milliseconds,
});

export const auditOptionsShape = object('AuditOptions', [], {
  delayMs: milliseconds,
  jitterMs: milliseconds,
  seed: integer,
  pattern: list({ type: 'json' }),
  ...{ lateShare: share, lateMs: milliseconds, neverShare: share, twiceShare: share },
  queryPolls: { type: 'integer', min: 1 },
  queryMs: milliseconds,
  realtimeServices: list(text),
});

/** An audit record that somebody else made. */
export const auditSeedShape = object('AuditSeed', ['entityType', 'action', 'entity'], {
  id: text,
  at: text,
  serviceName: text,
  entityType: text,
  action: text,
  entity: object('Entity', ['id'], { id: text, name: text, selfUri: text }),
  client: object('Client', ['id'], { id: text }),
  user: object('User', ['id'], { id: text, name: text }),
  remoteIp: text,
  status: oneOf('SUCCESS', 'FAILURE', 'WARNING'),
  level: oneOf('USER', 'SYSTEM', 'GENESYS_INTERNAL'),
  changes: list(
    object('PropertyChange', ['property'], { property: text, oldValues: list(text), newValues: list(text) }),
  ),
  transactionId: text,
  arrival: arrivalShape,
});
