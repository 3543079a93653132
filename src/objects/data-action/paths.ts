/** The published paths of data actions, as the specification spells them. */
export const paths = {
  actions: '/api/v2/integrations/actions',
  action: '/api/v2/integrations/actions/{actionId}',
  template: '/api/v2/integrations/actions/{actionId}/templates/{fileName}',
  draft: '/api/v2/integrations/actions/{actionId}/draft',
  draftTemplate: '/api/v2/integrations/actions/{actionId}/draft/templates/{fileName}',
  validation: '/api/v2/integrations/actions/{actionId}/draft/validation',
  publish: '/api/v2/integrations/actions/{actionId}/draft/publish',
} as const;
