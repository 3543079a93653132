import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { drop, failureOf, json, type Play, type Seen, world } from './fixture.ts';
import { hiding } from './presigned-refusal.ts';

const signature = 'f00dfeed0123456789abcdef';
const query = `X-Amz-Credential=AKIA%2F2026%2Fs3&X-Amz-Signature=${signature}`;
const headers = { 'x-amz-meta-token': 'header-that-is-secret' };
const repeat = (url: string, seen: Seen): string =>
  `<Error><Code>SignatureDoesNotMatch</Code><Message>Asked for ${url}${seen.url.pathname}${seen.url.search.replaceAll('&', '&amp;')} with ${seen.headers['x-amz-meta-token']} and AKIA/2026/s3</Message><SignatureProvided>${signature}</SignatureProvided></Error>`;

const plays: [string, Play][] = [
  ['success', (response) => void response.end('text')],
  ['XML that repeats it', (response, seen) => void response.writeHead(403).end(repeat('http://h', seen))],
  ['text that repeats it', (response, seen) => void response.writeHead(400).end(`no: ${seen.url.href}`)],
  ['JSON that repeats it', (response, seen) => json(response, 500, { message: seen.url.href, code: signature })],
  ['a redirect with it', (r, seen) => void r.writeHead(302, { location: `/y${seen.url.search}` }).end()],
  ['no answer', drop],
];

test.each(plays)(
  '%s: no error, log line, receipt or metric holds the URL or what it is signed with',
  async (_, play) => {
    const told: unknown[] = [];
    const w = await world(play, { onRequest: (one) => void told.push(one) });
    const url = `${w.url}/in/flow.yaml?${query}`;
    const write = w.client.writer().upload({ url, headers, text: 'the text itself' });
    told.push(await w.clock.drive(write).catch((error: unknown) => error));
    told.push(await w.clock.drive(w.client.reader().download(url)).catch((error: unknown) => error));
    expect(w.seen.length).toBeGreaterThanOrEqual(2);
    const all = inspect([told, w.lines], { depth: 12, showHidden: true });
    for (const secret of [signature, 'AKIA', 'flow.yaml', 'header-that-is-secret', 'the text itself'])
      expect(all).not.toContain(secret);
  },
);

test('an address that cannot be reached is not told with its query', async () => {
  const w = await world(() => undefined);
  const failure = await failureOf(w, w.client.reader().download(`http://127.0.0.1:1/in/flow.yaml?${query}`));
  expect(inspect([failure, w.lines], { depth: 12, showHidden: true })).not.toMatch(/AKIA|f00dfeed|flow\.yaml/);
});

test('short values stay: they are words', () => {
  const hide = hiding(new URL('https://h/a?x-id=Put&Expires=300&sig=abcdef'), { 'x-b': 'no' });
  expect(hide('Put no 300 to /a: abcdef')).toBe('Put no 300 to /a: (hidden)');
});
