import { isObject } from '../../model/json.ts';
import type { Place, Problem } from '../../model/problem.ts';
import { type Resource, resourceId } from '../../model/resource.ts';
import { checkFlow } from './check/check.ts';
import { usedBy } from './check/references.ts';
import type { ScheduleUse } from './check/schedules.ts';
import type { Call, Flaw, FlowFile } from './model.ts';
import { type Content, keepOutline, type Prepared, prepare } from './prepare.ts';
import { withDivision } from './yaml/division.ts';
import { moreFlaws, mostFlaws } from './yaml/flaws.ts';
import { LineStarts } from './yaml/line-starts.ts';
import { mostRendered, substitute } from './yaml/substitutions.ts';

/** What is in the file of a Flow, its tokens filled in. Places are in the file as it is written. */
export interface SourceFlow {
  type: string;
  name: string;
  division?: string;
  /** What is published. */
  content: Content;
  calls: readonly Call[];
  /** Where a call names its category. The file is read once more for it: few have anything wrong with them. */
  placeOf(call: Call): Place | undefined;
  flows: readonly { type: string; name: string }[];
  schedules: readonly ScheduleUse[];
}

export interface SourceText {
  problems: Problem[];
  warnings: Problem[];
  /** Absent where the text is no flow, or not the one that its document speaks of. */
  flow?: SourceFlow;
}

/** Checked and contributed in one run: read once a resource. Trees are not kept, there may be a thousand. */
const remembered = new WeakMap<Resource, SourceText>();

export function sourceText(resource: Resource): SourceText {
  const known = remembered.get(resource);
  if (known !== undefined) return known;
  const made = read(resource);
  remembered.set(resource, made);
  return made;
}

function read(resource: Resource): SourceText {
  const by = resourceId(resource);
  const file = resource.files['/spec/file'];
  const text = file?.text ?? '';
  const path = file?.path ?? resource.document.path;
  const { text: filled, missing, unused, tooLarge, sourceOffset } = substitute(text, substitutionsOf(resource));
  const lines = new LineStarts(text);
  const placeOf = (offset: number): Place => ({ path, ...lines.position(offset) });
  const problemOf = ({ code, message, offset }: Flaw): Problem => {
    return { code, message: short(message), resource: by, place: placeOf(sourceOffset(offset)) };
  };
  const tokens = [
    ...bounded(missing, ({ token, offset }) => {
      const message = `{{${token}}} has no value; give it one under spec.substitutions of ${by}`;
      return { code: 'token-without-value', message, resource: by, place: placeOf(offset) };
    }),
    ...bounded(unused, (token) => {
      const pointer = `/spec/substitutions/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return { code: 'value-without-token', message: `${path} holds no {{${token}}}`, resource: by, pointer };
    }),
  ];
  // Without its values the text is not what would be published, and may well be no YAML.
  if (missing.length > 0) return { problems: tokens, warnings: [] };
  if (tooLarge !== undefined) {
    const message = `with its substitutions ${path} has ${tooLarge} characters; at most ${mostRendered} are read`;
    const pointer = '/spec/substitutions';
    return { problems: [...tokens, { code: 'too-large', message, resource: by, pointer }], warnings: [] };
  }
  const result = prepare(filled);
  if ('flaws' in result) return { problems: [...tokens, ...result.flaws.map(problemOf)], warnings: [] };
  const checked = checkFlow(result.flow);
  const { flow, flaws: unplaced } = sourceFlow(resource, result, ({ pointer }) => {
    const again = prepare(filled);
    return 'flaws' in again ? undefined : placeOf(sourceOffset(again.flow.offsetOf(`${pointer}/category`, true)));
  });
  const flaws = [...disagreements(resource, result.flow), ...unplaced, ...checked.problems];
  return {
    problems: [...tokens, ...flaws.map(problemOf)],
    warnings: checked.warnings.map(problemOf),
    flow,
  };
}

function sourceFlow(
  resource: Resource,
  known: Prepared,
  placeOf: SourceFlow['placeOf'],
): { flow: SourceFlow; flaws: Flaw[] } {
  const { flow, calls, digest, text } = known;
  const inFile = flow.body['division'];
  const division = resource.spec['division'] ?? inFile;
  const wished = typeof division === 'string' && inFile === undefined ? division : undefined;
  const placed = wished === undefined ? text : withDivision(text, wished);
  const { flows, schedules } = usedBy(flow);
  const flaws: Flaw[] = [];
  if (placed === undefined) {
    const message = `the division of the document cannot be put into the file as it is written; write "division: ${wished}" into the file`;
    flaws.push({ code: 'schema', message, offset: flow.offsetOf(`/${flow.type}`, true) });
  } else if (placed !== text) keepOutline(placed, known);
  return {
    flaws,
    flow: {
      type: flow.type,
      name: nameOf(resource),
      ...(typeof division === 'string' ? { division } : {}),
      // The digest leaves the division out, so it is the same for both texts.
      content: { digest, text: placed ?? text },
      calls,
      placeOf,
      flows: flows.map(({ type: used, name }) => ({ type: used, name })),
      schedules,
    },
  };
}

/** Which flow a file becomes goes by the type and name in it: they have to be what the document says. */
function disagreements(resource: Resource, flow: FlowFile): Flaw[] {
  const flaws: Flaw[] = [];
  const type = String(resource.spec['type']);
  if (flow.type !== type) {
    const message = `the file holds a flow of type ${flow.type}, and its document says ${type}`;
    flaws.push({ code: 'flow-type-mismatch', message, offset: flow.offsetOf(`/${flow.type}`, true) });
  }
  const wanted = nameOf(resource);
  const { name, division } = flow.body;
  if (name !== wanted) {
    const found = name === undefined ? 'no name' : `the name "${String(name)}"`;
    const how = resource.spec['name'] === undefined ? ', its handle, since spec.name is absent' : '';
    const message = `the file has ${found}, and its document says "${wanted}"${how}`;
    const at = name === undefined ? flow.offsetOf(`/${flow.type}`, true) : flow.offsetOf(`/${flow.type}/name`);
    flaws.push({ code: 'flow-name-mismatch', message, offset: at });
  }
  const wished = resource.spec['division'];
  if (typeof wished === 'string' && typeof division === 'string' && division !== wished) {
    const message = `the file has the division "${division}", and its document says "${wished}"; keep one of them`;
    flaws.push({ code: 'flow-name-mismatch', message, offset: flow.offsetOf(`/${flow.type}/division`) });
  }
  return flaws;
}

function nameOf({ spec, name }: Resource): string {
  return typeof spec['name'] === 'string' ? spec['name'] : name;
}

/** The values of the tokens, by their names, as texts. */
export function substitutionsOf({ spec }: Resource): Record<string, string> {
  const given = spec['substitutions'];
  const entries = Object.entries(isObject(given) ? given : {});
  return Object.fromEntries(entries.map(([token, value]) => [token, String(value)]));
}

/** The first ones, and one that says how many more there are. */
function bounded<T>(found: readonly T[], problemOf: (one: T) => Problem): Problem[] {
  const told = found
    .slice(0, mostFlaws)
    .map(problemOf)
    .map((problem) => ({ ...problem, message: short(problem.message) }));
  const last = told.at(-1);
  if (last === undefined || found.length === told.length) return told;
  return [...told, { ...last, message: moreFlaws(found.length - told.length) }];
}

/** Names of a file are as long as somebody made them, and one may be in many messages. */
function short(message: string): string {
  return message.length > 1000 ? `${message.slice(0, 1000)}...` : message;
}
