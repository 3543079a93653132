import { type Call, type Endpoint, noContent } from '../endpoint.ts';
import { notFound } from '../errors.ts';
import {
  createConfiguration,
  deleteConfiguration,
  findConfiguration,
  findDraft,
  publishDraft,
  putDraft,
  configurationsPath as root,
  shownOf,
  versionOf,
} from '../web/configurations.ts';
import { webPage } from '../web/cursor.ts';
import type { WebVersionRecord } from '../web/web-records.ts';
import { configurationShape } from '../web/web-shapes.ts';
import { viewListed, viewVersion } from '../web/web-view.ts';
import { webConfigurationPermissions as permissions, webScopes } from './permissions.ts';

const read = { method: 'GET', permissions: permissions.view, scopes: webScopes.read } as const;
const draftPath = `${root}/{configurationId}/versions/draft`;

/** "Returns the 50 most recent versions of this configuration". */
const mostVersions = 50;

/** `webdeployments/configurations`: drafts, and the versions that were published of them. */
export const webConfigurations: Endpoint[] = [
  { ...read, path: root, serve: listConfigurations },
  {
    method: 'POST',
    path: root,
    permissions: permissions.add,
    scopes: webScopes.write,
    body: configurationShape,
    serve: ({ world, body, actor, activation: fate }) => {
      const { id, draft } = createConfiguration(world, body, { actor, fate });
      return viewVersion(world, id, draft!);
    },
  },
  {
    method: 'DELETE',
    path: `${root}/{configurationId}`,
    permissions: permissions.delete,
    scopes: webScopes.write,
    serve: ({ world, params, actor }) => {
      deleteConfiguration(world, params['configurationId']!, actor);
      return noContent;
    },
  },
  { ...read, path: `${root}/{configurationId}/versions`, serve: listVersions },
  {
    ...read,
    path: draftPath,
    serve: ({ world, params, lag }) => {
      const id = params['configurationId']!;
      return viewVersion(world, id, findDraft(world, id, lag));
    },
  },
  {
    method: 'PUT',
    path: draftPath,
    permissions: permissions.edit,
    scopes: webScopes.write,
    body: configurationShape,
    serve: ({ world, params, body, actor, activation: fate }) => {
      const { id, draft } = putDraft(world, params['configurationId']!, body, { actor, fate });
      return viewVersion(world, id, draft!);
    },
  },
  {
    method: 'POST',
    path: `${draftPath}/publish`,
    permissions: permissions.publish,
    scopes: webScopes.write,
    serve: ({ world, params, actor }) => {
      const id = params['configurationId']!;
      return viewVersion(world, id, publishDraft(world, id, actor));
    },
  },
  {
    ...read,
    path: `${root}/{configurationId}/versions/{versionId}`,
    serve: ({ world, params, lag }) => {
      const configuration = findConfiguration(world, params['configurationId']!, lag);
      const version = versionOf(configuration, params['versionId']!);
      if (!version) throw notFound();
      return viewVersion(world, configuration.id, version);
    },
  },
];

function listConfigurations(call: Call) {
  const { world, query, lag } = call;
  const published = query.flag('showOnlyPublished') === true;
  const found = world.webConfigurations.list(lag).filter(({ versions }) => !published || versions.length > 0);
  return webPage(call, found, (configuration) => viewListed(world, configuration.id, shownOf(configuration)));
}

/** The draft first, then the newest first. */
function listVersions(call: Call) {
  const { world, params, lag } = call;
  const { id, draft, versions } = findConfiguration(world, params['configurationId']!, lag);
  const shown: WebVersionRecord[] = [
    ...(draft && !world.quirks.has('web-versions-lack-draft') ? [draft] : []),
    ...versions.toReversed(),
  ].slice(0, mostVersions);
  // A cursor points at an id, and all versions of a configuration have the same.
  const items = shown.map((version) => ({ id: version.version, version }));
  return webPage(call, items, ({ version }) => viewVersion(world, id, version));
}
