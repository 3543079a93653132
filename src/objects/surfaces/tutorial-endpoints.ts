/** An endpoint of this surface, as its refusals tell of it. Sentences say what to do, and end with a full stop. */
export interface Endpoint {
  /** OAuth scopes, all of which it needs; `a or b`: either of these. */
  scopes: readonly string[];
  /** What the id in its path belongs to, and the parameter that holds it. */
  about?: About;
  /** What is wrong with a body that it refuses (400, 422). */
  invalid?: string;
  /** What a 409 means that is about no version. */
  inUse?: string;
  /** What else a 404 may mean; all that it means, where no id is in the path. */
  missing?: string;
  /** Where the tutorial of this endpoint adds scopes to a client in the admin pages. */
  scopesAt?: string;
}

interface About {
  what: string;
  /** The parameter. */
  id: string;
  /** False where it has no version, so that a 409 says nothing of one. */
  versioned?: false;
  /** What helps where it is not there (any more); where it is told by a document, to look at that. */
  absent?: string;
}

const clients = {
  first: 'Platform > OAuth > Applications',
  second: 'Organization > OAuth Clients',
  third: 'Setup > OAuth > Clients',
};
const application = {
  about: { what: 'external application', id: 'id', versioned: false },
  scopesAt: clients.first,
} as const;
const linkedAction = { about: { what: 'data action', id: 'id', versioned: false }, scopesAt: clients.first } as const;
const flow = { about: { what: 'flow', id: 'id' }, scopesAt: clients.second };
const scriptActions = { scopesAt: clients.third };
const scriptAction = {
  about: {
    what: 'script data action',
    id: 'dataActionId',
    absent:
      'somebody deleted it. No document says its id; it is found by its name, so the next look finds what has the name by then, or makes it anew.',
  },
  ...scriptActions,
};
const webChat = { about: { what: 'organisation', id: 'orgId' } };
const replication = {
  about: {
    what: 'replication job',
    id: 'jobId',
    absent:
      'Genesys has forgotten it, or never took it. No document says its id; the next run looks at the organisation itself, and asks for the replication again where it is needed.',
  },
};

const read = 'integration:externalapplication:read';
const write = 'integration:externalapplication:write';
const chatRead = 'webchat:configuration:read';
const chatWrite = 'webchat:configuration:write';

const script =
  'Genesys takes a script in Python 3 with a `main(input_data)`, input and output names that each stand once, and datatypes that it knows; `genesys-gitops validate` finds most of what is wrong with one.';

/** By method and path template. Scopes and meanings are those of the tutorials; no published document has these paths. */
export const endpoints: Readonly<Record<string, Endpoint>> = {
  'GET /api/v2/integrations/externalapplications/{id}': {
    scopes: [read, 'integration:integrationobject:read'],
    ...application,
  },
  'PUT /api/v2/integrations/externalapplications/{id}': {
    scopes: [write, 'integration:integrationobject:write'],
    ...application,
    invalid:
      'A timeout has to be a whole number of milliseconds from 1000 to 30000, and the application has to have all its required fields, its name among them: correct `timeoutMs`, and look at the application in the admin pages (Admin > Integrations).',
  },
  'GET /api/v2/integrations/dataactions/{id}': { scopes: ['integration:dataaction:read'], ...linkedAction },
  'GET /api/v2/flows/{id}': { scopes: ['view:flow'], ...flow },
  'PUT /api/v2/flows/{id}/publish': {
    scopes: ['admin:flow or architect:flow:write'],
    ...flow,
    invalid:
      'Where it is a timeout, it is longer than the contract of this organisation allows (30 s as a rule): lower it, and state the limit as `stepTimeoutSeconds` of the target; longer work belongs in a Script step or an External API step. Otherwise the flow definition itself is not valid: open it in Architect.',
  },
  'GET /api/v2/tasks/dataactions': { scopes: ['task:read'], ...scriptActions },
  'POST /api/v2/tasks/dataactions': { scopes: ['task:write'], ...scriptActions, invalid: script },
  'GET /api/v2/tasks/dataactions/{dataActionId}': { scopes: ['task:read'], ...scriptAction },
  'PUT /api/v2/tasks/dataactions/{dataActionId}': { scopes: ['task:write'], ...scriptAction, invalid: script },
  'DELETE /api/v2/tasks/dataactions/{dataActionId}': {
    scopes: ['task:write'],
    ...scriptAction,
    inUse: 'A step of a published flow still calls it: take it out of that flow, or give the step another one, first.',
  },
  'GET /api/v2/webchat/organizations/{orgId}/configurations': {
    scopes: [chatRead],
    ...webChat,
    missing: 'It may also have no web chat configuration yet, or one that Genesys does not serve.',
  },
  'PUT /api/v2/webchat/organizations/{orgId}/configurations': {
    scopes: [chatWrite],
    ...webChat,
    invalid:
      'Correct what is named of the document: a colour that is none, a required field that is missing, or a feature flag that this organisation does not support.',
  },
  'POST /api/v2/webchat/configurations/replicate': {
    scopes: [chatWrite],
    invalid: 'Check `organizations` and `replicateTo` of the document: each has to be the id of an organisation.',
    missing:
      'One of the organisations that were asked for is not there: check the ids in `organizations` and `replicateTo` of the document, and in `organizations` of the target.',
  },
  'GET /api/v2/webchat/configurations/replicate/{jobId}': { scopes: [chatRead], ...replication },
  'POST /api/v2/audit/records/query': { scopes: ['audit:read'] },
  'GET /api/v2/organizations/me': { scopes: [] },
};

/** Endpoints whose 403 may also be about an organisation that they name. */
export const namesOrganization = /^\/api\/v2\/(webchat|audit)\//;
