import type { Contributed, ExportedDocument, Field, Index, Kind } from '../../model/contracts.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { keyOf } from '../../model/key.ts';
import type { Problem, ProblemCode } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { divisionLookUp, divisionWish } from '../divisions.ts';
import { accept } from './accept.ts';
import { canonicalRule, daysOf, endOf, faultsOf, longest, weekdays } from './recurrence.ts';
import { canonicalTime, instantOf, shortTime } from './times.ts';

/** Hours that a flow or a schedule group evaluates: when they begin and end, and how they come again. */
export const scheduleKind: Kind = {
  name: 'Schedule',
  surface: 'platform',
  apiVersion: 'genesys-gitops/v1',
  schema: 'schedule.schema.json',
  object: 'schedule',
  owns: true,
  check,
  advise,
  checksUnfit: true,
  looksUp: divisionLookUp,
  contribute,
  toDocument,
  accept,
};

const times = ['start', 'end'] as const;

function check(resource: Resource): Problem[] {
  const { rrule } = resource.spec;
  const [start, end] = times.map((name) => timeOf(resource.spec, name));
  const problems = times.flatMap((name): Problem[] => {
    const text = resource.spec[name];
    const isWrong = typeof text === 'string' && timeOf(resource.spec, name) === undefined;
    return isWrong ? [problem(resource, name, 'schedule-times', `"${text}" is no date and time that there is`)] : [];
  });
  if (start !== undefined && end !== undefined && end <= start) {
    const [begins, ends] = times.map((name) => String(resource.spec[name]));
    const when = end === start ? 'at the moment at which it begins' : `before it begins (${begins})`;
    problems.push(problem(resource, 'end', 'schedule-times', `it ends (${ends}) ${when}`));
  }
  // The schema says it of one that is too long.
  if (typeof rrule !== 'string' || rrule.length > longest) return problems;
  const faults = faultsOf(rrule);
  const until = faults.length === 0 ? endOf(rrule) : undefined;
  if (until !== undefined && start !== undefined && until < start) faults.push('UNTIL is before the schedule begins');
  return [...problems, ...faults.map((fault) => problem(resource, 'rrule', 'recurrence-invalid', fault))];
}

/** Live ones may be so all the same, and an export of them is no mistake. */
function advise(resource: Resource): Problem[] {
  const { rrule, start: text } = resource.spec;
  const start = timeOf(resource.spec, 'start');
  if (typeof rrule !== 'string' || start === undefined || faultsOf(rrule).length > 0) return [];
  const days = daysOf(rrule);
  const day = weekdays[(new Date(start).getUTCDay() + 6) % 7]!;
  if (days.length === 0 || days.includes(day)) return [];
  const message = `${String(text)} is a ${day}, and the rule names ${days.join(', ')}; Genesys moves the start to the next such day`;
  return [problem(resource, 'start', 'schedule-times', message)];
}

function timeOf(spec: JsonObject, name: (typeof times)[number]): number | undefined {
  const text = spec[name];
  return typeof text === 'string' ? instantOf(text) : undefined;
}

function problem(resource: Resource, field: string, code: ProblemCode, message: string): Problem {
  return { code, message, resource: resourceId(resource), pointer: `/spec/${field}` };
}

function contribute(resource: Resource, index: Index): Contributed {
  const { spec } = resource;
  const by = resourceId(resource);
  const name = typeof spec['name'] === 'string' ? spec['name'] : resource.name;
  const division = divisionWish(resource, index);
  const declared: [string, Json | undefined][] = [
    ['description', spec['description']],
    ...times.map((field): [string, Json | undefined] => [field, canonical(spec[field], canonicalTime)]),
    ['rrule', canonical(spec['rrule'], canonicalRule)],
  ];
  const fields = declared.flatMap(([field, value]): Field[] =>
    value === undefined ? [] : [{ path: `/${field}`, value }],
  );
  return {
    contributions: [
      {
        by,
        owns: true,
        target: { type: 'schedule', key: keyOf(name), name },
        fields: [{ path: '/name', value: name }, ...division.fields, ...fields],
      },
    ],
    problems: division.problems,
  };
}

function canonical(value: Json | undefined, form: (text: string) => string): Json | undefined {
  return typeof value === 'string' ? form(value) : value;
}

/** As a person would write it: no default, no zero seconds. */
function toDocument({ name = null, description, division, start, end, rrule }: JsonObject): ExportedDocument {
  return {
    apiVersion: 'genesys-gitops/v1',
    kind: 'Schedule',
    spec: {
      name,
      ...(description === undefined || description === '' ? {} : { description }),
      ...(division === undefined || division === 'Home' ? {} : { division }),
      start: typeof start === 'string' ? shortTime(start) : (start ?? null),
      end: typeof end === 'string' ? shortTime(end) : (end ?? null),
      ...(rrule === undefined || rrule === '' ? {} : { rrule }),
    },
  };
}
