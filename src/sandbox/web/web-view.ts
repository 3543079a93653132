import { compact, type JsonObject } from '../json.ts';
import type { World } from '../world.ts';
import { configurationsPath, findConfiguration, versionOf } from './configurations.ts';
import { deploymentsPath, servedBy } from './deployments.ts';
import type {
  KnowledgeBaseRecord,
  SupportedContentRecord,
  VersionRef,
  WebDeploymentRecord,
  WebVersionRecord,
} from './web-records.ts';

export const knowledgeBasesPath = '/api/v2/knowledge/knowledgebases';
export const supportedContentPath = '/api/v2/conversations/messaging/supportedcontent';

const time = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
const person = (id: string | undefined) => (id === undefined ? undefined : { id, selfUri: `/api/v2/users/${id}` });

/** `WebDeploymentConfigurationVersion`. */
export function viewVersion(world: World, id: string, record: WebVersionRecord): JsonObject {
  const { version, name, content, status } = record;
  return compact({
    ...{ id, name, version },
    ...inOrder(world, content),
    dateCreated: time(record.createdAt),
    dateModified: time(record.modifiedAt),
    datePublished: time(record.publishedAt),
    lastModifiedUser: person(record.modifiedBy),
    createdUser: person(record.createdBy),
    publishedUser: person(record.publishedBy),
    status,
    selfUri: `${configurationsPath}/${id}/versions/${version === 'DRAFT' ? 'draft' : version}`,
  });
}

/** An item of the list of configurations. */
export function viewListed(world: World, id: string, record: WebVersionRecord): JsonObject {
  const { datePublished, ...view } = viewVersion(world, id, record);
  const dateless = record.version === 'DRAFT' && world.quirks.has('web-draft-dateless');
  return dateless || datePublished === undefined ? view : { ...view, datePublished };
}

/** The lists of a content as they come back: as sent, or sorted. */
function inOrder(world: World, content: JsonObject): JsonObject {
  const { languages, customI18nLabels } = content;
  const result = { ...content };
  if (Array.isArray(languages) && world.quirks.has('web-languages-sorted')) result['languages'] = languages.toSorted();
  if (Array.isArray(customI18nLabels) && world.quirks.has('web-labels-sorted')) {
    result['customI18nLabels'] = by('language', customI18nLabels).map((of) =>
      Array.isArray(of['localizedLabels']) ? { ...of, localizedLabels: by('key', of['localizedLabels']) } : of,
    );
  }
  return result;
}

const by = (key: string, items: JsonObject[]): JsonObject[] =>
  items.toSorted((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));

/** What a list of deployments may expand. */
export type Expanded = 'Configuration' | 'SupportedContent';

/** `WebDeployment`, and (with an expanded configuration) `ExpandableWebDeployment`. */
export function viewDeployment(
  world: World,
  record: WebDeploymentRecord,
  expand: readonly Expanded[] = [],
): JsonObject {
  const { id, name, description, allowAllDomains, allowedDomains, flowId, supportedContentId } = record;
  const flow = flowId === undefined ? undefined : world.flows.get(flowId);
  const profile = supportedContentId === undefined ? undefined : world.supportedContents.get(supportedContentId);
  return compact({
    ...{ id, name, description, allowAllDomains, allowedDomains, snippet: snippet(id) },
    supportedContent: profile && viewProfileReference(profile, expand.includes('SupportedContent')),
    dateCreated: time(record.createdAt),
    dateModified: time(record.modifiedAt),
    lastModifiedUser: person(record.modifiedBy),
    flow: flowId === undefined ? undefined : { id: flowId, name: flow?.name ?? '', selfUri: `/api/v2/flows/${flowId}` },
    status: record.status,
    pushIntegrations: record.pushIntegrations,
    configuration: expand.includes('Configuration')
      ? viewServed(world, record.configuration)
      : viewReference(world, record.configuration),
    selfUri: `${deploymentsPath}/${id}`,
  });
}

/** `WebDeploymentActiveConfigurationOnDeployment`. @throws ApiError 404 where it serves nothing */
export function viewActive(world: World, record: WebDeploymentRecord): JsonObject {
  return {
    configurationVersion: viewServed(world, servedBy(world, record)),
    deployment: viewDeployment(world, record),
  };
}

function viewServed(world: World, { id, version }: VersionRef): JsonObject {
  return viewVersion(world, id, versionOf(findConfiguration(world, id), version)!);
}

function viewReference(world: World, { id, version }: VersionRef): JsonObject {
  const { name } = versionOf(findConfiguration(world, id), version)!;
  return { id, name, version, selfUri: `${configurationsPath}/${id}/versions/${version}` };
}

/** `KnowledgeBase`. */
export function viewKnowledgeBase({ id, name, coreLanguage, published, createdAt }: KnowledgeBaseRecord): JsonObject {
  const date = time(createdAt);
  return {
    ...{ id, name, coreLanguage, dateCreated: date, dateModified: date, faqCount: 0, articleCount: 0, published },
    selfUri: `${knowledgeBasesPath}/${id}`,
  };
}

/** `SupportedContent`. */
export function viewSupportedContent(record: SupportedContentRecord): JsonObject {
  const date = time(record.createdAt);
  return { ...viewProfileReference(record, true), dateCreated: date, dateModified: date, version: 1 };
}

function viewProfileReference({ id, name, inbound, outbound }: SupportedContentRecord, whole: boolean): JsonObject {
  const types = (of: readonly string[]) => of.map((type) => ({ type }));
  return {
    ...{ id, name, selfUri: `${supportedContentPath}/${id}` },
    ...(whole && { mediaTypes: { allow: { inbound: types(inbound), outbound: types(outbound) } } }),
  };
}

/** What goes into a page, in the form in which the real ones come. */
const snippet = (deploymentId: string): string =>
  `<script type="text/javascript" charset="utf-8">
  (function (g, e, n, es, ys) {
    g['_genesysJs'] = e;
    g[e] = g[e] || function () {
      (g[e].q = g[e].q || []).push(arguments)
    };
    g[e].t = 1 * new Date();
    g[e].c = es;
    ys = document.createElement('script'); ys.async = 1; ys.src = n; ys.charset = 'utf-8'; document.head.appendChild(ys);
  })(window, 'Genesys', 'https://apps.mypurecloud.com/genesys-bootstrap/genesys.min.js', {
    environment: 'prod',
    deploymentId: '${deploymentId}'
  });
</script>`;
