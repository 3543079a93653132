import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { resource, webServices } from './world.ts';

/** A `Flow` of a YAML text, as if it stood in `<handle>.yaml` beside its document. */
export function flowOf(
  handle: string,
  text: string,
  spec: JsonObject = {},
  annotations: Record<string, string> = {},
): Resource {
  const type = /^(\w+):/m.exec(text)![1]!;
  const name = /^ {2}name: (.*)$/m.exec(text)?.[1] ?? handle;
  const path = `${handle}.flow.yaml`;
  return resource(
    'Flow',
    handle,
    { type, name, file: path, ...spec },
    { files: { '/spec/file': { path, text } }, annotations, from: [`${handle}.yaml`, path] },
  );
}

/** One call of a data action as a step, indented by `indent` spaces. */
export function callStep(
  action: string,
  {
    name = action,
    timeout,
    category = webServices,
    indent = 10,
  }: { name?: string; timeout?: string; category?: string; indent?: number } = {},
): string {
  const lines = [
    '- callData:',
    `    name: ${name}`,
    ...(timeout === undefined ? [] : ['    timeout:', `      lit: ${timeout}`]),
    '    category:',
    `      ${category}:`,
    '        dataAction:',
    `          ${action}:`,
    '            inputs:',
    '              id:',
    '                lit: "1"',
  ];
  return lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n');
}

/** A call flow with one task that does these steps and hangs up. */
export function callFlow(name: string, ...steps: string[]): string {
  return `inboundCall:
  name: ${name}
  defaultLanguage: en-us
  startUpRef: ./tasks/task[main]
  initialGreeting:
    tts: Welcome
  tasks:
    - task:
        name: Main
        refId: main
        actions:
${[...steps, '          - disconnect:\n              none: true'].join('\n')}
`;
}
