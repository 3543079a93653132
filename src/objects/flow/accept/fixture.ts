import { stringify } from 'yaml';
import type { Acceptance, Drifted } from '../../../model/contracts.ts';
import type { AppliedField } from '../../../model/journal.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { FieldChange } from '../../../model/plan.ts';
import type { Resource } from '../../../model/resource.ts';
import { timeoutsOf } from '../api/live.ts';
import { eachMap, isPart, mayRefer, partsOf, referenceOf } from '../compare/parts.ts';
import { differences } from '../compare.ts';
import { stepOf, timeoutPath } from '../compose.ts';
import { prepared } from '../prepare.ts';
import { sourceText } from '../source-text.ts';
import { accept } from './accept.ts';

/** A Flow with this file. */
export function flowResource(text: string, spec: JsonObject = {}): Resource {
  return {
    kind: 'Flow',
    name: 'handle',
    surface: 'platform',
    annotations: {},
    spec: { type: 'inboundCall', name: 'Line', file: 'line.yaml', ...spec },
    files: { '/spec/file': { path: 'line.yaml', text } },
    document: { path: 'line.doc.yaml', index: 0 },
    from: [],
  };
}

/** What a server might make of a flow: keys in order, its own refIds, defaults. */
export function rendition(text: string): JsonObject {
  const { flow } = prepared(text, 'a file');
  const tree = structuredClone(flow.tree);
  const parts = partsOf(flow.tree, true);
  const ids = new Map(parts.all.map((part, i) => [part, `${part.name || part.kind}_${i + 10}`]));
  eachMap(tree, (body, path) => {
    for (const [key, value] of Object.entries(body)) {
      if (typeof value !== 'string' || !mayRefer(key)) continue;
      const found = referenceOf(value, flow.type, parts);
      if (found?.part === undefined) continue;
      body[key] =
        `/${flow.type}/${found.path.slice(0, found.path.lastIndexOf('[', found.path.length - found.refId.length - 1))}[${ids.get(found.part)}]`;
    }
    const part = isPart(path) ? parts.all.find((one) => one.path.join('\n') === path.join('\n')) : undefined;
    if (part === undefined) return;
    body['refId'] = ids.get(part)!;
    body['trackingId'] = 7;
    body['madeUp'] = { lit: true };
    body['unset'] = { noValue: true };
  });
  return tree;
}

export function liveOf(tree: JsonObject, { name = 'Line', division = 'Home' } = {}): JsonObject {
  const text = stringify(tree, { sortMapEntries: true, lineWidth: 0 });
  const { calls, digest } = prepared(text, 'live');
  const type = Object.keys(tree)[0]!;
  return { name, type, division, published: '2', content: { digest, text }, timeouts: timeoutsOf(calls) };
}

/** The drift from what was left of the resource to what is live now. */
export function driftOf(resource: Resource, live: JsonObject, left: JsonObject | undefined): Drifted {
  const { flow } = sourceText(resource);
  if (flow === undefined)
    throw new Error(
      sourceText(resource)
        .problems.map(({ message }) => message)
        .join('; '),
    );
  const before = left === undefined ? undefined : liveOf(left);
  const wishes: [string, Json][] = [
    ['/content', flow.content],
    ['/name', flow.name],
    ...(flow.division === undefined ? [] : [['/division', flow.division] as [string, Json]]),
    ...flow.calls.map(({ key, timeout }): [string, Json] => [timeoutPath(key), timeout ?? null]),
  ];
  const at = (of: JsonObject | undefined, path: string): Json | undefined => {
    const step = stepOf(path);
    if (step === undefined) return of?.[path.slice(1)];
    return isObject(of?.['timeouts']) ? of['timeouts'][step] : undefined;
  };
  const fields: Record<string, AppliedField> = {};
  const changes: FieldChange[] = [];
  for (const [path, wanted] of wishes) {
    if (before !== undefined) {
      fields[path] = { wanted, written: true };
      const rendered = at(before, path);
      if (rendered !== undefined) fields[path].rendered = rendered;
    }
    const now = at(live, path);
    const applied = fields[path];
    const field = { wanted, ...(now === undefined ? {} : { live: now }), ...(applied && { applied }) };
    const found = differences(path, field);
    const isMoved = found === undefined ? now !== wanted : found.length > 0;
    if (isMoved) changes.push({ path, ...(now === undefined ? {} : { from: now }), to: wanted, by: 'Flow/handle' });
  }
  const applied = { type: 'flow', id: 'f', revision: 'r', fields };
  return {
    live,
    fields: changes,
    index: { all: () => [], find: () => [] },
    ...(before === undefined ? {} : { applied }),
  };
}

