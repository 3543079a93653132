/** The paths of the tutorial "Configuring Web Messaging Channel Properties"; no published API has them. */
export const paths = {
  configuration: '/api/v2/webchat/organizations/{orgId}/configurations',
  replicate: '/api/v2/webchat/configurations/replicate',
  job: '/api/v2/webchat/configurations/replicate/{jobId}',
} as const;
