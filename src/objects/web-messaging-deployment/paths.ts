/** The published paths of web messaging deployments, as the specification spells them. */
export const paths = {
  deployments: '/api/v2/webdeployments/deployments',
  deployment: '/api/v2/webdeployments/deployments/{deploymentId}',
  /** What it serves by now. */
  served: '/api/v2/webdeployments/deployments/{deploymentId}/configurations',
  versions: '/api/v2/webdeployments/configurations/{configurationId}/versions',
  version: '/api/v2/webdeployments/configurations/{configurationId}/versions/{versionId}',
} as const;
