import type { Kind } from '../model/contracts.ts';
import { dataActionKind } from './data-action/data-action.ts';
import { timeoutKind } from './data-action/timeout.ts';
import { externalApplicationKind } from './external-application/external-application.ts';
import { flowKind } from './flow/flow.ts';
import { flowTimeoutKind } from './flow/flow-timeout.ts';
import { flowStepTimeoutKind } from './flow-definition/flow-step-timeout.ts';
import { scheduleKind } from './schedule/schedule.ts';
import { scheduleGroupKind } from './schedule-group/schedule-group.ts';
import { scriptDataActionKind } from './script-data-action/script-data-action.ts';
import { webChatConfigurationKind } from './web-chat-configuration/web-chat-configuration.ts';
import { webMessagingConfigurationKind } from './web-messaging-configuration/web-messaging-configuration.ts';
import { webMessagingDeploymentKind } from './web-messaging-deployment/web-messaging-deployment.ts';

/** Every kind that a document may be. Apart from the objects, since `validate` needs nothing of how they are written. */
export const kinds: readonly Kind[] = [
  dataActionKind,
  timeoutKind,
  flowKind,
  flowTimeoutKind,
  scheduleKind,
  scheduleGroupKind,
  webMessagingConfigurationKind,
  webMessagingDeploymentKind,
  externalApplicationKind,
  scriptDataActionKind,
  flowStepTimeoutKind,
  webChatConfigurationKind,
];

/** OAuth scopes that all the kinds of a surface need together. */
export function scopesOf(surface: string | undefined): string[] {
  return [...new Set(kinds.flatMap(({ surface: own, scopes = [] }) => (own === surface ? scopes : [])))];
}
