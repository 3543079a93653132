/** A type of flow under its three names. */
interface FlowType {
  /** The top key of its Architect YAML: `inboundCall`. */
  yaml: string;
  /** `Flow.type` of the API. */
  api: string;
  /** What dependency tracking calls such an object; it has no word for speech flows. */
  dependency?: string;
}

/** Top keys that no published flow shows are inferred from the API's word: `emailSend`, `speech`, `voice`, `workitem`, ... */
const table: readonly FlowType[] = [
  { yaml: 'botFlow', api: 'BOT', dependency: 'BOTFLOW' },
  { yaml: 'commonModule', api: 'COMMONMODULE', dependency: 'COMMONMODULEFLOW' },
  { yaml: 'digitalBot', api: 'DIGITALBOT', dependency: 'DIGITALBOTFLOW' },
  { yaml: 'emailSend', api: 'EMAILSEND', dependency: 'EMAILSENDFLOW' },
  { yaml: 'inboundCall', api: 'INBOUNDCALL', dependency: 'INBOUNDCALLFLOW' },
  { yaml: 'inboundChat', api: 'INBOUNDCHAT', dependency: 'INBOUNDCHATFLOW' },
  { yaml: 'inboundEmail', api: 'INBOUNDEMAIL', dependency: 'INBOUNDEMAILFLOW' },
  { yaml: 'inboundShortMessage', api: 'INBOUNDSHORTMESSAGE', dependency: 'INBOUNDSHORTMESSAGEFLOW' },
  { yaml: 'inqueueCall', api: 'INQUEUECALL', dependency: 'INQUEUECALLFLOW' },
  { yaml: 'inqueueEmail', api: 'INQUEUEEMAIL', dependency: 'INQUEUEEMAILFLOW' },
  { yaml: 'inqueueShortMessage', api: 'INQUEUESHORTMESSAGE', dependency: 'INQUEUESHORTMESSAGEFLOW' },
  { yaml: 'outboundCall', api: 'OUTBOUNDCALL', dependency: 'OUTBOUNDCALLFLOW' },
  { yaml: 'secureCall', api: 'SECURECALL', dependency: 'SECURECALLFLOW' },
  { yaml: 'speech', api: 'SPEECH' },
  { yaml: 'surveyInvite', api: 'SURVEYINVITE', dependency: 'SURVEYINVITEFLOW' },
  { yaml: 'voice', api: 'VOICE', dependency: 'VOICEFLOW' },
  { yaml: 'voicemail', api: 'VOICEMAIL', dependency: 'VOICEMAILFLOW' },
  { yaml: 'voiceSurvey', api: 'VOICESURVEY', dependency: 'VOICESURVEYFLOW' },
  { yaml: 'workflow', api: 'WORKFLOW', dependency: 'WORKFLOW' },
  { yaml: 'workitem', api: 'WORKITEM', dependency: 'WORKITEMFLOW' },
];

const byYaml = new Map(table.map((type) => [type.yaml, type]));
/** The API answers types in capitals, and takes them in any case. */
const byApi = new Map(table.map((type) => [type.api, type]));

/** Every top key that Architect YAML may have. */
export const flowTypes: readonly string[] = table.map(({ yaml }) => yaml);

/** `inboundCall` -> `INBOUNDCALL`. */
export function apiTypeOf(yamlKey: string): string | undefined {
  return byYaml.get(yamlKey)?.api;
}

/** `INBOUNDCALL`, in any case -> `inboundCall`. */
export function yamlTypeOf(apiType: string): string | undefined {
  return byApi.get(apiType.toUpperCase())?.yaml;
}

/** `inboundCall` -> `INBOUNDCALLFLOW`. */
export function dependencyTypeOf(yamlKey: string): string | undefined {
  return byYaml.get(yamlKey)?.dependency;
}
