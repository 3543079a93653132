import type { Acceptance, Drifted } from '../../../model/contracts.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import { formatPointer } from '../../../model/pointer.ts';
import type { Resource } from '../../../model/resource.ts';
import { declared } from '../compare/differences.ts';
import { differences } from '../compare.ts';
import { stepOf, timeoutPath } from '../compose.ts';
import type { FlowFile } from '../model.ts';
import { prepare } from '../prepare.ts';
import { sourceText, substitutionsOf } from '../source-text.ts';
import { substitute } from '../yaml/substitutions.ts';
import { type Edited, editFile } from './edit-file.ts';

const file = '/spec/file';

/**
 * What has to be edited in a Flow's file and document so that they say what is live. Only what differs is edited; and the
 * new text is compared with live as a plan does before it is handed out.
 */
export function accept(resource: Resource, drift: Drifted): Acceptance[] {
  const moved = new Set(drift.fields.map(({ path }) => path));
  const content = drift.live['content'];
  const { name, division } = drift.live;
  const source = resource.files[file];
  if (source === undefined || moved.size === 0) return [];
  if (!isObject(content))
    return [{ pointer: file, why: 'the flow is no longer published, so there is nothing to write' }];
  const live = prepare(String(content['text']));
  if ('flaws' in live) {
    return [{ pointer: file, why: `what is live cannot be read: ${live.flaws[0]?.message ?? 'no reason'}` }];
  }
  const left = leftOf(drift);
  const edited = editFile({
    text: source.text,
    path: source.path,
    values: substitutionsOf(resource),
    live: live.flow,
    ...(left === undefined ? {} : { left }),
    content: moved.has('/content'),
    timeouts: new Set([...moved].map(stepOf).filter((step) => step !== undefined)),
    ...(moved.has('/name') && typeof name === 'string' ? { name } : {}),
    ...(moved.has('/division') && typeof division === 'string' ? { division } : {}),
  });
  if ('why' in edited) return [{ pointer: file, why: edited.why }];
  const spec = specOf(resource, drift, moved).filter(({ pointer }) => !edited.kept.has(pointer.slice('/spec/'.length)));
  const text = edited.text === source.text ? [] : [{ pointer: file, text: edited.text }];
  const whys = edited.whys.map(({ token, why }): Acceptance => {
    const pointer = token === undefined ? file : formatPointer(['spec', 'substitutions', token]);
    return { pointer, why };
  });
  const unused = unusedOf(resource, edited.text).map((token): Acceptance => {
    return { pointer: formatPointer(['spec', 'substitutions', token]), remove: true };
  });
  const accepted = [...spec, ...text, ...unused];
  const wrong = flawOf({ resource, drift, accepted, edited, moved, live: live.flow });
  if (wrong !== undefined) return [{ pointer: file, why: wrong }, ...whys];
  return [...accepted, ...whys];
}

/** What Genesys made of the text that was published last; of a flow that was only taken over nobody knows. */
function leftOf({ applied }: Drifted): FlowFile | undefined {
  const field = applied?.fields['/content'];
  const { rendered } = field?.written === true ? field : {};
  const read = isObject(rendered) ? prepare(String(rendered['text'])) : undefined;
  return read === undefined || 'flaws' in read ? undefined : read.flow;
}

/** A name is given by the handle, and a division by the file, where the document is silent. */
function specOf({ spec, name: handle }: Resource, { live }: Drifted, moved: ReadonlySet<string>): Acceptance[] {
  const { name = handle, division } = live as { name?: Json; division?: Json };
  return [
    ...(moved.has('/name') && name !== (spec['name'] ?? handle) ? [{ pointer: '/spec/name', value: name }] : []),
    ...(moved.has('/division') && spec['division'] !== undefined && division !== undefined
      ? [{ pointer: '/spec/division', value: division }]
      : []),
  ];
}

function unusedOf(resource: Resource, text: string): string[] {
  const values = substitutionsOf(resource);
  const before = new Set(substitute(resource.files[file]!.text, values).unused);
  return substitute(text, values).unused.filter((token) => !before.has(token));
}

/** The resource as it will be. */
function after(resource: Resource, accepted: readonly Acceptance[]): Resource {
  const spec: JsonObject = { ...resource.spec };
  const values = { ...(isObject(spec['substitutions']) ? spec['substitutions'] : {}) };
  let { text } = resource.files[file]!;
  for (const one of accepted) {
    if ('text' in one) text = one.text;
    else if ('value' in one) spec[one.pointer.slice('/spec/'.length)] = one.value;
    else if ('remove' in one) delete values[stepIn(one.pointer)];
  }
  if (spec['substitutions'] !== undefined) spec['substitutions'] = values;
  return { ...resource, spec, files: { ...resource.files, [file]: { ...resource.files[file]!, text } } };
}

function stepIn(pointer: string): string {
  return pointer.slice('/spec/substitutions/'.length).replaceAll('~1', '/').replaceAll('~0', '~');
}

interface Result {
  resource: Resource;
  drift: Drifted;
  accepted: readonly Acceptance[];
  edited: Edited;
  moved: ReadonlySet<string>;
  live: FlowFile;
}

/** Why the edits cannot be handed out, found by planning with them: a person shall not merge what does not do it. */
function flawOf({ resource, drift, accepted, edited, moved, live }: Result): string | undefined {
  const changed = after(resource, accepted);
  const { path } = resource.files[file]!;
  const { problems, flow } = sourceText(changed);
  const [problem] = problems;
  if (problem !== undefined || flow === undefined) {
    return `what is live cannot be written into ${path}: ${problem?.message ?? 'the file would be no flow'}`;
  }
  const wrote = `${path} cannot be made to say what is live; it would still differ in`;
  if (moved.has('/content')) {
    const before = sourceText(resource).flow?.content.text;
    const old = before === undefined ? undefined : prepare(before);
    const whole = declared(edited.whole, live, old === undefined || 'flaws' in old ? undefined : old.flow);
    if (whole.length > 0) return `${wrote} ${listed(whole.map(({ at }) => at))}`;
  }
  if (edited.whys.length > 0) return undefined;
  const compare = (path: string, wanted: Json): string[] => {
    const now = path === '/content' ? drift.live['content'] : timeoutOf(drift, stepOf(path)!);
    const applied = drift.applied?.fields[path];
    const field = { wanted, ...(now === undefined ? {} : { live: now }), ...(applied && { applied }) };
    return (differences(path, field) ?? []).map(({ at }) => at);
  };
  const rest = [
    ...(moved.has('/content') ? compare('/content', flow.content) : []),
    ...flow.calls
      .filter(({ key }) => moved.has(timeoutPath(key)))
      .flatMap(({ key, timeout }) => compare(timeoutPath(key), timeout ?? null)),
  ];
  return rest.length === 0 ? undefined : `${wrote} ${listed(rest)}`;
}

function timeoutOf({ live }: Drifted, step: string): Json | undefined {
  const { timeouts } = live;
  return isObject(timeouts) && Object.hasOwn(timeouts, step) ? timeouts[step] : undefined;
}

function listed(places: readonly string[]): string {
  return places.slice(0, 3).join(', ') + (places.length > 3 ? ` and ${places.length - 3} more` : '');
}
