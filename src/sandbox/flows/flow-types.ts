/** The types of flows: how a YAML file calls them (its top key), the API, and dependency tracking. */
const apiTypes = {
  botFlow: 'BOT',
  commonModule: 'COMMONMODULE',
  digitalBot: 'DIGITALBOT',
  emailSend: 'EMAILSEND',
  inboundCall: 'INBOUNDCALL',
  inboundChat: 'INBOUNDCHAT',
  inboundEmail: 'INBOUNDEMAIL',
  inboundShortMessage: 'INBOUNDSHORTMESSAGE',
  inqueueCall: 'INQUEUECALL',
  inqueueEmail: 'INQUEUEEMAIL',
  inqueueShortMessage: 'INQUEUESHORTMESSAGE',
  outboundCall: 'OUTBOUNDCALL',
  secureCall: 'SECURECALL',
  surveyInvite: 'SURVEYINVITE',
  voice: 'VOICE',
  voicemail: 'VOICEMAIL',
  voiceSurvey: 'VOICESURVEY',
  workflow: 'WORKFLOW',
  workitem: 'WORKITEM',
} as const;

/** The top key of a flow's YAML. */
export type FlowType = keyof typeof apiTypes;

/** What the API calls it, e.g. `INBOUNDCALL`. */
export const apiType = (type: FlowType): string => apiTypes[type];

/** What dependency tracking calls it, e.g. `INBOUNDCALLFLOW`. */
export const dependencyType = (type: FlowType): string => (type === 'workflow' ? 'WORKFLOW' : `${apiTypes[type]}FLOW`);

/** The type that a top key names; letter case is not looked at, as files in the wild differ in it. */
export function typeOfKey(key: string): FlowType | undefined {
  return names.find((name) => name.toLowerCase() === key.toLowerCase());
}

/** The type that the API names, in whatever case. */
export function typeOfApi(name: string): FlowType | undefined {
  return names.find((type) => apiTypes[type] === name.toUpperCase());
}

/** As the API names them. */
export const flowTypeNames: readonly string[] = [...Object.values(apiTypes), 'SPEECH'];

/** The type that dependency tracking names. */
export const typeOfDependency = (name: string): FlowType | undefined =>
  names.find((type) => dependencyType(type) === name);

const names = Object.keys(apiTypes) as FlowType[];

/** Flows that speak: they have prompts, and defaults for actions that play them. */
export const isVoice = (type: FlowType): boolean =>
  ['inboundCall', 'inqueueCall', 'outboundCall', 'secureCall', 'voicemail', 'voiceSurvey'].includes(type);
