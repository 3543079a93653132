import type { Kind, ObjectType } from '../model/contracts.ts';
import { dataActionKind } from './data-action/data-action.ts';
import { dataAction } from './data-action/object.ts';
import { timeoutKind } from './data-action/timeout.ts';
import { flowKind } from './flow/flow.ts';
import { flowTimeoutKind } from './flow/flow-timeout.ts';
import { flow } from './flow/object.ts';
import { integration } from './integration/object.ts';

/** Every object that this program knows, referenced ones first. A new object is one folder and one line here. */
export const objectTypes: readonly ObjectType[] = [integration, dataAction, flow];

/** Every kind that a document may be. */
export const kinds: readonly Kind[] = [dataActionKind, timeoutKind, flowKind, flowTimeoutKind];
