import { ApiError, invalid, notFound } from '../errors.ts';
import type { World } from '../world.ts';
import { versionOf } from './configurations.ts';
import type { DeploymentInput } from './deployments.ts';

/** A host, as it stands in an `Origin`: no scheme, no path, no blank. */
const host =
  /^(\*\.)?[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)*(:\d{1,5})?$/u;

/** @throws ApiError 400 `bad.flow.id`, `illegal.operation`, `constraint.validation`; 404 `scp.id.not.found`, `not.found` */
export function checkDeployment(world: World, input: DeploymentInput): void {
  checkDomains(input);
  checkStatus(world, input);
  checkVersion(world, input);
  const profile = input.supportedContent?.id;
  if (profile !== undefined && !world.supportedContents.get(profile)) throw new ApiError('scp.id.not.found');
  const flow = input.flow && world.flows.get(input.flow.id);
  const eligible = flow && !flow.deleted && flow.type === 'inboundShortMessage' && flow.published !== undefined;
  if (input.flow && !eligible) throw new ApiError('bad.flow.id');
}

function checkDomains({ allowAllDomains = false, allowedDomains = [] }: DeploymentInput): void {
  if (allowAllDomains && allowedDomains.length > 0) throw new ApiError('illegal.operation');
  const wrong = allowedDomains.find((domain) => !host.test(domain));
  if (wrong !== undefined) throw invalid(`allowedDomains: ${wrong.slice(0, 100)} is not a domain`, 'allowedDomains');
}

function checkStatus(world: World, { status }: DeploymentInput): void {
  if (status === undefined) return;
  const refused = world.quirks.has('web-status-refused') || status === 'Error' || status === 'Deleting';
  if (refused) throw new ApiError('illegal.operation');
}

/** Only published versions are served. */
function checkVersion(world: World, { configuration: { id, version } }: DeploymentInput): void {
  const configuration = world.webConfigurations.get(id);
  if (!configuration || configuration.draft?.status === 'Deleting') throw notFound();
  if (version.toUpperCase() === 'DRAFT') throw new ApiError('illegal.operation');
  if (!versionOf(configuration, version)) throw notFound();
}
