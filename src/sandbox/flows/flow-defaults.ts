import type { JsonObject } from '../json.ts';
import { type FlowType, isVoice } from './flow-types.ts';

/** The order in which the server writes what stands at the top; what is not here comes before the lists of parts. */
const first = ['name', 'description', 'division', 'startUpRef', 'defaultLanguage', 'supportedLanguages'];
const last = ['variables', 'menus', 'tasks', 'states', 'bots', 'startUpTaskActions'];

const noValue = { noValue: true };

/** Settings that a voice flow has whether its text names them or not. */
const voiceDefaults: JsonObject = {
  settingsActionDefaults: {
    playAudioOnSilence: { timeout: { lit: { seconds: 40 } } },
    detectSilence: { timeout: { lit: { seconds: 40 } } },
    callData: { processingPrompt: noValue },
    collectInput: { noEntryTimeout: { lit: { seconds: 5 } } },
    dialByExtension: { interDigitTimeout: { lit: { seconds: 6 } } },
    transferToUser: { connectTimeout: noValue },
    transferToNumber: { connectTimeout: noValue },
    transferToGroup: { connectTimeout: noValue },
    transferToFlowSecure: { connectTimeout: { lit: { seconds: 15 } } },
  },
  settingsPrompts: {
    ensureAudioInPrompts: false,
    promptMediaToValidate: [{ mediaType: 'audio' }, { mediaType: 'tts' }],
  },
};

/** A tree with what is always there, its keys in the server's order. */
export function flowDefaults(type: FlowType, tree: JsonObject): JsonObject {
  const language = typeof tree['defaultLanguage'] === 'string' ? tree['defaultLanguage'] : 'en-us';
  const ending = type === 'workflow' ? { endWorkflow: { none: true } } : { disconnect: { none: true } };
  const whole: JsonObject = {
    description: '',
    division: 'Home',
    defaultLanguage: language,
    supportedLanguages: { [language]: { none: true } },
    settingsErrorHandling: { errorHandling: ending },
    ...(isVoice(type) && voiceDefaults),
    ...tree,
  };
  const between = Object.keys(whole).filter((key) => !first.includes(key) && !last.includes(key));
  const order = [...first, ...between.toSorted(), ...last].filter((key) => whole[key] !== undefined);
  return Object.fromEntries(order.map((key) => [key, whole[key]]));
}
