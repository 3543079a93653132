import type { FastifyInstance } from 'fastify';
import type { Endpoint } from './endpoint.ts';
import { endpoints as platform } from './routes/index.ts';
import type { Seed } from './seed.ts';
import { baseSeed } from './tutorial/base-seed.ts';
import { endpoints as tutorial } from './tutorial/index.ts';
import { tutorialControlRoutes } from './tutorial/tutorial-control.ts';
import { seedTutorial } from './tutorial/tutorial-seed.ts';
import type { SurfaceName, World } from './world.ts';

/** A family of endpoints: it is served by the worlds that name it, and knows of no other. */
interface Surface {
  endpoints: readonly Endpoint[];
  control?(app: FastifyInstance, world: World): void;
  seed?(world: World): void;
}

/** In the order in which they are asked where they serve the same path: what knows its own goes first. */
const surfaces: Record<SurfaceName, Surface> = {
  tutorial: {
    endpoints: tutorial,
    control: tutorialControlRoutes,
    seed: (world) => seedTutorial(world, baseSeed, 0),
  },
  platform: { endpoints: platform },
};

const surfacesOf = (world: World): Surface[] =>
  (Object.keys(surfaces) as SurfaceName[])
    .filter((name) => world.surfaces.includes(name))
    .map((name) => surfaces[name]);

/** What a world serves. */
export const endpointsOf = (world: World): Endpoint[] => surfacesOf(world).flatMap(({ endpoints }) => endpoints);

/** `/__sandbox/*` of what only some surfaces have. */
export function surfaceControlRoutes(app: FastifyInstance, world: World): void {
  for (const { control } of surfacesOf(world)) control?.(app, world);
}

/** What every world of a surface begins with, then what the seed adds to it. */
export function seedSurfaces(world: World, seed: Seed): void {
  for (const surface of surfacesOf(world)) surface.seed?.(world);
  seedTutorial(world, seed, 0);
}
