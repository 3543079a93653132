import { expect, test } from 'vitest';
import { classify } from './classify.ts';

function meaning(status: number, code: string, method = 'POST'): { reason: string; message: string } {
  const pathTemplate = '/api/v2/flows/actions/publish';
  const context = { attempt: `${method} ${pathTemplate}`, writes: method !== 'GET' };
  return classify({ status, body: { code, message: 'Genesys has its words.' }, context });
}

test.each([
  [409, 'architect.flow.locked.by.user', 'Locked'],
  [409, 'architect.flow.locked.by.client', 'Locked'],
  [405, 'architect.flow.cannot.delete.user.does.not.have.lock', 'Locked'],
  [409, 'architect.operation.already.in.progress', 'Locked'],
  [409, 'architect.flow.cannot.delete.used.in.ivr.configs', 'InUse'],
  [409, 'architect.flow.cannot.delete.used.by.message.addresses', 'InUse'],
  [409, 'architect.flow.cannot.deactivate.used.in.queues', 'InUse'],
  [409, 'architect.dependency.object.in.use', 'InUse'],
  [409, 'flows.datatables.possibly.in.use', 'InUse'],
  [409, 'in.use', 'InUse'],
  [409, 'architect.flow.cannot.publish.missing.dependencies', 'BadRequest'],
  [409, 'architect.flow.variable.missing', 'BadRequest'],
  [409, 'architect.flow.cannot.checkin.missing.config', 'BadRequest'],
  [409, 'architect.flow.exceeded.max.amount', 'BadRequest'],
  [409, 'architect.flow.cannot.create.type.max.exceeded', 'BadRequest'],
  [409, 'architect.flow.cannot.create.worktype.used.in.existing.flow', 'BadRequest'],
  [409, 'architect.flow.not.locked.by.user', 'Conflict'],
  [409, 'architect.flow.already.exists', 'Conflict'],
  [409, 'request.conflict', 'Conflict'],
  [405, 'architect.secure.call.flow.invalid.operation', 'BadRequest'],
  [410, 'architect.flow.deleted', 'Gone'],
  [500, 'architect.database.throughput.exceeded', 'Unsettled'],
])('%d %s is %s', (status, code, reason) => {
  expect(meaning(status, code).reason).toBe(reason);
});

test('a database that is too busy is tried again where nothing is written', () => {
  expect(meaning(500, 'architect.database.throughput.exceeded', 'GET').reason).toBe('ServerError');
});

test('a code means nothing with another status', () => {
  expect(meaning(500, 'architect.flow.locked.by.user').reason).toBe('Unsettled');
  expect(meaning(403, 'architect.operation.already.in.progress').reason).toBe('PermissionMissing');
});

test('who has to wait reads for what', () => {
  expect(meaning(409, 'architect.flow.locked.by.user').message).toBe(
    'POST /api/v2/flows/actions/publish: Genesys answered 409: Genesys has its words (code architect.flow.locked.by.user). Somebody has it open for editing; tried again when it is free.',
  );
  expect(meaning(409, 'architect.operation.already.in.progress').message).toContain(
    'has not finished another operation',
  );
});
