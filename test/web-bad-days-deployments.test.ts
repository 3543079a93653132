import { expect, test } from 'vitest';
import { callFlow } from './support/flows.ts';
import type { Day } from './support/long-day.ts';
import { said } from './support/stories.ts';
import { anHour, type BadDay, playBadDay } from './support/web-bad-days.ts';
import { asking, deploymentIn, moving, once, paintByHand, shown, useWebDays } from './support/web-days.ts';
import { answering, messenger, page } from './support/web-documents.ts';

const open = useWebDays();
const green = '#047857';
const before = [messenger(), page()];
const after = [messenger(green), page()];
const held = ['page held ActivationPending'];
const applied = 'messenger applied';
const planned =
  (act: (day: Day) => void) =>
  (day: Day): { planned(): void } => ({ planned: () => act(day) });
const here =
  (act: (day: Day) => unknown) =>
  (day: Day): undefined =>
    void act(day);

/** A flow, or a configuration, that somebody else has. */
const seedFlow = here(({ it }) =>
  it.sandbox.state.seedFlow({
    yaml: answering().files['/spec/file']!.text.replace(/ {10}- evaluate[\s\S]*name: Group\n/, ''),
  }),
);
const seedTheirs = here(({ it }) =>
  it.sandbox.state.seedWebConfiguration({ name: 'Theirs', messenger: { enabled: false } }),
);
const deleteTheirs = ({ it }: Day): void => {
  it.sandbox.state.deleteWebConfiguration(it.sandbox.state.webConfigurationNamed('Theirs')!.id);
};
const deleteFlow = ({ it }: Day): void => {
  it.sandbox.state.deleteFlow(it.sandbox.state.flows().find(({ name }) => name === 'Answering')!.id);
};
/** Somebody makes the version that the document is pinned to. */
const publishTwo = async (day: Day): Promise<void> => {
  paintByHand(day);
  await anHour(day);
};

const days: BadDay[] = [
  {
    what: 'its flow is deleted between plan and apply',
    before,
    after: [messenger(), page({ flow: 'Answering' })],
    spoil: [seedFlow, planned(deleteFlow)],
    becomes: ['page failed BadRequest'],
    message:
      /^the flow "Answering" cannot answer messages: it has to be a published flow of type inboundShortMessage \(/,
    mend: async (day) => {
      seedFlow(day);
      await anHour(day);
    },
    others: true,
    ends: (day) => [typeof deploymentIn(day).flowId, 'string'],
  },
  {
    what: 'its configuration is deleted between plan and apply',
    before: [messenger()],
    after: [messenger(), page({ configuration: 'Theirs' })],
    spoil: [seedTheirs, planned(deleteTheirs)],
    becomes: ['page failed ReferenceNotFound'],
    message: /^the configuration, or its version, is not there \(any more\)/,
    mend: async (day) => {
      day.it.sandbox.state.seedWebConfiguration({ name: 'Theirs', messenger: { enabled: false } });
      await anHour(day);
    },
    others: true,
    ends: (day) => [shown(day), '1: says 1, serves 1'],
  },
  {
    what: 'a version number that was never published; once it is, that is where it stays',
    before,
    after: [messenger(), page({ version: 2 })],
    spoil: [],
    becomes: ['page failed ReferenceNotFound'],
    message: 'version 2 of "Messenger" was never published; the newest is 1',
    next: ['page held ReferenceNotFound'],
    mend: publishTwo,
    ends: (day) => [shown(day), '3: says 2, serves 2'],
  },
  {
    what: 'a deployment that accepts a version and does not serve it: held, and healed without a second write',
    before,
    after,
    spoil: [{ when: moving, then: { activation: 'never' } }],
    becomes: [applied, 'page failed ActivationPending'],
    message: /^"Page" was written, but it is still Pending after 6\d s$/,
    next: held,
    mend: (day) => {
      day.it.sandbox.state.editWebDeployment(deploymentIn(day).id, { description: 'Genesys woke up' });
    },
    ends: (day) => [shown(day), '2: says 2, serves 2'],
  },
  {
    what: 'a deployment whose activation ends in Error',
    before,
    after,
    spoil: [{ when: moving, then: { activation: 'error' } }],
    becomes: [applied, 'page failed ActivationFailed'],
    message:
      '"Page" was written, but its activation ended in Error; Genesys does not say why, the admin pages may: save it there again, or publish a version that is good',
    next: ['page held ActivationFailed'],
    mend: (day) => {
      day.it.sandbox.state.editWebDeployment(deploymentIn(day).id, { description: 'By hand' });
    },
    ends: (day) => [shown(day), '2: says 2, serves 2'],
  },
  {
    what: 'what it serves cannot be asked (403): its own status decides',
    before,
    after,
    spoil: [{ when: asking, then: { status: 403 } }],
    becomes: [applied, 'page applied'],
    ends: (day) => [shown(day), '2: says 2, serves 2'],
  },
  {
    what: 'the answer to its move is lost: it is not written again',
    before,
    after,
    spoil: [once(moving, { lostResponse: true })],
    becomes: [applied, 'page applied'],
    ends: (day) => [shown(day), '2: says 2, serves 2'],
  },
];

test.each(days)('$what', async (bad) => {
  await playBadDay(await open(bad.options), bad);
});

test.each([
  [
    'a flow',
    { flow: 'Answering' },
    'flow-not-found: no inbound message flow "Answering" is there; it is neither live nor in this repository',
  ],
  [
    'a configuration',
    { configuration: 'Mesenger' },
    'configuration-not-found: no web messaging configuration "Mesenger" is there (did you mean "Messenger"?); it is neither live nor in this repository',
  ],
  [
    'a profile',
    { supportedContent: 'Imges' },
    'supported-content-not-found: no supported content profile "Imges" is there (did you mean "Images"?); make it in the admin pages first',
  ],
])('%s that is not there is a problem, and nothing is written', async (_what, change, expected) => {
  const day = await open();
  await day.apply(before);
  day.it.sandbox.clearRequests();
  const { plan } = await day.apply([messenger(), page(change)]);
  expect(plan.problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([expected]);
  expect(day.it.writes()).toEqual([]);
});

test('a flow of another type is told as such', async () => {
  const day = await open();
  day.it.sandbox.state.seedFlow({ yaml: callFlow('Answering') });
  const { problems } = await day.plan([messenger(), page({ flow: 'Answering' })]);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('the flow "Answering" is of type inboundCall, and messages need inboundShortMessage'),
  ]);
});

test('one that fails holds up no other: two deployments of one configuration', async () => {
  const day = await open();
  const pages = [page(), page({ name: 'Second' }, 'second')];
  await day.apply([messenger(), ...pages]);
  const { id } = deploymentIn(day);
  day.it.sandbox.addFault({ when: { ...moving, path: moving.path.replace('*', id) }, then: { status: 403 } });
  const { outcomes } = await day.apply([messenger(green), ...pages]);
  expect(outcomes.map((one) => `${one.name} ${said(one)}`).sort()).toEqual([
    'messenger applied',
    'page failed PermissionMissing',
    'second applied',
  ]);
  expect([shown(day), shown(day, 'Second')]).toEqual(['2: says 1, serves 1', '2: says 2, serves 2']);
  await anHour(day);
  await day.endsWell([messenger(green), ...pages]);
});
