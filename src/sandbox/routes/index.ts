import type { Endpoint } from '../endpoint.ts';
import { actionDrafts } from './action-drafts.ts';
import { actionExecution } from './action-execution.ts';
import { actionFiles } from './action-files.ts';
import { audits } from './audits.ts';
import { credentials } from './credentials.ts';
import { dataActions } from './data-actions.ts';
import { dependencyTracking } from './dependency-tracking.ts';
import { flowActions } from './flow-actions.ts';
import { flowJobs } from './flow-jobs.ts';
import { flows } from './flows.ts';
import { integrationTypes } from './integration-types.ts';
import { integrations } from './integrations.ts';
import { knowledgeBases } from './knowledge-bases.ts';
import { names } from './names.ts';
import { organization } from './organization.ts';
import { schedules } from './schedules.ts';
import { supportedContent } from './supported-content.ts';
import { webConfigurations } from './web-configurations.ts';
import { webDeployments } from './web-deployments.ts';

/** Every operation that the sandbox serves. */
export const endpoints: readonly Endpoint[] = [
  ...organization,
  ...dataActions,
  ...actionDrafts,
  ...actionFiles,
  ...actionExecution,
  ...integrations,
  ...integrationTypes,
  ...credentials,
  ...audits,
  ...names,
  ...dependencyTracking,
  ...flows,
  ...flowActions,
  ...flowJobs,
  ...schedules,
  ...webConfigurations,
  ...webDeployments,
  ...knowledgeBases,
  ...supportedContent,
];
