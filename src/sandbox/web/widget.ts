import type { FastifyInstance, FastifyReply } from 'fastify';
import { isObject, type JsonObject, objectAt } from '../json.ts';
import type { World } from '../world.ts';
import { findConfiguration, versionOf } from './configurations.ts';
import type { WebDeploymentRecord } from './web-records.ts';
import { absentPage, widgetHtml } from './widget-page.ts';

/** What the page shows: the messenger as customers of a deployment see it, in one language. */
export interface Widget {
  deployment: string;
  status: string;
  domains: readonly string[];
  /** Name and version of what is served; undefined where nothing is. */
  served?: { configuration: string; version: string };
  /** Why no messenger is shown, or what else a person should know. */
  notes: string[];
  shown: boolean;
  launcher: { shown: boolean; icon: boolean; text: string };
  /** `#RGB` or `#RRGGBB`. */
  color: string;
  side: 'left' | 'right';
  /** Pixels. */
  space: { side: number; bottom: number };
  homeScreen: boolean;
  title: string;
  subtitle: string;
  logo?: string;
  language: string;
  languages: readonly string[];
}

const defaultColor = '#2A60C8';
const defaultTitle = 'Welcome';

/** `GET /__sandbox/widget/{deployment}`, by id or by name; `?language=` is one that the configuration lists. */
export function widgetRoutes(app: FastifyInstance, world: World): void {
  const find = (wanted: string): WebDeploymentRecord | undefined =>
    world.webDeployments.get(wanted) ?? world.webDeployments.list().find(({ name }) => name === wanted);

  app.get('/__sandbox/widget/:deployment', async (request, reply) => {
    const { deployment: wanted } = request.params as { deployment: string };
    const { language } = request.query as { language?: string | string[] };
    const deployment = find(wanted);
    if (!deployment) {
      const names = world.webDeployments.list().map(({ name }) => name);
      return page(reply.status(404), (nonce) => absentPage(wanted, names, nonce));
    }
    const widget = widgetOf(world, deployment, typeof language === 'string' ? language : undefined);
    return page(reply, (nonce) => widgetHtml(widget, nonce));
  });

  // What the page asks when it follows changes: another answer than before, and it loads itself again.
  app.get('/__sandbox/widget/:deployment/state', async (request, reply) => {
    const deployment = find((request.params as { deployment: string }).deployment);
    const { status, served } = deployment ?? {};
    return reply.header('cache-control', 'no-store').send({ status, served });
  });
}

/** Nothing is loaded from elsewhere, and nothing runs that the page did not bring itself. */
function page(reply: FastifyReply, html: (nonce: string) => string): FastifyReply {
  const nonce = crypto.randomUUID();
  const policy = [
    ...["default-src 'none'", `style-src 'nonce-${nonce}'`, `script-src 'nonce-${nonce}'`, "connect-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'"],
  ];
  return reply
    .header('content-security-policy', policy.join('; '))
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(html(nonce));
}

/** @param asked the language; the configuration's default one where it is not listed */
export function widgetOf(world: World, deployment: WebDeploymentRecord, asked?: string): Widget {
  const { name, status, served, allowAllDomains, allowedDomains } = deployment;
  const configuration = served && world.webConfigurations.get(served.id);
  const version = configuration && versionOf(findConfiguration(world, configuration.id), served.version);
  const content = version?.content ?? {};
  const messenger = objectAt(content, 'messenger');
  const languages = (content['languages'] ?? []) as string[];
  const standard = String(content['defaultLanguage'] ?? languages[0] ?? 'en-us');
  const language = languages.find((one) => one.toLowerCase() === asked?.toLowerCase()) ?? standard;
  const text = (key: string) => label(content, language, key);
  const { visibility = 'On', displayType = 'IconAndText' } = objectAt(messenger, 'launcherButton');
  const position = objectAt(content, 'position');
  const why = absence(deployment, content);
  const launcherText = displayType === 'Icon' ? '' : (text('MessengerLauncherButtonText') ?? '');
  const missing = ['MessengerHomeHeaderTitle', 'MessengerHomeHeaderSubTitle'].filter((key) => text(key) === undefined);
  const logo = objectAt(messenger, 'homeScreen')['logoUrl'];
  return {
    ...{ deployment: name, status, domains: allowAllDomains ? ['any domain'] : allowedDomains },
    ...(version && { served: { configuration: version.name, version: version.version } }),
    notes: [
      ...(why === undefined ? [] : [why]),
      ...(why === undefined && visibility !== 'On' ? [`The launcher is ${visibility}: the page itself opens it.`] : []),
      ...(asked !== undefined && language.toLowerCase() !== asked.toLowerCase()
        ? [`${asked.slice(0, 40)} is not a language of this configuration.`]
        : []),
      ...(why === undefined && missing.length > 0 ? [`No text of its own in ${language}: ${missing.join(', ')}.`] : []),
    ],
    shown: why === undefined,
    launcher: { shown: visibility === 'On', icon: displayType !== 'Text' || launcherText === '', text: launcherText },
    color: colorOf(objectAt(messenger, 'styles')['primaryColor']),
    side: position['alignment'] === 'Left' ? 'left' : 'right',
    space: { side: pixels(position['sideSpace'], 24), bottom: pixels(position['bottomSpace'], 24) },
    homeScreen: objectAt(messenger, 'homeScreen')['enabled'] !== false,
    title: text('MessengerHomeHeaderTitle') ?? defaultTitle,
    subtitle: text('MessengerHomeHeaderSubTitle') ?? '',
    ...(typeof logo === 'string' && logo !== '' && { logo }),
    ...{ language, languages },
  };
}

/** Why customers see no messenger. */
function absence({ status, served }: WebDeploymentRecord, content: JsonObject): string | undefined {
  if (status === 'Inactive' || status === 'Deleting') return `The deployment is ${status}: pages show no messenger.`;
  if (!served) return `The deployment is ${status} and has never been active: pages show no messenger.`;
  if (objectAt(content, 'messenger')['enabled'] !== true) return 'The messenger is disabled in this version.';
  if (objectAt(content, 'headlessMode')['enabled'] === true) return 'Headless mode: the page draws a messenger itself.';
  return undefined;
}

function label(content: JsonObject, language: string, wanted: string): string | undefined {
  const all = ((content['customI18nLabels'] ?? []) as unknown[]).filter(isObject);
  const own = all.find((of) => String(of['language']).toLowerCase() === language.toLowerCase());
  const found = ((own?.['localizedLabels'] ?? []) as unknown[]).filter(isObject).find((of) => of['key'] === wanted);
  return typeof found?.['value'] === 'string' ? found['value'] : undefined;
}

/** It goes into the style sheet, so it is a colour and nothing else. */
export function colorOf(value: unknown): string {
  return typeof value === 'string' && /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(value) ? value : defaultColor;
}

const pixels = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(Math.round(value), 0), 400) : fallback;
