import type { Pointer } from './pointer.ts';

/** A position in a file of the snapshot; line and column count from 1. */
export interface Place {
  path: string;
  line: number;
  column: number;
}

/**
 * Something that a person has to mend in the config repository. `code` is a kebab-case constant (see problem-codes.ts).
 * Who finds a problem in a resource names it by `resource` and `pointer`; the source knows the place that it came from.
 */
export interface Problem {
  code: ProblemCode;
  message: string;
  place?: Place;
  /** The lines of the file around the place, for printing under the message. */
  excerpt?: { line: number; text: string }[];
  /** `Kind/handle` of the resource, where it is one resource's problem. */
  resource?: string;
  pointer?: Pointer;
}

/** Every code that a problem or a warning about the config repository may have, with its one-line meaning. */
export const problemCodes = {
  'action-leaving': 'a named data action left the repository, and may be deleted (warning)',
  'action-not-found': 'a named data action is not there, neither live nor in the repository',
  'alias-bomb': 'YAML aliases expand to far more than was written',
  'ambiguous-identity': 'two live objects match one resource; pin the id in the environment',
  'availability-hours': 'hours of a day overlap, or end before they begin (a warning where there are none)',
  'brand-color': 'a theme colour is none of those that rules.yaml allows',
  'configuration-not-found': 'a named web messaging configuration is not there, neither live nor in the repository',
  'contrast-too-low': 'text could not be read well on the chosen colour (warning, unless the rules are required)',
  'contrast-claim': 'a document claims another contrast than its colours have (warning)',
  'custom-auth-action': 'custom authentication actions cannot be managed',
  'default-language': 'the default language is none of the languages',
  'division-not-found': 'no division of that name is there',
  'domains-contradict': 'all domains are allowed, and a list of allowed ones is given',
  'drift-left-alone': 'a document leaves alone what the target would set right (warning)',
  'duplicate-key': 'one map has the same key twice',
  'duplicate-name': 'two resources want one name for two objects',
  'duplicate-resource': 'two documents of one kind have the same handle',
  'environment-not-found': 'the environment that a target names is not in the repository',
  'export-invalid': 'an export file is not what the admin interface writes',
  'field-owned-twice': 'two documents wish for the same field of one object',
  'file-not-found': 'a referenced file is not in the snapshot',
  'file-outside-repository': 'a file reference leaves the repository',
  'file-too-large': 'a file is over the size limit',
  'file-upload-limit': 'file types or sizes for upload are outside what the platform takes',
  'flow-name-mismatch': 'a flow file has another name than its document',
  'flow-not-found': 'a named flow is not there, neither live nor in the repository',
  'flow-ref-id-twice': 'two parts of a flow have the same refId',
  'flow-reference-not-found': 'a flow refers to a task, state or menu that it does not have',
  'flow-type-mismatch': 'a flow file is of another type than its document',
  'found-by-genesys': 'Genesys itself finds something wrong with a live object (warning)',
  greeting: 'greeting texts are missing or too long in a language (warning, unless the rules are required)',
  'ignored-field-judged':
    'an ignored place is one that a rule of brand or accessibility judges (warning, unless that rule is required)',
  'ignored-field-unknown': 'an ignored place is none that the document sets (warning)',
  'immutable-field': 'a field that the API sets at creation and never changes is wished to change',
  'incomplete-for-creation': 'an object that is not there cannot be made of what its document declares',
  'integration-not-found': 'no integration of that name is there',
  'integration-type-mismatch': 'an export was made for another type of integration',
  'invalid-flow': 'a flow definition has no steps',
  'knowledge-base-not-found': 'no knowledge base of that name is there',
  'label-missing': 'a text that Genesys needs is missing in a language',
  'label-twice': 'one text is given twice for one language',
  'language-missing': 'the messenger is enabled without languages or a default language',
  'language-unknown': 'texts are given for a language that the configuration does not list',
  'link-unknown': 'a data action cannot be read, so nobody knows to which external application it is linked (warning)',
  'linked-elsewhere': 'a data action is linked to another external application (warning)',
  'logo-not-https': 'a picture would be loaded without encryption',
  'no-longer-managed':
    'a value that documents set, of an object that none of them owns, is wished by none any more, and stays (warning)',
  'not-a-domain': 'an allowed domain is not the name of one',
  'not-an-object': 'a document is not a map',
  'not-utf8': 'a file, or its name, is not UTF-8 text',
  'orphan-file': 'a YAML file that is no resource and that nothing refers to (warning)',
  'organization-not-allowed': 'a document names an organisation that its target does not allow',
  'pinned-id-not-found': 'the environment pins an id that no object has',
  'read-only-object': 'the object cannot be changed through the API',
  'recurrence-invalid': 'a recurrence rule is not an RRULE that Genesys takes',
  'reference-cycle': 'objects refer to each other in a circle',
  'reference-not-found': 'a document refers to an object that is not there',
  'reserved-key': 'a key that JavaScript reserves, such as __proto__',
  'rules-misplaced': 'rules stand in another file than rules.yaml, twice, or behind a link',
  'schedule-not-found': 'a named schedule is not there, neither live nor in the repository',
  'schedule-times': 'a schedule ends before it begins, or its times are none',
  schema: 'a value does not fit the schema of its kind',
  'script-import': 'a script imports what is not there when it runs',
  'script-invalid': 'a script is no Python that a data action could be',
  'script-keys':
    'a script and its document disagree about inputs or outputs (a warning where one is never read or returned)',
  'script-timeout': 'a script waits without a limit, or longer than its action may (warning)',
  'script-unreadable': 'a live script is no text that could be shown (warning)',
  'secret-not-granted': 'a document names a secret that its target does not grant',
  'step-mapping': "a step's inputs or outputs do not fit those of the script that it calls",
  'step-not-found': 'a flow has no step that is called so, or that calls the data action',
  'step-shared': 'a step of a flow stands in several places through a YAML alias',
  'steps-of-one-name': 'a document names a step, and several steps have that name: all of them are set (warning)',
  'supported-content-not-found': 'no supported content profile of that name is there',
  'surface-not-enabled': 'a document of a surface that its target lacks',
  'template-given-twice': 'a template is given both inline and by file',
  'timeout-invalid': 'a timeout is not a duration that Genesys takes',
  'timeout-range': 'a timeout is outside what the platform allows',
  'timeout-shadowed': 'a flow gives up before the data action that it calls can answer (warning)',
  'timeout-without-actions': 'a Timeout reaches no data action (warning)',
  'token-without-value': 'a {{token}} of a flow file has no value in the document',
  'too-deep': 'a document is nested too deeply',
  'too-large': 'a document grows over a limit by its variables, or an environment patches too much',
  'too-many-documents': 'the snapshot holds too many documents',
  'undefined-variable': 'a variable has no value in this environment',
  'unknown-action': 'a flow uses an action that this tool does not know (warning)',
  'unknown-field': 'a field that the schema does not know',
  'unknown-kind': 'a kind that does not exist',
  'unknown-patch-target': 'an environment patches, pins or excludes a resource that does not exist',
  unmanaged: 'a live object has settings that its file does not speak of (warning)',
  'value-without-token': 'a substitution has no {{token}} in the flow file',
  'version-not-published': 'a document names a version that was never published (warning)',
  'work-in-progress': 'somebody has work on an object that is not published yet (warning)',
  yaml: 'the file is not valid YAML',
} as const;

export type ProblemCode = keyof typeof problemCodes;
