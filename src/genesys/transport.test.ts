import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { failureOf, world } from './fixture.ts';
import { caFile, listen, proxy, tlsServer } from './net.fixture.ts';
import { createTransport, type Transport, type TransportError, type TransportOptions } from './transport.ts';

function transport(options: TransportOptions): Transport {
  const made = createTransport({ env: {}, ...options });
  onTestFinished(() => made.close());
  return made;
}

const get = (url: string): { method: string; url: string; headers: Record<string, string> } => ({
  method: 'GET',
  url,
  headers: {},
});

test('a private CA is trusted through caFile, beside the usual roots, and not without it', async () => {
  const url = `https://localhost:${await tlsServer()}/x`;
  expect(await transport({ caFile: caFile() }).exchange(get(url))).toMatchObject({ status: 200, body: 'secure' });
  await expect(transport({}).exchange(get(url))).rejects.toMatchObject({ name: 'TransportError', sent: false });
});

test('a CA file that cannot be used is said at once', () => {
  expect(() => createTransport({ caFile: '/nowhere/ca.pem' })).toThrow('The CA file /nowhere/ca.pem cannot be used');
});

test('https goes through HTTPS_PROXY by CONNECT, with caFile too', async () => {
  const { url, through } = await proxy();
  const port = await tlsServer();
  const via = transport({ caFile: caFile(), env: { HTTPS_PROXY: url } });
  expect(await via.exchange(get(`https://localhost:${port}/x`))).toMatchObject({ status: 200, body: 'secure' });
  expect(through).toEqual([`CONNECT localhost:${port}`]);
});

test('http goes through HTTP_PROXY, but not to what NO_PROXY names', async () => {
  const { url, through } = await proxy();
  const server = createServer((_request, response) => response.end('plain'));
  const target = `http://127.0.0.1:${await listen(server)}/x?y=1`;
  expect((await transport({ env: { HTTP_PROXY: url } }).exchange(get(target))).body).toBe('plain');
  expect(through).toEqual([`GET ${target}`]);
  expect((await transport({ env: { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' } }).exchange(get(target))).body).toBe(
    'plain',
  );
  expect(through).toHaveLength(1);
});

const closes = (socket: Duplex): unknown => socket.end();
const says =
  (line: string) =>
  (socket: Duplex): unknown =>
    socket.end(`${line}\r\n\r\n`);

test.each([
  [
    'asks for credentials',
    says('HTTP/1.1 407 Proxy Authentication Required'),
    /407.*asks for credentials: .*HTTPS_PROXY/,
  ],
  ['cannot reach Genesys', says('HTTP/1.1 502 Bad Gateway'), /502 Bad Gateway; check the proxy that `HTTPS_PROXY`/],
  ['closes the connection', closes, /ended unexpectedly; check the proxy that `HTTPS_PROXY`/],
  ['says nothing at all', () => undefined, /timed out after 100ms; check the proxy that `HTTPS_PROXY`/],
  ['is no proxy', says(`SSH-2.0-${'x'.repeat(2000)}`), /SSH-2.0-x+…; check the proxy that `HTTPS_PROXY`/],
  ['closes the tunnel again', says('HTTP/1.1 200 OK'), /before secure TLS connection was established/],
] as const)('a proxy that %s: nothing was sent, and a person reads why', async (_what, answer, message) => {
  const server = createServer();
  server.on('connect', (_request, socket) => answer(socket));
  const proxyUrl = `http://user:proxy-secret@127.0.0.1:${await listen(server)}`;
  const via = transport({ env: { HTTPS_PROXY: proxyUrl }, agentOptions: { timeout: 100 } });
  const error = await via.exchange(get('https://localhost:1/x')).catch((e: unknown) => e as TransportError);
  expect(error).toMatchObject({ sent: false, message: expect.stringMatching(message) });
  expect((error as TransportError).message).not.toContain('proxy-secret');
});

test('a proxy that is not there: nothing was sent', async () => {
  const via = transport({ env: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
  await expect(via.exchange(get('https://localhost:1/x'))).rejects.toMatchObject({ sent: false, code: 'ECONNREFUSED' });
});

test('a proxy that is slow is waited for', async () => {
  const port = await tlsServer();
  const server = createServer();
  server.on('connect', (_request, socket) => {
    const onward = connect(port, '127.0.0.1', () =>
      setTimeout(() => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      }, 300),
    );
    for (const end of [onward, socket]) end.on('error', () => undefined);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  const via = transport({ caFile: caFile(), env: { HTTPS_PROXY: url } });
  expect(await via.exchange(get(`https://localhost:${port}/x`))).toMatchObject({ status: 200, body: 'secure' });
});

test('a write behind a proxy that opens no tunnel is a network error, tried again and not unsettled', async () => {
  const server = createServer();
  let tunnels = 0;
  server.on('connect', (_request, socket) => {
    tunnels++;
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  const login = await world(() => undefined);
  const w = await world(() => undefined, {
    apiUrl: 'https://localhost:1',
    loginUrl: login.url,
    env: { HTTPS_PROXY: `http://127.0.0.1:${await listen(server)}` },
  });
  const failure = await failureOf(w, w.client.writer().send({ method: 'POST', path: '/api/v2/x', body: {} }));
  expect(failure.reason).toBe('NetworkError');
  expect(failure.message).toMatch(/407 Proxy Authentication Required; the proxy asks for credentials/);
  expect(tunnels).toBe(5);
});

test('connections are kept', async () => {
  let connections = 0;
  const server = createServer((_request, response) => response.end('x'));
  server.on('connection', () => connections++);
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const one = transport({});
  for (let i = 0; i < 5; i++) await one.exchange(get(url));
  expect(connections).toBe(1);
});

test('idle connections are dropped after a while, busy ones are not', async () => {
  let connections = 0;
  const server = createServer((_request, response) => void setTimeout(() => response.end('x'), 150));
  const dropped = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      connections++;
      socket.on('close', () => resolve());
    });
  });
  const url = `http://127.0.0.1:${await listen(server)}/`;
  const one = transport({ agentOptions: { timeout: 50 } });
  expect(await one.exchange(get(url))).toMatchObject({ status: 200 });
  await dropped;
  expect(await one.exchange(get(url))).toMatchObject({ status: 200 });
  expect(connections).toBe(2);
});

test('an error holds no header of the request', async () => {
  const error: unknown = await transport({})
    .exchange({ ...get('http://127.0.0.1:1/'), headers: { authorization: 'Bearer very-secret' } })
    .catch((e: unknown) => e);
  const { inspect } = await import('node:util');
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('very-secret');
});
