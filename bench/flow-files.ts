const integration = 'Web Services Data Actions';

/** The handle and name of the nth data action of `documents.ts`. */
export function actionName(n: number): string {
  return `action-${String(n).padStart(5, '0')}`;
}

/** The handle and name of the nth flow. */
export function flowName(n: number): string {
  return `flow-${String(n).padStart(5, '0')}`;
}

/** So many documents of kind `Flow` and their Architect files of 20 KB, by path; each flow calls four of the first `actions`. */
export function flowFiles(count: number, actions: number): Map<string, string> {
  return new Map(
    Array.from({ length: count }, (_, n): [string, string][] => [
      [`flows/${n}.yaml`, flowDocument(n)],
      [`flows/architect/${n}.yaml`, flowOfOrganisation(n, actions)],
    ]).flat(),
  );
}

function flowDocument(n: number): string {
  return `apiVersion: genesys-gitops/v1
kind: Flow
metadata: { name: ${flowName(n)} }
spec: { type: inboundCall, file: architect/${n}.yaml }
`;
}

/** Architect YAML of 20 KB. No two are the same. */
export function flowOfOrganisation(n: number, actions: number): string {
  return flowText(flowName(n), 4, (i) => actionName((n + i) % actions));
}

/** One task of so many parts, each of which calls a data action, 120 lines and 4 KB a part. */
export function flowText(name: string, parts: number, action: (part: number) => string, greeting = 'Welcome'): string {
  const steps = Array.from({ length: parts }, (_, i) => part(i, action(i)));
  return `inboundCall:
  name: ${name}
  defaultLanguage: en-us
  startUpRef: ./tasks/task[main]
  initialGreeting:
    tts: ${greeting} to ${name}
  tasks:
    - task:
        name: Main
        refId: main
        variables:
          - stringVariable:
              name: Task.Tier
          - stringVariable:
              name: Task.FirstName
        actions:
${steps.join('')}          - disconnect:
              none: true
`;
}

/** The name of the call in the nth part. */
export function callName(n: number): string {
  return `Look up ${n}`;
}

function part(n: number, action: string): string {
  return `          - callData:
              name: ${callName(n)}
              timeout:
                lit:
                  seconds: 30
              category:
                ${integration}:
                  dataAction:
                    ${action}:
                      inputs:
                        customerId:
                          exp: Call.Ani
                      successOutputs:
                        firstName:
                          var: Task.FirstName
                        loyaltyTier:
                          var: Task.Tier
              outputs:
                success:
                  actions:
${indented(decision(n, 'known'), 20)}                failure:
                  actions:
${indented(said(`Sorry ${n}`, 'We could not look you up'), 20)}${indented(kept(`Failure ${n}`), 20)}                timeout:
                  actions:
${indented(said(`Late ${n}`, 'That took too long'), 20)}${decision(n, 'again')
  .split('\n')
  .map((line) => (line === '' ? '' : `          ${line}`))
  .join('\n')}`;
}

function decision(n: number, what: string): string {
  return `- decision:
    name: Is ${what} ${n}
    condition:
      exp: Task.Tier == "gold" and ${n} > 0
    outputs:
      yes:
        actions:
${indented(said(`Gold ${what} ${n}`, 'Welcome back, our best customer'), 10)}${indented(kept(`Gold ${what} ${n}`), 10)}      no:
        actions:
${indented(said(`Other ${what} ${n}`, 'Welcome to the line'), 10)}${indented(kept(`Other ${what} ${n}`), 10)}`;
}

function said(name: string, text: string): string {
  return `- playAudio:
    name: ${name}
    audio:
      tts: ${text}
`;
}

function kept(name: string): string {
  return `- updateData:
    name: Keep ${name}
    statements:
      - string:
          variable: Task.Tier
          value:
            exp: Upper(Task.Tier)
      - string:
          variable: Task.FirstName
          value:
            lit: ${name}
`;
}

function indented(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
