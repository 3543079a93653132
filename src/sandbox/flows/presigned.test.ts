import { expect, it } from 'vitest';
import { ended, flowWorld, flowYaml, put, register } from './fixture.ts';

it('takes a text with the given headers and without a token', async () => {
  await using w = await flowWorld();
  const { presignedUrl, headers } = await register(w.call);
  expect(new URL(presignedUrl).origin).toBe(w.sandbox.url);
  const reply = await put(presignedUrl, headers, flowYaml());
  expect([reply.status, await reply.text()]).toEqual([200, '']);
});

it('refuses a token, and whatever differs from what was signed', async () => {
  await using w = await flowWorld();
  const { presignedUrl, headers } = await register(w.call);
  const [first, ...rest] = Object.entries(headers);
  const tries: [expected: number, url: string, headers: Record<string, string>][] = [
    [400, presignedUrl, { ...headers, authorization: 'Bearer x' }],
    [403, presignedUrl, Object.fromEntries(rest)],
    [403, presignedUrl, { ...headers, [first![0]]: 'text/plain' }],
    [403, presignedUrl, { ...headers, 'x-amz-acl': 'public-read' }],
    [403, presignedUrl.replace(/Signature=\w/, 'Signature=0z'), headers],
    [403, presignedUrl.replace(/&X-Amz-Signature=.*/, ''), headers],
  ];
  for (const [expected, url, sent] of tries) {
    const reply = await put(url, sent, flowYaml());
    expect([reply.status, reply.headers.get('content-type')]).toEqual([expected, 'application/xml']);
    expect(await reply.text()).toMatch(/<Error><Code>\w+<\/Code>/);
  }
  expect(w.state.flowJobs()[0]).toMatchObject({ status: 'Registered' });
  expect(w.state.flowJobs()[0]).not.toHaveProperty('upload');
});

it('refuses a URL that has expired', async () => {
  let now = 1_700_000_000_000;
  await using w = await flowWorld({ now: () => now, presignedSeconds: 60 });
  const { presignedUrl, headers } = await register(w.call);
  now += 59_999;
  expect((await put(presignedUrl, headers, flowYaml())).status).toBe(200);
  now += 1;
  const late = await put(presignedUrl, headers, flowYaml());
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
});

it('lets a download expire, and takes no token for it either', async () => {
  let now = 1_700_000_000_000;
  await using w = await flowWorld({ now: () => now });
  const { id } = w.state.seedFlow({ yaml: flowYaml() });
  const { downloadUrl } = await w.export({ flows: [{ flow: { id } }] });
  expect((await fetch(downloadUrl!)).status).toBe(200);
  expect((await fetch(downloadUrl!, { headers: { authorization: 'Bearer x' } })).status).toBe(400);
  now += 900_000;
  expect((await fetch(downloadUrl!)).status).toBe(403);
});

it('meets faults: a refusal, a cut connection, a lost answer', async () => {
  await using w = await flowWorld();
  const when = { method: 'PUT', path: '/architect-files/upload/{jobId}', times: 1 };
  const { id, presignedUrl, headers } = await register(w.call);
  w.sandbox.addFault({ when, then: { status: 403 } });
  expect((await put(presignedUrl, headers, flowYaml())).status).toBe(403);
  w.sandbox.addFault({ when, then: { drop: true } });
  await expect(put(presignedUrl, headers, flowYaml())).rejects.toThrow();
  expect(w.state.flowJobs()[0]).not.toHaveProperty('upload');
  w.sandbox.addFault({ when, then: { lostResponse: true } });
  await expect(put(presignedUrl, headers, flowYaml())).rejects.toThrow();
  expect((await ended(w.call, `/flows/jobs/${id}`)).status).toBe('Success');
});

it('takes more than the API does, and hides the signature in the list of requests', async () => {
  await using w = await flowWorld();
  const { id, presignedUrl, headers } = await register(w.call);
  await put(presignedUrl, headers, `${flowYaml()}# ${'x'.repeat(600_000)}\n`);
  expect((await ended(w.call, `/flows/jobs/${id}`)).status).toBe('Success');
  const served = w.sandbox.requests().find(({ method }) => method === 'PUT')!;
  expect(served).toMatchObject({ status: 200, pathTemplate: '/architect-files/upload/{jobId}' });
  expect(served.path).toContain('X-Amz-Signature=***');
});
