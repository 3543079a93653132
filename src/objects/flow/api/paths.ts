/** The published paths of flows, as the specification spells them. */
export const paths = {
  flows: '/api/v2/flows',
  flow: '/api/v2/flows/{flowId}',
  versions: '/api/v2/flows/{flowId}/versions',
  checkin: '/api/v2/flows/actions/checkin',
  checkout: '/api/v2/flows/actions/checkout',
  unlock: '/api/v2/flows/actions/unlock',
  jobs: '/api/v2/flows/jobs',
  job: '/api/v2/flows/jobs/{jobId}',
  exports: '/api/v2/flows/export/jobs',
  export: '/api/v2/flows/export/jobs/{jobId}',
  validations: '/api/v2/flows/validate/jobs',
  validation: '/api/v2/flows/validate/jobs/{jobId}',
} as const;
