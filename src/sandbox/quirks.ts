/**
 * Every fact that no public source settles and that the sandbox has to decide, as a named switch.
 * Each sentence says what the sandbox does **with** the quirk, then what it does without.
 */
export const quirks = {
  'template-uri':
    'An action answers requestTemplateUri and successTemplateUri instead of the template texts. Without: the texts, inline, and no URI.',
  'schema-keywords-dropped':
    'Of a contract schema only id, $schema, title, description, type, required, properties and additionalProperties survive at the top level. Without: everything survives.',
  'schema-keywords-added':
    'Contract schemas come back with $schema, title and additionalProperties filled in where they were absent. Without: as sent.',
  'draft-exists-400': 'A second draft of an action is refused with 400 bad.request. Without: 409 request.conflict.',
  'version-mismatch-400':
    'A stale version is refused with 400 and a message that contains "does not match the current version". Without: 409 request.conflict (integration configuration: 409 version.conflict).',
  'version-conflict-code':
    'A stale version of an action or draft is refused with 409 version.conflict. Without: 409 request.conflict, the only 409 declared for actions.',
  'config-merged':
    'PATCH merges the sent config into the stored one, level by level. Without: it replaces config whole.',
  'timeout-default': 'An absent config.timeoutSeconds is stored as 60. Without: it stays absent.',
  'empty-maps-omitted':
    'Absent headers, translationMap and translationMapDefaults stay absent. Without: they are stored as empty objects.',
  'request-template-default': 'An absent requestTemplate is stored as ${input.rawRequest}. Without: it stays absent.',
  'success-template-default': 'An absent successTemplate is stored as ${rawResult}. Without: it stays absent.',
  'duplicate-names-refused':
    'A second action of the same name in one integration is refused with 409 request.conflict. Without: it is created.',
  'unknown-fields-ignored':
    'Unknown fields of a body are ignored (so a contract in a PATCH of an action has no effect). Without: 400 invalid.property.',
  'version-kept-if-unchanged':
    'A PATCH or PUT that changes nothing keeps the version. Without: every write counts the version up.',
  'writes-answer-whole':
    'Answers to writes of actions carry config and the schemas of the contract. Without: they answer as a plain GET does, without config and with the schemas as URIs.',
  'publish-keeps-draft':
    'After publishing, the draft stays, equal to the published action. Without: publishing removes the draft.',
  'integration-activates-late':
    'An enabled (disabled) integration reports ACTIVATING (DEACTIVATING) for five seconds first. Without: it is ACTIVE (INACTIVE) at once.',
  'lists-unsorted':
    'Lists come in the order of ids, that is in none. Without: in the order of creation, unless sortBy says otherwise.',
  'page-size-clamped': 'A pageSize over the maximum is cut to it. Without: 400 invalid.query.param.value.',
  'rate-limit-no-retry-after':
    'A 429 has code too.many.requests and no Retry-After header. Without: too.many.requests.retry.after, with the header.',
  'rate-limit-per-token': 'Requests are counted per token. Without: per OAuth client.',
  'delete-in-use-refused':
    'DELETE of an action that a flow uses is refused with 409 request.conflict. Without: it is deleted, and the flow is left without it.',
  'dependency-206-partial':
    'While dependency tracking is rebuilt, the consumers of an object come as 206 with a listing that lacks some. Without: as 206 with no body, since none is declared.',
  'dependency-unknown-empty':
    'An object that dependency tracking does not know answers 200 and no consumers. Without: 404 architect.dependency.object.not.found.',
  'schedule-version-mismatch-400':
    'A stale version of a schedule or group is refused with 400 and a message that contains "does not match the current version". Without: 409 general.conflict.',
  'schedule-version-optional':
    'PUT of a schedule or group without a version is taken. Without: 400 constraint.validation.',
  'schedule-lists-without-version': 'Lists of schedules and groups lack version. Without: each item has it.',
  'schedule-references-bare': 'A group names its schedules by id only. Without: by id and name.',
  'schedule-empty-lists-omitted': 'Lists of a group that hold nothing are absent. Without: they are empty.',
  'schedule-times-shortened':
    'Times of a schedule come back without what is zero at their end: 2026-01-05T08:00. Without: with milliseconds, as the published example has them.',
  'schedule-rrule-rewritten':
    'A recurrence rule comes back with its parts and days in another order, INTERVAL said and UNTIL in UTC. Without: as sent.',
  'schedule-start-kept':
    "A start on a day that the rule's BYDAY does not name is kept. Without: start and end move to the next day that it does, as Genesys's Terraform provider says.",
  'schedule-put-merges':
    'PUT of a schedule or group keeps what its body leaves out. Without: what is left out is cleared.',
  'schedule-duplicate-names-refused':
    'A second schedule (or group) of the same name is refused with 409 request.conflict. Without: it is created.',
  'schedule-deleted-readable': 'A deleted schedule or group still answers to its id, with state deleted. Without: 404.',
  'schedule-delete-allowed':
    'DELETE of a schedule that a group has, or of a schedule or group that a flow evaluates, is carried out. Without: 409 general.conflict, as published for groups and IVRs.',
  'schedule-groups-tracked':
    'Dependency tracking names the groups that have a schedule among its consumers. Without: only flows.',
  'flow-ref-ids-rewritten':
    'Every refId of an uploaded flow is replaced by one of the server, and the references with it. Without: only absent ones are filled in.',
  'flow-timeout-default': 'A callData without a timeout is stored with one of a minute. Without: with noValue.',
  'flow-durations-in-seconds':
    'Durations of a flow come back in seconds, so that {minutes: 1} is {seconds: 60}. Without: in the units that were sent.',
  'flow-outputs-skeleton':
    'A callData comes back with all three of outputs.success, .failure and .timeout, those without steps with an empty list. Without: with those that hold steps.',
  'flow-export-old-names':
    'An export names data actions and flows as they were called when the flow was published. Without: as they are called now, as the flow keeps their ids.',
  'flow-name-contains':
    'The filter name of lists of flows finds every flow whose name contains it. Without: the whole name, without regard to case, with * for anything.',
  'flow-put-needs-lock':
    'PUT of a flow needs a checkout before, else 409 architect.flow.not.locked.by.user. Without: only a lock of somebody else is in its way.',
  'flow-unlock-refuses-drafts':
    'A flow with a saved draft is not unlocked (409 request.conflict), only checked in. Without: it is, and the draft is kept as a checked-in version.',
  'flow-job-breaks-locks':
    'A job publishes a flow that somebody else has locked, and the lock is gone. Without: it fails and says who has it.',
  'flow-job-needs-permissions':
    'A job fails when its client lacks architect:flow:publish, or architect:flow:edit (of a new flow: add). Without: architect:job:create is enough.',
  'job-registered-200': 'POST of a job on flows and of an export job answers 200. Without: 202; both are declared.',
  'flow-upload-repeats':
    'Another upload to the presigned URL of a job that has started runs the job once more. Without: it is taken, and nothing happens.',
  'export-throttled':
    'An export job that runs while another does fails, and says that the flow could not be found. Without: any number may run.',
  'web-draft-dateless':
    'A draft in the list of web configurations tells no datePublished. Without: the date of the last publish.',
  'web-draft-gone':
    'Publishing takes the draft of a web configuration away: 404 until the next PUT, and the list shows the newest version. Without: the draft stays, equal to the version.',
  'web-publish-moves-date': 'Publishing moves dateModified of the draft. Without: only datePublished.',
  'web-activation-moves-date':
    'A draft or deployment that becomes Active (or Error) gets a new dateModified. Without: only the status changes.',
  'web-publish-pending': 'A draft that is still Pending can be published. Without: 400 bad.request until it is Active.',
  'web-lists-tell-total':
    'The cursor lists of web configurations, versions and deployments tell total. Without: they do not, though it is declared.',
  'web-put-merged':
    'PUT of a draft or a deployment keeps what is left out, level by level, and null clears. Without: it replaces the whole, and null is as good as absent.',
  'web-status-refused':
    'A status in the body of a deployment is refused with 400 illegal.operation. Without: Active and Inactive are obeyed, Pending is ignored.',
  'web-languages-sorted': 'languages of a web configuration come back sorted. Without: as sent.',
  'web-labels-sorted': 'customI18nLabels come back sorted by language, and their labels by key. Without: as sent.',
  'web-names-unique':
    'A second web configuration (or deployment) of the same name is refused with 409 request.conflict. Without: it is created.',
  'web-served-unknown':
    'What a deployment serves (deployments/{id}/configurations) is 404 always. Without: it is told once the deployment was active.',
  'web-inactive-serves': 'A deployment that is Inactive still tells what it served. Without: 404.',
  'web-versions-lack-draft': 'The list of versions lacks DRAFT. Without: it is the first.',
  'web-delete-late':
    'What is deleted of web deployments is read and listed with status Deleting until it has gone. Without: it is gone at once.',
  'audit-publish-is-update': 'Publishing an action or a web configuration is recorded as Update. Without: as Publish.',
  'audit-parts-own-ids':
    "Records of a draft of an action, and of a version of a web configuration, have an entity id of their own; the object's is only in the address (selfUri). Without: the entity id is the object's.",
  'audit-flow-steps':
    'A job (and the editor) that publishes a flow is recorded as Checkout, Save, Checkin and Publish, in one transaction. Without: as Publish.',
  'audit-extra-records':
    'Each record is followed by another of the same transaction, action Update, that tells no properties. Without: one record for each thing that was done.',
  'audit-failures-recorded': 'What is refused (4xx) is recorded too, with status FAILURE. Without: it leaves no trace.',
  'audit-no-properties': 'Records tell no propertyChanges at all. Without: each field that changed, by its path.',
  'audit-headers-masked':
    "Values of an action's headers are asterisks in propertyChanges. Without: as they are, since the API shows them to who may view the action.",
  'audit-dates-in-seconds':
    'eventDate has no milliseconds, as in a record that a customer has posted. Without: it has them, as in the published format.',
  'audit-no-transactions':
    'initiatingAction is empty and transactionInitiator false, as in that record. Without: they name the record that began the transaction.',
  'audit-entities-bare': 'The entity has an id only, no name and no selfUri, as in that record. Without: all three.',
  'audit-ui-clientless':
    'What a person does in the user interface has an empty client id, as in that record. Without: the id of a client that nobody can look up.',
  'audit-type-in-two-services':
    'The service mapping lists Deployment under WebDeployments and under Messaging, and its records are in the latter. Without: only in the former.',
  'audit-realtime-lacks-web':
    'The realtime query has no service WebDeployments. Without: it has all services but Datatables.',
  'audit-realtime-cut':
    'A realtime query that reaches further back than 14 days finds what lies within them. Without: 400 bad.request.',
  'audit-interval-closed': 'An interval includes its end. Without: what happened at its end is in the next one.',
  'audit-service-required':
    'A query without serviceName is refused with 400 constraint.validation. Without: it finds the records of all services of its mapping.',
  'audit-results-by-url':
    'Results that are asked for with allowRedirect=true answer 302 with a downloadUrl for all of them. Without: they come as they are, whatever their number.',
  'audit-users-open':
    "GET of a user needs no permission, as the SDKs' documentation says. Without: directory:user:view.",
  'oauth-no-expiry': 'A token is answered without expires_in. Without: with it.',
  'oauth-scope-strict':
    'Asking for a scope that the client lacks is refused with 400 invalid_scope. Without: the token lacks it.',
  'external-application-empty-answer': 'PUT of an external application answers 200 and nothing. Without: the object.',
  'linked-action-nested':
    'A data action names its external application as externalApplication: {id}. Without: as externalApplicationId.',
  'flow-definition-no-etag': 'GET and publish of a flow definition answer no ETag. Without: the version in quotes.',
  'flow-definition-412':
    'A publish with a stale If-Match is refused with 412 precondition.failed, without the version. Without: 409 version.conflict, with it.',
  'script-no-version':
    'A script data action has no version: none is told, and none is checked. Without: each write counts it, and PUT has to name the current one.',
  'script-list-whole': 'The list of script data actions holds them whole. Without: id, name, description and version.',
  'script-delete-unchecked':
    'DELETE of a script data action that a flow definition calls is carried out. Without: 409 in.use.',
  'webchat-get-404': 'GET of a web chat configuration is not served: 404. Without: it is.',
  'webchat-get-405': 'GET of a web chat configuration is not served: 405. Without: it is.',
  'webchat-replicate-minimal':
    'POST of a replication answers the id of the job alone. Without: its status and its organisations as well.',
  'webchat-audit-bare':
    'Audit records of web chats tell id, action, organizationId, timestamp and clientId only. Without: also user, address, status, version and changes.',
} as const satisfies Record<string, string>;

export type Quirk = keyof typeof quirks;

/** @throws Error on a name that is not in the table */
export function readQuirks(names: readonly string[]): ReadonlySet<Quirk> {
  for (const name of names) {
    if (!Object.hasOwn(quirks, name)) {
      throw new Error(`There is no quirk "${name}". Known: ${Object.keys(quirks).join(', ')}`);
    }
  }
  return new Set(names as Quirk[]);
}
