import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFlow } from '../yaml/parse.ts';
import { usedBy } from './references.ts';

function used(text: string): string[] {
  const parsed = parseFlow(text);
  if ('flaws' in parsed) throw new Error(parsed.flaws[0]!.message);
  return usedBy(parsed.flow).flows.map(({ type, name }) => `${type} ${name}`);
}

const steps = (...list: string[]): string =>
  `inboundCall:\n  startUpTaskActions:\n${list.map((step) => `    - ${step}\n`).join('')}`;

test('flows are named by a key, a name or a literal', () => {
  expect(
    used(
      steps(
        'callBotFlow: { botFlow: { My Bot: { ver_latestPublished: { inputs: {} } } } }',
        'callDigitalBotFlow: { digitalBotFlow: { Digital: { ver_12: } } }',
        'callCommonModule: { commonModule: { name: { ver_latestPublished: true } } }',
        'transferToFlow: { targetFlow: { name: "Sales " } }',
        'transferToFlowSecure: { targetFlow: { lit: { name: Card } } }',
        'transferToAcd: { overrideInQueueFlow: { name: Music } }',
      ),
    ),
  ).toEqual([
    'botFlow My Bot',
    'digitalBot My Bot',
    'digitalBot Digital',
    'commonModule name',
    'inboundCall Sales ',
    'secureCall Card',
    'inqueueCall Music',
  ]);
});

test('expressions and what only has such a name are no uses', () => {
  expect(
    used(
      steps(
        'transferToFlow: { targetFlow: { exp: Flow.Next } }',
        'transferToAcd: { overrideInQueueFlow: { noValue: true } }',
        'callData: { category: { c: { dataAction: { a: { inputs: { botFlow: { Bot: { lit: x } } } } } } } }',
      ),
    ),
  ).toEqual([]);
  expect(used('commonModule: { name: Own, tasks: [] }')).toEqual([]);
});

test('where the type leaves it open, each type that may be meant is there', () => {
  const flow = 'botFlow: { bots: [{ bot: { actions: [{ transferToFlow: { targetFlow: { name: A } } }] } }] }';
  expect(used(flow)).toEqual(['inboundCall A', 'inboundEmail A', 'inboundShortMessage A', 'inboundChat A']);
});

const folder = '/work/shared/samples/flows';
test.runIf(existsSync(folder))('the samples name their bots and queues', () => {
  const read = (name: string): string =>
    readFileSync(`${folder}/${name}`, 'utf8').replace(/\{\{\s*(\w+)\s*\}\}/g, 'The $1');
  expect(used(read('automated-callback-blueprint+Proactive callback offer.yaml'))).toEqual([
    'inboundCall Trigger proactive callback workflow',
  ]);
  expect(used(read('genesys-cloud-call-park+call-park-agent-inbound-flow.yaml'))).toEqual([
    'inqueueCall The in_queue_flow_name',
  ]);
  expect(used(read('deploy-webmessaging-chatbot-with-lambda-blueprint+DudeWheresMyStuffMessage.yaml'))).toEqual([
    'botFlow DudesWheresMyStuffBot',
    'digitalBot DudesWheresMyStuffBot',
  ]);
});
