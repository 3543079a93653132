import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { flowOf } from './flows.ts';
import { resource } from './world.ts';

/** A configuration in this colour; `change` is laid over its spec, top level only. */
export function messenger(
  colour = '#1d4ed8',
  change: JsonObject = {},
  annotations: Record<string, string> = {},
): Resource {
  const spec = { name: 'Messenger', languages: ['en-us'], defaultLanguage: 'en-us' };
  const look = { messenger: { enabled: true, styles: { primaryColor: colour } } };
  return resource('WebMessagingConfiguration', 'messenger', { ...spec, ...look, ...change }, { annotations });
}

/** A deployment of it. */
export function page(change: JsonObject = {}, handle = 'page'): Resource {
  const spec = { name: handle === 'page' ? 'Page' : handle, configuration: 'Messenger' };
  return resource('WebMessagingDeployment', handle, { ...spec, allowedDomains: ['www.example.com'], ...change });
}

export function hours(change: JsonObject = {}, handle = 'hours'): Resource {
  const spec = { start: '2026-01-05T08:00', end: '2026-01-05T17:00', rrule: 'FREQ=DAILY' };
  return resource('Schedule', handle, { name: handle === 'hours' ? 'Hours' : handle, ...spec, ...change });
}

export function group(change: JsonObject = {}): Resource {
  return resource('ScheduleGroup', 'group', {
    ...{ name: 'Group', timeZone: 'Europe/Dublin', openSchedules: ['Hours'] },
    ...change,
  });
}

/** A flow that answers messages, and asks a schedule group whether somebody is there. */
export function answering(evaluated = 'Group'): Resource {
  return flowOf(
    'answering',
    `inboundShortMessage:
  name: Answering
  startUpRef: ./states/state[Begin_1]
  defaultLanguage: en-us
  states:
    - state:
        name: Begin
        refId: Begin_1
        actions:
          - evaluateScheduleGroup:
              name: Open
              evaluate:
                now: true
              scheduleGroup:
                lit:
                  name: ${evaluated}
          - disconnect:
              none: true
`,
  );
}
