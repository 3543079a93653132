import type { FastifyInstance } from 'fastify';
import { isObject, type JsonObject } from '../json.ts';
import { document, list, readBody, type Shape, string } from '../shapes.ts';
import { laidUnder } from '../web/web-defaults.ts';
import type { World } from '../world.ts';
import { type TutorialSeed, tutorialSeedFields } from './tutorial-seed.ts';
import { tutorialStateOf } from './tutorial-state.ts';

const object = (name: string, required: string[], fields: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name, required, fields },
});
const text = string();
const seedShape = object('TutorialSeed', [], tutorialSeedFields);
const editShape = object('TutorialEdit', ['id', 'change'], { id: text, change: document, by: text });
const assignShape = object('Assignment', [], { clients: list(text) });
const failureShape = object('Failure', [], { message: text });

/** `/__sandbox/externalapplications` and so on: what others do to this surface by hand, for the demo. */
export function tutorialControlRoutes(app: FastifyInstance, world: World): void {
  const state = tutorialStateOf(world);
  const root = '/__sandbox/';
  const idOf = (request: { params: unknown }) => (request.params as { id: string }).id;
  /** What is there, and an edit of one of them. */
  const serve = (name: string, all: () => unknown, edit: (id: string, change: JsonObject, by?: string) => unknown) => {
    app.get(root + name, async () => all());
    app.post(`${root}${name}/edit`, async (request) => {
      const { id, change, by } = readBody(editShape, request.body) as { id: string; change: JsonObject; by?: string };
      return edit(id, change, by);
    });
  };

  app.post(`${root}surface`, async (request, reply) => {
    state.seedTutorial(readBody(seedShape, request.body) as TutorialSeed);
    return reply.status(204).send();
  });
  serve('externalapplications', state.externalApplications, (id, change) => state.editExternalApplication(id, change));
  serve('linkedactions', state.linkedActions, (id, change) =>
    state.linkAction(id, String(change['externalApplicationId'])),
  );
  serve('scriptactions', state.scriptActions, (id, change) => state.editScriptAction(id, change));
  serve('webchats', state.webChats, (id, change, by) => state.editWebChat(id, change, by));
  // Steps are a list, and a list is not laid over another: a change of one of them names it by its id.
  serve('flowdefinitions', state.flowDefinitions, (id, { steps, ...change }) =>
    state.editFlowDefinition(id, (now) => ({ ...withSteps(now, isObject(steps) ? steps : {}), ...change })),
  );
  app.put(`${root}webchats/:id/assignment`, async (request) =>
    state.assignWebChat(idOf(request), readBody(assignShape, request.body)['clients'] as string[] | undefined),
  );
  app.post(`${root}webchats/:id/fail`, async (request, reply) => {
    state.failReplication(idOf(request), readBody(failureShape, request.body ?? {})['message'] as string | undefined);
    return reply.status(204).send();
  });
  app.get(`${root}replications`, async () => state.replications());
}

/** Each step whose id is a key gets the fields laid over its own, wherever it stands. */
function withSteps<T>(value: T, steps: JsonObject): T {
  if (Array.isArray(value)) return value.map((one) => withSteps(one, steps)) as T;
  if (!isObject(value)) return value;
  const whole = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withSteps(one, steps)]));
  const change = typeof whole['id'] === 'string' ? steps[whole['id']] : undefined;
  return (isObject(change) ? laidUnder(whole, change) : whole) as T;
}
