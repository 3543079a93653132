import { expect, test } from 'vitest';
import { complaint, pointsOf, tryPoints } from './support/kill-points.ts';
import { nameOf, type Point, scenarios } from './support/kill-scenarios.ts';

/** The moments that matter most; `npm run test:long` tries every single point of many more scenarios. */
const moments: Record<string, RegExp[]> = {
  'web: change': [
    /^served, GET .*\/draft$/,
    /leaving POST .*\/publish$/,
    /^served, POST .*\/publish$/,
    /leaving PUT .*deployments/,
    /^served, PUT .*deployments/,
    /^served, GET .*deployments\/\{deploymentId\}\/configurations$/,
  ],
  // Its draft is there, and nobody told it so: what it wrote down before has to be enough.
  'web: change, and the next commit wants another': [/^served, PUT .*\/draft$/],
  'web: create, and the next commit wants another colour': [/^served, POST .*\/configurations$/],
  'web: create': [/^served, POST .*\/publish$/],
  'schedule: create, with its group and a flow': [/^served, POST .*\/schedules$/, /^served, POST .*\/schedulegroups$/],
};

test.each(scenarios.filter(({ name }) => moments[name] !== undefined))(
  'a run that is killed: $name',
  { timeout: 120_000 },
  async (scenario) => {
    const points = await pointsOf(scenario);
    const chosen = moments[scenario.name]!.flatMap((moment): Point[] => {
      const found = points.find((point) => moment.test(nameOf(point)));
      expect(found, `${moment}`).toBeDefined();
      return [found!];
    });
    const tried = await tryPoints(scenario, chosen);
    expect(tried.flatMap((one) => complaint(one) ?? [])).toEqual([]);
  },
);
