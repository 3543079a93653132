/** The published paths of web messaging configurations, as the specification spells them. */
export const paths = {
  configurations: '/api/v2/webdeployments/configurations',
  configuration: '/api/v2/webdeployments/configurations/{configurationId}',
  versions: '/api/v2/webdeployments/configurations/{configurationId}/versions',
  version: '/api/v2/webdeployments/configurations/{configurationId}/versions/{versionId}',
  draft: '/api/v2/webdeployments/configurations/{configurationId}/versions/draft',
  publish: '/api/v2/webdeployments/configurations/{configurationId}/versions/draft/publish',
  deployments: '/api/v2/webdeployments/deployments',
} as const;
