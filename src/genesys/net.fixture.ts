import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ca, cert, key } from '../../test/support/tls.ts';

/** The port that the server listens on until the test ends. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy for both forms (absolute URLs, CONNECT) that tells what went through it. */
export async function proxy(): Promise<{ url: string; through: string[] }> {
  const through: string[] = [];
  const server = createServer((request, response) => {
    through.push(`${request.method} ${request.url}`);
    const onward = httpRequest(request.url!, { method: request.method!, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    through.push(`CONNECT ${request.url}`);
    const [host, port] = request.url!.split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => undefined);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, through };
}

/** A file with the CA of `tlsServer`. */
export function caFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ca-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'ca.pem');
  writeFileSync(path, ca);
  return path;
}

/** A server for https, with a certificate that only `caFile` makes good. */
export const tlsServer = (
  answer: RequestListener = (_request, response) => void response.end('secure'),
): Promise<number> => listen(createTlsServer({ cert, key }, answer));
