import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface GitServer {
  /** `http://127.0.0.1:<port>/`; a repository's URL is this and its folder's name. */
  url: string;
  /** Method and path of every request, in order. */
  requests: string[];
  close(): Promise<void>;
}

export interface GitServerOptions {
  /** The folder that holds the bare repositories. */
  root: string;
  user?: string;
  password?: string;
  /** Answers every request with a redirect to this address. */
  redirectTo?: string;
  /** A free one by default. */
  port?: number;
  /** Serves HTTPS with this certificate. */
  tls?: { cert: string; key: string };
  /** Hides the client's wish for protocol 2, as an old server does: such a one gives out no commit by its id. */
  isOld?: boolean;
  /** What goes wrong now; a test may change it while the server runs. */
  trouble?: Trouble;
}

/** `silent`: requests are taken and never answered. `cut`: each pack breaks off after so many bytes. */
export interface Trouble {
  silent?: boolean;
  cut?: number;
  status?: number;
}

/** Real git over real HTTP: `git http-backend` behind a small server, with basic auth where a password is given. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const requests: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${request.method} ${request.url}`);
    const { silent, status } = options.trouble ?? {};
    if (silent) request.resume();
    else if (status !== undefined) response.writeHead(status).end();
    else if (options.redirectTo !== undefined) {
      response.writeHead(301, { location: options.redirectTo + (request.url ?? '') }).end();
    } else if (!isAllowed(request, options)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end('no');
    } else serve(request, response, options);
  };
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function isAllowed(request: IncomingMessage, { user = 'git', password }: GitServerOptions): boolean {
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return password === undefined || request.headers.authorization === wanted;
}

/** CGI: the request goes to the backend's input, its headers and body come back. */
function serve(request: IncomingMessage, response: ServerResponse, options: GitServerOptions): void {
  const { root, user = 'git', isOld, trouble } = options;
  const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: isOld ? '' : String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => {});
  let head = Buffer.alloc(0);
  let headIsDone = false;
  let left = trouble?.cut ?? Number.POSITIVE_INFINITY;
  const send = (bytes: Buffer): void => {
    if (left <= 0) return;
    left -= bytes.length;
    if (left > 0) response.write(bytes);
    else response.write(bytes.subarray(0, left), () => request.socket.destroy());
  };
  backend.stdout.on('data', (chunk: Buffer) => {
    if (headIsDone) return send(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end === -1) return;
    headIsDone = true;
    for (const line of head.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(/: (.*)/s);
      if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    send(head.subarray(end + 4));
  });
  backend.on('close', () => response.end());
}
