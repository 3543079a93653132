/** How many documents of each kind a bench's repository has. */
export interface WebCounts {
  /** Configurations, and as many deployments of them. */
  deployments: number;
  schedules: number;
  flows: number;
}

/** Documents of a web messaging estate, by path: nothing in it needs a data action. */
export function webFiles({ deployments, schedules, flows }: WebCounts): Map<string, string> {
  const each = (count: number, make: (n: number) => [string, string][]): [string, string][] =>
    Array.from({ length: count }, (_, n) => make(n)).flat();
  return new Map([
    ...each(deployments, (n) => [
      [`web/configuration-${n}.yaml`, configuration(n)],
      [`web/deployment-${n}.yaml`, deployment(n, flows)],
    ]),
    ...each(schedules, (n) => [[`hours/${n}.yaml`, schedule(n)]]),
    ...each(flows, (n) => [
      [`flows/${n}.yaml`, document('Flow', flowName(n), `{ type: inboundShortMessage, file: architect/${n}.yaml }`)],
      [`flows/architect/${n}.yaml`, flow(n)],
    ]),
  ]);
}

const flowName = (n: number): string => `chat-${n}`;
export const configurationName = (n: number): string => `messenger-${n}`;
export const deploymentName = (n: number): string => `site-${n}`;

function document(kind: string, name: string, spec: string): string {
  return `apiVersion: genesys-gitops/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

/** A messenger in two languages. */
export function configuration(n: number, color = '#0B5FFF'): string {
  return document(
    'WebMessagingConfiguration',
    configurationName(n),
    `
  languages: [en-us, de-de]
  defaultLanguage: en-us
  customI18nLabels:
    - language: en-us
      localizedLabels:
        - { key: MessengerHomeHeaderTitle, value: Hello number ${n} }
        - { key: MessengerHomeHeaderSubTitle, value: How can we help you? }
    - language: de-de
      localizedLabels:
        - { key: MessengerHomeHeaderTitle, value: Hallo Nummer ${n} }
        - { key: MessengerHomeHeaderSubTitle, value: Wie können wir helfen? }
  messenger:
    enabled: true
    styles: { primaryColor: '${color}' }
    launcherButton: { visibility: 'On' }
    fileUpload: { enableAttachments: true, modes: [{ fileTypes: [image/png], maxFileSizeKB: 1024 }] }
    apps: { conversations: { markdown: { enabled: true } } }
  position: { alignment: Right, sideSpace: 20, bottomSpace: 20 }`,
  );
}

function deployment(n: number, flows: number): string {
  const flow = flows === 0 ? '' : `\n  flow: ${flowName(n % flows)}`;
  const domain = `shop${n}.example.com`;
  return document(
    'WebMessagingDeployment',
    deploymentName(n),
    `\n  configuration: ${configurationName(n)}${flow}\n  allowedDomains: [${domain}]`,
  );
}

function schedule(n: number): string {
  const spec = `{ start: '2026-01-05T08:00:00', end: '2026-01-05T18:00:00', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE' }`;
  return document('Schedule', `hours-${n}`, spec);
}

function flow(n: number): string {
  return `inboundShortMessage:
  name: ${flowName(n)}
  startUpRef: "/inboundShortMessage/states/state[Greet_10]"
  defaultLanguage: en-us
  states:
    - state:
        name: Greet
        refId: Greet_10
        actions:
          - sendResponse: { name: Say Hello, messageBody: { lit: Hello number ${n} } }
          - disconnect: { name: Disconnect }
`;
}
