import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { call, flowWorld, flowYaml } from './fixture.ts';
import { storedZip } from './zip.ts';

it('gives back another text that means the same', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const { text, reply } = await w.export({ flows: [{ flow: { id } }] });
  expect([reply.status, reply.body['totalFlows']]).toEqual([202, 1]);
  expect(text).not.toContain('# a comment');
  expect(text).toContain('startUpRef: /inboundCall/tasks/task[start]');
  const { inboundCall: tree } = parse(text!);
  expect(Object.keys(tree).slice(0, 5)).toEqual(['name', 'description', 'division', 'startUpRef', 'defaultLanguage']);
  expect(tree).toMatchObject({ description: '', division: 'Home', supportedLanguages: { 'en-us': { none: true } } });
  const [first, second] = tree.tasks[0].task.actions;
  expect(Object.keys(first.callData)).toEqual(['name', 'timeout', 'category']);
  const { inputs, successOutputs, failureOutputs } = first.callData.category.CRM.dataAction['Get Customer'];
  expect({ inputs, successOutputs }).toEqual({
    inputs: { id: { exp: 'Call.Ani' } },
    successOutputs: { name: { var: 'Task.Name' } },
  });
  expect(failureOutputs).toMatchObject({ errorCode: { noValue: true }, 'details.entityName': { noValue: true } });
  expect(second).toEqual({ disconnect: { name: 'Disconnect' } });
});

it('comes back unchanged when it is published again', async () => {
  await using w = await flowWorld();
  const yaml = `${flowYaml('A', ['- playAudio: { audio: { tts: Hi } }', '- jumpToTask: { targetTaskRef: "./tasks/task[Other]" }'])}    - task: { name: Other, actions: [] }\n`;
  const { flow } = await w.publish(yaml);
  const once = w.state.exportText(flow!.id);
  expect(once).toContain('targetTaskRef: /inboundCall/tasks/task[Other_11]');
  expect(once).toContain('refId: Other_11');
  expect((await w.publish(once)).status).toBe('Success');
  expect(w.state.exportText(flow!.id)).toBe(once);
});

it('keeps references whole when refIds are rewritten', async () => {
  await using w = await flowWorld({ quirks: ['flow-ref-ids-rewritten'] });
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  expect(w.state.exportText(id)).toMatch(/startUpRef: \/inboundCall\/tasks\/task\[Start_10\].*refId: Start_10/s);
  expect((await w.publish(w.state.exportText(id))).status).toBe('Success');
});

it('gives the latest version, drafts included, or just the one that is named', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  w.state.editFlow(id, (yaml) => yaml.replace('minutes: 1', 'minutes: 2'), { publish: false });
  const minutes = async (version?: string) => {
    const { text } = await w.export({ flows: [{ flow: { id, ...(version && { version }) } }] });
    return /minutes: (\d)/.exec(text!)![1];
  };
  expect([await minutes(), await minutes('1.0'), await minutes('1.1')]).toEqual(['2', '1', '2']);
  const { messages } = await w.export({ flows: [{ flow: { id, version: '7.0' } }] });
  expect(messages).toMatchObject([{ type: 'Error', text: `Could not find the flow '${id}' in version 7.0.` }]);
});

it('finds a flow by name and type, and says which it does not', async () => {
  await using w = await flowWorld();
  w.state.seedFlow({ yaml: flowYaml() });
  const by = (flow: object) => w.export({ flows: [{ flow }] });
  expect((await by({ name: 'Main IVR', type: 'INBOUNDCALL' })).status).toBe('Success');
  expect((await by({ name: 'Main IVR', type: 'WORKFLOW' })).messages[0]!.text).toBe(
    "Could not find the flow 'Main IVR'.",
  );
  expect((await w.call('POST', '/flows/export/jobs', { flows: [{ flow: { name: 'Main IVR' } }] })).status).toBe(400);
  expect((await w.call('POST', '/flows/export/jobs', { flows: [] })).status).toBe(400);
  const fileName = { flows: [{ flow: { id: 'x' }, fileName: 'a/b' }] };
  expect((await w.call('POST', '/flows/export/jobs', fileName)).status).toBe(400);
});

it('packs several flows into a zip', async () => {
  await using w = await flowWorld();
  const ids = ['A', 'B'].map((name) => w.state.seedFlow({ yaml: flowYaml(name) }).id);
  const { bytes } = await w.export({ flows: ids.map((id, n) => ({ flow: { id }, fileName: `flow-${n}` })) });
  expect(unpacked(bytes!)).toEqual({
    'flow-0.yaml': w.state.exportText(ids[0]!),
    'flow-1.yaml': w.state.exportText(ids[1]!),
  });
});

it('writes zips that others read', () => {
  const files = { 'a.yaml': 'a: ä\n', 'empty.yaml': '' };
  const zip = storedZip(Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) })));
  expect(unpacked(zip)).toEqual(files);
});

it('names flows as they are called now', async () => {
  await using w = await flowWorld();
  const target = w.state.seedFlow({ yaml: flowYaml('Target') });
  w.state.seedFlow({ yaml: flowYaml('Bot', []).replace('inboundCall:', 'botFlow:') });
  const steps = [
    '- transferToFlow: { targetFlow: { name: Target } }',
    '- callBotFlow: { botFlow: { Bot: { ver_latestPublished: { inputs: {} } } } }',
  ];
  const { id } = w.state.seedFlow({ yaml: flowYaml('User', steps) });
  await w.call('PUT', `/flows/${target.id}`, { name: 'Goal' });
  await w.call('PUT', `/flows/${w.state.flowNamed('botFlow', 'Bot')!.id}`, { name: 'Robot' });
  const text = w.state.exportText(id);
  expect(text).toMatch(/targetFlow:\s+name: Goal/);
  expect(text).toMatch(/botFlow:\s+Robot:\s+ver_latestPublished:/);
  expect((await w.publish(text)).messages).toEqual([]);
});

it('names actions as they are called now', async () => {
  await using w = await flowWorld();
  const { id } = w.state.seedFlow({ yaml: flowYaml('A', [call()]) });
  w.state.editAction(w.action.id, { name: 'Find Customer', category: 'Customers' });
  expect(w.state.exportText(id)).toMatch(/Customers:\s+dataAction:\s+Find Customer:\s+inputs:/);
});

/** By somebody else's reader of zips. */
function unpacked(zip: Buffer): Record<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'zip-'));
  const file = path.join(folder, 'flows.zip');
  writeFileSync(file, zip);
  const script = `import json,sys,zipfile
z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))`;
  const text = execFileSync('python3', ['-c', script, file], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return JSON.parse(text);
}
