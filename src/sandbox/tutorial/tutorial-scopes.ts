/** What each endpoint needs of a token: of each list one scope. As the tutorials name them. */
export const scopes = {
  readApplication: [['integration:externalapplication:read'], ['integration:integrationobject:read']],
  writeApplication: [['integration:externalapplication:write'], ['integration:integrationobject:write']],
  readLinkedAction: [['integration:dataaction:read']],
  readFlow: [['view:flow']],
  publishFlow: [['admin:flow', 'architect:flow:write']],
  readScripts: [['task:read']],
  writeScripts: [['task:write']],
  readWebChat: [['webchat:configuration:read']],
  writeWebChat: [['webchat:configuration:write']],
  readAudits: [['audit:read']],
  nothing: [],
} as const;
