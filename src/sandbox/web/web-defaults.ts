import { isObject, type JsonObject } from '../json.ts';

/**
 * What the server writes where a client says nothing. Terraform's provider marks these fields as computed, so something is
 * filled in; the values are UNCONFIRMED.
 */
const defaults: JsonObject = {
  headlessMode: { enabled: false },
  messenger: {
    homeScreen: { enabled: true },
    sessionPersistenceType: 'AcrossSubdomains',
    apps: {
      conversations: {
        enabled: true,
        showAgentTypingIndicator: true,
        showUserTypingIndicator: true,
        autoStart: { enabled: false },
        markdown: { enabled: false },
        conversationDisconnect: { enabled: false, type: 'Send' },
        conversationClear: { enabled: false },
        humanize: { enabled: false },
        notifications: { enabled: false, notificationContentType: 'IncludeMessagesContent' },
        sessionDurationSeconds: 259_200,
      },
      knowledge: { enabled: false },
    },
  },
  cobrowse: {
    enabled: false,
    allowAgentControl: false,
    allowAgentNavigation: false,
    maskSelectors: [],
    channels: ['Webmessaging'],
    readonlySelectors: [],
  },
  journeyEvents: { enabled: false, pageviewConfig: 'Auto' },
  video: {
    enabled: false,
    channels: ['Webmessaging'],
    agent: { allowCamera: true, allowScreenShare: true, allowMicrophone: true, background: 'BLUR' },
    user: { allowCamera: true, allowScreenShare: true, allowMicrophone: true },
  },
};

/** The published default of `FileUploadMode.maxFileSizeKB`. */
const maxFileSizeKB = 10_240;

/** The content with everything that the server fills in. Lists are never completed, but for the size of a file. */
export function filled(content: JsonObject): JsonObject {
  // A messenger that somebody describes is on unless it says otherwise; without a word there is none.
  const whole = laidUnder(defaults, { messenger: { enabled: isObject(content['messenger']) } }, content);
  const messenger = whole['messenger'] as JsonObject;
  const { fileUpload } = messenger;
  if (!isObject(fileUpload) || !Array.isArray(fileUpload['modes'])) return whole;
  const modes = fileUpload['modes'].map((mode: JsonObject) => ({ maxFileSizeKB, ...mode }));
  return { ...whole, messenger: { ...messenger, fileUpload: { ...fileUpload, modes } } };
}

/** The later over the earlier, level by level; a list or a scalar replaces, null takes away. */
export function laidUnder(...layers: JsonObject[]): JsonObject {
  const result: JsonObject = {};
  for (const layer of layers) {
    for (const [key, value] of Object.entries(layer)) {
      const before = result[key];
      if (value === null) delete result[key];
      else if (isObject(value)) result[key] = laidUnder(isObject(before) ? before : {}, value);
      else result[key] = Array.isArray(value) ? value.map((item) => (isObject(item) ? laidUnder(item) : item)) : value;
    }
  }
  return result;
}