/** The new text of the file, and why not where something cannot be written. */
export function accepted(resource: Resource, drift: Drifted): { text: string; rest: Acceptance[] } {
  const all = accept(resource, drift);
  const text = all.find((one) => 'text' in one);
  return {
    text: text === undefined ? resource.files['/spec/file']!.text : text.text,
    rest: all.filter((one) => one !== text),
  };
}

/** What remains to be changed once the file has this text, as a plan compares it: places, in words. */
export function remaining(resource: Resource, drift: Drifted, text: string): string[] {
  const files = { '/spec/file': { path: 'line.yaml', text } };
  const { problems, flow } = sourceText({ ...resource, files });
  if (flow === undefined || problems.length > 0) return problems.map(({ message }) => message);
  const { timeouts = {}, content } = drift.live;
  const wishes: [string, Json, Json | undefined][] = [
    ['/content', flow.content, content],
    ...flow.calls.map(({ key, timeout }): [string, Json, Json | undefined] => [
      timeoutPath(key),
      timeout ?? null,
      (timeouts as JsonObject)[key],
    ]),
  ];
  return wishes.flatMap(([path, wanted, live]) => {
    const applied = drift.applied?.fields[path];
    const field = { wanted, ...(live === undefined ? {} : { live }), ...(applied && { applied }) };
    return (differences(path, field) ?? []).map(({ at }) => at);
  });
}

/** A flow as people write them, with a comment wherever one may stand; each has its number. */
export const commented = `# c1 head of the file

# c2 about the flow
inboundCall: # c3
  # c4 name
  name: Line # c5
  startUpRef: "/inboundCall/menus/menu[Main Menu_10]" # c6
  defaultLanguage: en-us
  supportedLanguages: { en-us: { defaultLanguageSkill: { noValue: true } } } # c7

  # c8 greeting
  initialGreeting:
    # c9 above tts
    tts: 'Hello, it''s us' # c10
  variables:
  # c11 compact list
  - stringVariable: # c12
      name: Flow.Tier
      description: >- # c13
        a folded
        text
      initialValue:
        lit: "x # no comment" # c14
  # c15
  - integerVariable: { name: Flow.Count, initialValue: { lit: 3 } } # c16

  - stringVariable:
      # c17 before name
      name: Flow.Note
      initialValue:
        noValue: true # c18
  # c19 end of variables

  tasks:
    # c20 first task
    - task:
        name: Main # c21
        refId: Main_1
        actions:
          # c22 one
          # c23 two
          - callData: # c24
              name: First
              timeout: # c25
                lit:
                  minutes: 1 # c26
              category:
                Cat:
                  dataAction:
                    Act:
                      inputs:
                        # c27
                        id: { lit: a } # c28
                        text:
                          exp: |- # c29
                            Append("a", # no comment
                              "b")
              outputs:
                success:
                  actions:
                    - playAudio: # c30
                        name: Found
                        audio:
                          exp: AudioPlaybackOptions(ToAudioTTS("x"), true) # c31

                    # c32 between

                    - disconnect: # c33

          - playAudio:
              name: Say # c34
              audio:
                tts: "Good {{daytime}}" # c35
          - decision: { name: Is It, expression: { exp: 1 == 1 }, outputs: { yes: { enabled: true } } } # c36
          # c37 last
          - disconnect: # c38
              none: true
          # c39 trailing
    - task: # c40
        name: Second
        actions: # c41
          -
            # c42 odd
            playAudio:
              name: Odd
              audio:
                tts:
                  # c43
                  on its own line
          - transferToAcd:
              name: To Queue
              targetQueue:
                lit:
                  name: {{queue}} # c44
              preTransferAudio: { tts: Please hold }
          - jumpToTask:
              name: Back
              targetTaskRef: ./tasks/task[Main_1] # c45
  menus:
    - menu:
        name: Main Menu
        refId: Main Menu_10
        audio:
          tts: You are at the Main Menu # c46
        choices:
          - menuTask: # c47
              name: To Main
              dtmf: digit_1
              task:
                name: Inner # c48
                actions:
                  - disconnect:
          - menuDisconnect: # c49
              name: Bye
              dtmf: digit_9
# c50 end
`;
