import type { Lag } from '../collection.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { ApiError, notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { document } from '../shapes.ts';
import { refuseOtherId } from './body.ts';
import { stale } from './refusals.ts';
import type { WebChatConfigurationRecord, WebChatOrganizationRecord } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';
import { webChatEntity } from './web-chat-audits.ts';
import { checkConfiguration, findOrganization, putConfiguration } from './web-chat-organizations.ts';

const path = '/api/v2/webchat/organizations/{organizationId}/configurations';

/** The web chat of one organisation (tutorial 4); that it can be read is ASSUMED. */
export const webChats: Endpoint[] = [
  {
    ...{ method: 'GET', path, scopes: [], needs: scopes.readWebChat },
    serve: (call) => {
      const { quirks } = call.world;
      if (quirks.has('webchat-get-405')) throw new ApiError('method not allowed');
      if (quirks.has('webchat-get-404')) throw notFound();
      return view(find(call, call.lag));
    },
  },
  {
    ...{ method: 'PUT', path, scopes: [], needs: scopes.writeWebChat, body: document, audits: webChatEntity },
    serve: (call) => {
      const organization = find(call);
      refuseStale(call, organization.configuration);
      refuseOtherId(call.body, organization.id);
      const content = checkConfiguration(call.world, call.body);
      return view(putConfiguration(call.world, organization.id, content, call.actor));
    },
  },
];

const find = (call: Call, lag?: Lag): WebChatOrganizationRecord =>
  findOrganization(call.world, call.params['organizationId']!, call.caller.client.id, lag);

/** Whoever writes over something says what: the version, bare as tutorial 4 sends it, or in quotes. The first write need not. */
function refuseStale({ ifMatch }: Call, before: WebChatConfigurationRecord | undefined): void {
  if (before === undefined) return;
  if (ifMatch?.replace(/^"(.*)"$/, '$1') !== String(before.version)) throw stale(before.version);
}

function view({ id, configuration }: WebChatOrganizationRecord): Answer {
  if (!configuration) throw notFound();
  const { content, version, modifiedAt } = configuration;
  const body: JsonObject = { ...content, id, version, dateModified: new Date(modifiedAt).toISOString() };
  return new Answer(200, JSON.stringify(body), 'application/json');
}
