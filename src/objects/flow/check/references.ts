import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer, type Pointer } from '../../../model/pointer.ts';
import { eachMap, isPart, type Path } from '../compare/parts.ts';
import type { FlowFile } from '../model.ts';
import { flowTypes } from '../types.ts';
import { type ScheduleUse, schedulesIn } from './schedules.ts';

/** Another flow that a flow names. */
export interface FlowUse {
  /** The type as the other flow's own YAML says it. */
  type: string;
  name: string;
  /** Of the property that names it. */
  pointer: Pointer;
}

const inQueue = ['inqueueCall', 'inqueueEmail', 'inqueueShortMessage'];
const inbound = ['inboundCall', 'inboundEmail', 'inboundShortMessage', 'inboundChat'];

/** Which types of flow a property may name. */
const properties: Readonly<Record<string, readonly string[]>> = {
  botFlow: ['botFlow', 'digitalBot'],
  digitalBot: ['digitalBot'],
  digitalBotFlow: ['digitalBot'],
  commonModule: ['commonModule'],
  emailSendFlow: ['emailSend'],
  inQueueFlow: inQueue,
  overrideInQueueFlow: inQueue,
  secureFlow: ['secureCall'],
  surveyFlow: ['surveyInvite', 'voiceSurvey'],
  surveyInviteFlow: ['surveyInvite'],
  targetFlow: inbound,
  targetSecureFlow: ['secureCall'],
  voicemailFlow: ['voicemail'],
  voiceSurveyFlow: ['voiceSurvey'],
  workflow: ['workflow'],
  workitemFlow: ['workitem'],
};

/** Keys of a value that is no map of names. */
const forms = new Set(['exp', 'var', 'lit', 'noValue', 'none', 'name', 'id']);

/** What else of Genesys a flow names. */
interface Used {
  flows: FlowUse[];
  schedules: ScheduleUse[];
}

/**
 * The flows that this flow calls or hands over to, by name, and the schedules that it evaluates. Where a property may name flows of several types, each is
 * there: one of them exists. Names that an expression makes up at run time are not known.
 */
export function usedBy(flow: FlowFile): Used {
  const uses: FlowUse[] = [];
  const schedules: ScheduleUse[] = [];
  eachMap(flow.tree, (map, path) => {
    schedules.push(...schedulesIn(map, path.at(-1)));
    // Steps, choices and settings; a data action's input of that name is none of ours.
    if (!isPart(path) && !path.some(isSettings)) return;
    for (const [property, value] of Object.entries(map)) {
      if (!Object.hasOwn(properties, property)) continue;
      const pointer = formatPointer([...path, property]);
      for (const name of namesIn(value)) {
        for (const type of candidates(property, path, flow.type)) uses.push({ type, name, pointer });
      }
    }
  });
  return { flows: uses, schedules };
}

function isSettings(key: string | number): boolean {
  return typeof key === 'string' && key.startsWith('settings');
}

/** A transfer stays in its medium, and which it is the flow's own type shows; common modules are for any. */
function candidates(property: string, path: Path, own: string): readonly string[] {
  const types = properties[property]!;
  if (property === 'targetFlow' && /secure/i.test(String(path.at(-1)))) return ['secureCall'];
  if (types.length === 1 || !flowTypes.includes(own)) return types;
  const medium = /(?:Call|Email|ShortMessage|Chat)$/.exec(own)?.[0];
  const fitting = medium === undefined ? [] : types.filter((type) => type.endsWith(medium));
  return fitting.length === 0 ? types : fitting;
}

/** `Name`, `{ name: Name }`, `{ lit: { name: Name } }` or `{ Name: { ver_latestPublished: ... } }`. */
function namesIn(value: Json): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!isObject(value)) return [];
  if (typeof value['name'] === 'string') return namesIn(value['name']);
  if (value['lit'] !== undefined && !isVersioned(value['lit'])) return namesIn(value['lit']);
  return Object.entries(value).flatMap(([key, child]) => (forms.has(key) && !isVersioned(child) ? [] : [key]));
}

function isVersioned(value: Json): value is JsonObject {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith('ver_'));
}
