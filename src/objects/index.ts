import type { ObjectType } from '../model/contracts.ts';
import { dataAction } from './data-action/object.ts';
import { division } from './division/object.ts';
import { linkedDataAction } from './external-application/linked-data-action.ts';
import { externalApplication } from './external-application/object.ts';
import { flow } from './flow/object.ts';
import { flowDefinition } from './flow-definition/object.ts';
import { integration } from './integration/object.ts';
import { knowledgeBase } from './knowledge-base/object.ts';
import { schedule } from './schedule/object.ts';
import { scheduleGroup } from './schedule-group/object.ts';
import { scriptDataAction } from './script-data-action/object.ts';
import { supportedContent } from './supported-content/object.ts';
import { webChatConfiguration } from './web-chat-configuration/object.ts';
import { webMessagingConfiguration } from './web-messaging-configuration/object.ts';
import { webMessagingDeployment } from './web-messaging-deployment/object.ts';

export { kinds } from './kinds.ts';
export { surfaces } from './surfaces/index.ts';

/** Every object that this program knows, referenced ones first. A new object is one folder and one line here. */
export const objectTypes: readonly ObjectType[] = [
  integration,
  knowledgeBase,
  supportedContent,
  division,
  schedule,
  scheduleGroup,
  dataAction,
  flow,
  webMessagingConfiguration,
  webMessagingDeployment,
  linkedDataAction,
  externalApplication,
  scriptDataAction,
  flowDefinition,
  webChatConfiguration,
];
