import type { JsonObject } from '../../model/json.ts';
import { setAt } from '../../model/pointer.ts';

const [source, other, third] = ['org-source', 'org-other', 'org-replica'];

const example: JsonObject = {
  organizations: [source, other],
  theme: { colors: { primary: '#0052CC' }, typography: { fontSize: 16 } },
  greetings: { messages: ['Good day', 'We are here to help'] },
  availability: { rules: [{ dayOfWeek: 'MONDAY', startTime: '09:00', endTime: '17:00' }] },
  features: { flags: { enableFileUpload: true, enableRichText: false }, audiences: ['premium', 'trial'] },
  replicateTo: { organizations: [third], overwriteExisting: true },
};

const change = (...changes: [string, JsonObject[string]][]): JsonObject =>
  changes.reduce((spec, [pointer, value]) => setAt(spec, pointer, value), example);

/** Quirks of the sandbox that are about these objects. */
export const quirks = ['webchat-'];

export const fixtures = [
  {
    kind: 'WebChatConfiguration',
    sandbox: { seed: { webChatOrganizations: [source, other, third].map((id) => ({ id, name: id })) } },
    allowed: { organizations: [source, other, third] },
    example,
    updates: {
      colour: change(['/theme/colors/primary', '#047857']),
      'greetings, hours and flags': change(
        ['/greetings/messages', ['Hello']],
        [
          '/availability/rules',
          [
            { dayOfWeek: 'TUESDAY', startTime: '13:00', endTime: '17:00' },
            { dayOfWeek: 'TUESDAY', startTime: '09:00', endTime: '12:00' },
          ],
        ],
        ['/features/flags', { enableRichText: true }],
      ),
      'everything at once': change(
        [
          '/theme',
          { colors: { primary: '#FFF', background: '#003380' }, typography: { fontSize: 24, fontFamily: 'Arial' } },
        ],
        ['/accessibility', { wcagLevel: 'AAA', contrastRatio: 11.76, ariaLiveRegion: 'assertive' }],
        ['/greetings', { enabled: false, messages: ['Hello', 'Hi', 'Good day'], delayMs: 0 }],
        ['/availability', { schedule: 'always' }],
        ['/features', { flags: {}, audiences: ['trial'], dynamicRouting: false }],
      ),
    },
  },
];
