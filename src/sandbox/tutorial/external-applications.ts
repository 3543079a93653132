import type { Lag } from '../collection.ts';
import { Answer, type Call, type Endpoint } from '../endpoint.ts';
import { invalid, notFound } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { document } from '../shapes.ts';
import type { World } from '../world.ts';
import { refuseOtherId, textAt, textsAt } from './body.ts';
import type { ExternalApplicationRecord, LinkedActionRecord } from './tutorial-records.ts';
import { scopes } from './tutorial-scopes.ts';

const path = '/api/v2/integrations/externalapplications/{applicationId}';

/** Milliseconds that an application may wait. */
const timeouts = { from: 1000, to: 30_000 };

/** External applications, and the data actions that inherit their timeout (tutorial 1). */
export const externalApplications: Endpoint[] = [
  {
    ...{ method: 'GET', path, scopes: [], needs: scopes.readApplication },
    serve: ({ world, params, lag }) => findApplication(world, params, lag),
  },
  {
    ...{ method: 'PUT', path, scopes: [], needs: scopes.writeApplication, body: document },
    serve: (call) => {
      const { id } = findApplication(call.world, call.params);
      const saved = putApplication(call.world, id, call.body);
      return call.world.quirks.has('external-application-empty-answer') ? new Answer(200) : saved;
    },
  },
  {
    ...{ method: 'GET', path: '/api/v2/integrations/dataactions/{linkedActionId}', scopes: [] },
    needs: scopes.readLinkedAction,
    serve: ({ world, params, lag }) => {
      const found = world.tutorial.linkedActions.get(params['linkedActionId']!, lag);
      if (!found) throw notFound();
      return viewLinked(world, found);
    },
  },
];

function findApplication(world: World, params: Call['params'], lag?: Lag): ExternalApplicationRecord {
  const found = world.tutorial.externalApplications.get(params['applicationId']!, lag);
  if (!found) throw notFound();
  return found;
}

/** Replaces an application whole: a field that is left out is lost. @throws ApiError 400 */
export function putApplication(world: World, id: string, body: JsonObject, at?: number): ExternalApplicationRecord {
  refuseOtherId(body, id);
  const name = textAt(body, 'name');
  for (const field of ['allowedOrigins', 'allowedHeaders']) textsAt(body, field);
  const { timeout } = body;
  if (timeout !== undefined) checkTimeout(timeout);
  return world.tutorial.externalApplications.put(id, { id, ...body, name } as ExternalApplicationRecord, at);
}

function checkTimeout(value: unknown): void {
  const { from, to } = timeouts;
  if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return;
  throw invalid(`timeout must be an integer between ${from} and ${to}`, 'timeout');
}

/** Which of the two forms names the application is ASSUMED. */
function viewLinked({ quirks }: World, { id, name, externalApplicationId }: LinkedActionRecord): JsonObject {
  if (quirks.has('linked-action-nested')) return { id, name, externalApplication: { id: externalApplicationId } };
  return { id, name, externalApplicationId };
}
