import type { Story } from './long-faults.ts';
import { answering, group, hours, messenger, page } from './web-documents.ts';

const web = [messenger(), page()];
const blue = '#1d4ed8';
const green = '#047857';
const times = [hours(), group()];

/** Every sort of write of the four objects, one commit each. */
export const webStories: Story[] = [
  { what: 'web: create', before: [], after: web },
  { what: 'web: another colour, which the deployment takes', before: web, after: [messenger(green), page()] },
  {
    what: 'web: rename both, and another colour',
    before: web,
    after: [messenger(green, { name: 'Other' }), page({ name: 'Other page', configuration: 'Other' })],
  },
  {
    what: 'web: a deployment changes, and is pinned',
    before: web,
    after: [messenger(green), page({ version: 1, allowedDomains: ['shop.example.com'] })],
  },
  { what: 'web: delete', before: [...web, hours()], after: [hours()] },
  { what: 'schedule: create, with its group', before: [], after: times },
  {
    what: 'schedule: update, with its group',
    before: times,
    after: [hours({ end: '2026-01-05T18:00' }), group({ timeZone: 'Europe/Paris' })],
  },
  {
    what: 'schedule: rename both',
    before: times,
    after: [hours({ name: 'Times' }), group({ name: 'Team', openSchedules: ['Times'] })],
  },
  { what: 'schedule: delete, with its group', before: [...times, messenger(blue)], after: [messenger(blue)] },
  {
    what: 'web: all four, and the flow that answers',
    before: [],
    after: [...times, answering(), messenger(), page({ flow: 'Answering' })],
  },
];
