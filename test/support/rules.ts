import { expect } from 'vitest';
import type { Kind } from '../../src/model/contracts.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Resource } from '../../src/model/resource.ts';
import { adviseConfiguration, checkConfiguration } from '../../src/objects/web-messaging-configuration/rules/index.ts';
import { checkDeployment } from '../../src/objects/web-messaging-deployment/rules.ts';
import { type Files, fakeKind, lines, resolved } from '../../src/source/fixture.ts';
import type { ResolveOptions } from '../../src/source/resolve.ts';

/** The two kinds with their schemas and rules, and nothing else. */
const kinds: readonly Kind[] = [
  fakeKind('WebMessagingConfiguration', 'web-messaging-configuration.schema.json', {
    check: checkConfiguration,
    advise: adviseConfiguration,
    checksUnfit: true,
  }),
  fakeKind('WebMessagingDeployment', 'web-messaging-deployment.schema.json', {
    check: checkDeployment,
    checksUnfit: true,
  }),
];

/** A document that keeps every rule. */
export const good = `apiVersion: genesys-gitops/v1
kind: WebMessagingConfiguration
metadata: { name: web }
spec:
  languages: [en-us, de-de]
  defaultLanguage: en-us
  customI18nLabels:
    - language: en-us
      localizedLabels:
        - { key: MessengerHomeHeaderTitle, value: Hello }
        - { key: PushNotificationTitle, value: New message }
        - { key: PushNotificationBody, value: We answered }
    - language: de-de
      localizedLabels:
        - { key: MessengerHomeHeaderTitle, value: Hallo }
        - { key: PushNotificationTitle, value: Neue Nachricht }
        - { key: PushNotificationBody, value: Wir haben geantwortet }
  messenger:
    enabled: true
    styles: { primaryColor: '#00205B' }
    launcherButton: { icon: { url: https://cdn.example.com/icon.svg } }
    homeScreen: { logoUrl: https://cdn.example.com/logo.svg }
    fileUpload: { modes: [{ fileTypes: [image/jpeg, image/png], maxFileSizeKB: 10240 }] }
    apps:
      conversations:
        humanize: { bot: { avatarUrl: https://cdn.example.com/bot.png } }
        notifications: { enabled: true }
  supportCenter:
    enabledCategories:
      - { id: 0f7d1c1e-6f0c-4a8e-9a53-2d1f5c3b7a10, image: { source: { defaultUrl: https://cdn.example.com/a.png } } }
    styleSetting:
      heroStyle: { backgroundColor: '#00205B', textColor: '#FFF' }
      globalStyle: { backgroundColor: '#FFF', textColor: '#333333' }
`;

/** The good document with some texts in the place of others. */
export function bad(...changes: [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, good);
}

/** A repository's rules.yaml. */
export const rules = (spec: string): Files => ({
  'rules.yaml': `apiVersion: genesys-gitops/v1\nkind: Rules\nspec: ${spec}\n`,
});

/** What is said of a repository with this document and some more files. */
export async function found(
  text: string,
  more: Files = {},
  options: Partial<ResolveOptions> = {},
): Promise<{ problems: string[]; warnings: string[] }> {
  const { problems, warnings } = await resolved({ 'web.yaml': text, ...more }, { kinds, ...options });
  return { problems: lines(problems), warnings: lines(warnings) };
}

/** A resource with this for its `spec`, whatever it is. */
export function resourceOf(kind: string, spec: unknown): Resource {
  const document = { path: 'web.yaml', index: 0 };
  return {
    kind,
    name: 'web',
    surface: 'platform',
    annotations: {},
    spec: spec as JsonObject,
    files: {},
    document,
    from: [],
  };
}
