import { lookedUp } from '../looked-up.ts';

export const supportedContent = lookedUp(
  { type: 'supported-content', label: 'supported content profile' },
  { path: '/api/v2/conversations/messaging/supportedcontent' },
);
