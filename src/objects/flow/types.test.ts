import { expect, test } from 'vitest';
import { apiTypeOf, dependencyTypeOf, flowTypes, yamlTypeOf } from './types.ts';

test('each type of flow has its three names', () => {
  expect(flowTypes).toHaveLength(20);
  for (const type of flowTypes) expect(yamlTypeOf(apiTypeOf(type)!)).toBe(type);
  expect(apiTypeOf('botFlow')).toBe('BOT');
  expect(yamlTypeOf('inboundshortmessage')).toBe('inboundShortMessage');
  expect(dependencyTypeOf('workitem')).toBe('WORKITEMFLOW');
  expect(dependencyTypeOf('workflow')).toBe('WORKFLOW');
  expect(dependencyTypeOf('speech')).toBeUndefined();
  expect(apiTypeOf('inboundcall')).toBeUndefined();
  expect(yamlTypeOf('toString')).toBeUndefined();
});
