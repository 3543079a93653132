import type { Endpoint } from '../endpoint.ts';
import { listing } from '../paging.ts';
import { supportedContentPath, viewSupportedContent } from '../web/web-view.ts';
import { supportedContentAccess } from './permissions.ts';

/** `conversations/messaging/supportedcontent`: looked up by name. Not in the captured document; the shape is the SDK's. */
export const supportedContent: Endpoint[] = [
  {
    method: 'GET',
    path: supportedContentPath,
    ...supportedContentAccess,
    serve: (call) => listing(call, call.world.supportedContents.list(call.lag), viewSupportedContent),
  },
];
