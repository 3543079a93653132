import type { FastifyInstance } from 'fastify';
import { notFound } from '../errors.ts';
import { boolean, document, oneOf, readBody, type Shape, string } from '../shapes.ts';
import type { World } from '../world.ts';
import { newestOf, shownOf } from './configurations.ts';
import type { WebConfigurationRecord, WebDeploymentRecord } from './web-records.ts';
import {
  type SeedWebConfiguration,
  type SeedWebDeployment,
  seedConfigurationShape,
  seedDeploymentShape,
} from './web-seed.ts';
import { webStateOf } from './web-state.ts';
import { widgetRoutes } from './widget.ts';

interface EditBody {
  name: string;
  /** Fields of the published object; level by level, null takes away. */
  change?: Record<string, unknown>;
  by?: string;
  publish?: boolean;
  status?: 'Pending' | 'Active' | 'Error';
}

const editShape = (more: Record<string, Shape>): Shape => ({
  ...{ type: 'object', name: 'WebEdit', required: ['name'] },
  fields: { name: string(), change: document, by: string(), ...more },
});
const configurationEdit = editShape({ publish: boolean, status: oneOf('Pending', 'Active', 'Error') });
const deploymentEdit = editShape({});

/** `/__sandbox/web*`: what a person does to web messaging by hand, and the page that shows it. */
export function webControlRoutes(app: FastifyInstance, world: World): void {
  const state = webStateOf(world);
  const configurations = '/__sandbox/webconfigurations';
  const deployments = '/__sandbox/webdeployments';
  const briefly = (of: WebConfigurationRecord) => {
    const { name, status } = shownOf(of);
    return { id: of.id, name, draft: of.draft && status, published: newestOf(of)?.version };
  };
  const brief = ({ id, name, status, configuration, served }: WebDeploymentRecord) => {
    return { id, name, status, configuration, served, widget: `/__sandbox/widget/${id}` };
  };

  widgetRoutes(app, world);
  app.get(configurations, async () => state.webConfigurations().map(briefly));
  app.post(configurations, async (request) =>
    briefly(state.seedWebConfiguration(readBody(seedConfigurationShape, request.body) as SeedWebConfiguration)),
  );
  app.post(`${configurations}/edit`, async (request) => {
    const { name, change = {}, by, ...how } = readBody(configurationEdit, request.body) as unknown as EditBody;
    const found = state.webConfigurationNamed(name);
    if (!found) throw notFound();
    return briefly(state.editWebConfiguration(found.id, change, how, by));
  });
  app.get(deployments, async () => state.webDeployments().map(brief));
  app.post(deployments, async (request) =>
    brief(state.seedWebDeployment(readBody(seedDeploymentShape, request.body) as unknown as SeedWebDeployment)),
  );
  app.post(`${deployments}/edit`, async (request) => {
    const { name, change = {}, by } = readBody(deploymentEdit, request.body) as unknown as EditBody;
    const found = state.webDeploymentNamed(name);
    if (!found) throw notFound();
    return brief(state.editWebDeployment(found.id, change, by));
  });
}
