import type { App } from '../app.ts';
import { hostsOf } from '../genesys/regions.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import { Failure } from '../model/failure.ts';
import type { Reader } from '../model/http.ts';
import { didYouMean } from '../model/suggest.ts';
import { kinds } from '../objects/kinds.ts';
import { list, readRaw } from '../objects/web-messaging-deployment/live.ts';
import { snippetIn } from '../objects/web-messaging-deployment/snippet.ts';
import { resolve } from '../source/index.ts';

const kind = 'WebMessagingDeployment';

export interface Snippet {
  text: string;
  name: string;
  /** As Genesys tells it: `Active`, or why pages get no messenger. */
  status: string;
}

/**
 * What to paste into a page for one deployment: by its handle (`shop`, `WebMessagingDeployment/shop`), its live name or its
 * id. Throws `ReferenceNotFound` with the nearest name.
 */
export async function snippetFor(app: App, target: TargetConfig, name: string): Promise<Snippet> {
  const { engine } = await app.connect(target);
  const id = await find(app, target, name, { reader: engine.reader, organization: engine.organization.id });
  const deployment = await readRaw(engine.reader, id);
  if (deployment === undefined) throw new Failure('Gone', `the deployment "${name}" (${id}) is no longer there`);
  const text = snippetIn(deployment, domainOf(target));
  const called = String(deployment['name']);
  if (text === undefined) {
    const message = `Genesys tells no snippet of "${called}", and without a \`region\` of the target none can be made; the admin pages show it`;
    throw new Failure('BadAnswer', message);
  }
  return { text, name: called, status: String(deployment['status']) };
}

/** Handles go before names: they are what the repository calls its own. */
async function find(
  app: App,
  target: TargetConfig,
  name: string,
  { reader, organization }: { reader: Reader; organization: string },
): Promise<string> {
  const handle = name.startsWith(`${kind}/`) ? name.slice(kind.length + 1) : name;
  const inventory = await app.journal.inventory({ organization, target: target.name });
  const ours = inventory.filter(({ owner }) => owner.startsWith(`${kind}/`));
  const owned = ours.find(({ owner }) => owner === `${kind}/${handle}`);
  if (owned !== undefined) return owned.id;
  const live = await list(reader);
  const wished = live.some((one) => one.name === name) ? name : ((await nameInRepository(app, target, handle)) ?? name);
  const found = live.filter((one) => one.name === wished || one.id === name);
  if (found.length === 1) return found[0]!.id;
  const where = `in the organisation of target "${target.name}"`;
  if (found.length > 1) {
    const ids = found.map((one) => one.id).join(', ');
    throw new Failure(
      'ReferenceNotFound',
      `${found.length} deployments are called "${wished}" ${where}; give one of their ids: ${ids}`,
    );
  }
  const words = [...ours.map(({ owner }) => owner.slice(kind.length + 1)), ...live.map((one) => one.name)];
  const hint = didYouMean(handle, words);
  throw new Failure('ReferenceNotFound', `there is no web messaging deployment "${handle}" ${where}${hint}`);
}

/** The live name that the repository gives a handle, for a deployment that no journal knows. */
async function nameInRepository(app: App, target: TargetConfig, handle: string): Promise<string | undefined> {
  // A repository that cannot be read decides nothing: the name may be a live one that is misspelt.
  const snapshot = await app.source
    .head()
    .then((revision) => app.source.read(revision))
    .catch(() => undefined);
  if (snapshot === undefined) return undefined;
  const { environment, variables } = await app.reads(target);
  const { resources } = await resolve(snapshot, { kinds, environment, variables });
  const resource = resources.find((one) => one.kind === kind && one.name === handle);
  if (resource === undefined) return undefined;
  const { name } = resource.spec;
  return typeof name === 'string' ? name : handle;
}

/** The domain of the region, where the target names one. */
function domainOf({ region }: TargetConfig): string | undefined {
  return region === undefined ? undefined : new URL(hostsOf({ region }).api).host.replace(/^api\./, '');
}
