import { type Sandbox, type SandboxOptions, startSandbox } from './index.ts';
import type { ActionRecord, IntegrationRecord } from './records.ts';

/** What tests of the sandbox share: a sandbox that closes itself, a plain caller, an action to send. */

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // Each test knows the definition that it asked for.
  body: ReplyBody;
}

/** A JSON answer in which every field may be read, and is whatever it is. */
export interface ReplyBody {
  [name: string]: ReplyBody;
}

export type Caller = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

/** A token of a client, or the refusal. @param scope scopes to ask for, with blanks between them */
export async function login(
  url: string,
  id = 'sandbox-daemon',
  secret = 'sandbox-secret',
  scope?: string,
): Promise<Reply> {
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
  return reply(await fetch(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body }));
}

/** Calls the API as a client does, without a library in between. Paths begin after `/api/v2`. */
export async function connect(sandbox: Pick<Sandbox, 'url'>, clientId?: string, scope?: string): Promise<Caller> {
  const { body } = await login(sandbox.url, clientId, undefined, scope);
  const authorization = `Bearer ${body['access_token']}`;
  return async (method, path, sent, headers = {}) => {
    const response = await fetch(`${sandbox.url}/api/v2${path}`, {
      method,
      headers: { authorization, ...(sent !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(sent !== undefined && { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
    });
    return reply(response);
  };
}

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : {} };
}

/** A sandbox, and a caller with a token of the daemon; `await using` closes it. */
export async function world(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ auditDelayMs: 0, ...options });
  const call = await connect(sandbox);
  sandbox.clearRequests();
  return { sandbox, call, state: sandbox.state, [Symbol.asyncDispose]: () => sandbox.close() };
}

export const webServices = (state: Sandbox['state']): IntegrationRecord =>
  state.integrationNamed('Web Services Data Actions')!;

/** A whole and valid `PostActionInput`. */
export function actionInput(state: Sandbox['state'], change: Partial<ActionRecord> = {}) {
  const { name = 'Get Customer', category = 'CRM', secure = false, config, contract, integrationId } = change;
  return {
    name,
    category,
    secure,
    integrationId: integrationId ?? webServices(state).id,
    config: config ?? {
      timeoutSeconds: 10,
      request: {
        requestUrlTemplate: 'https://crm.example.com/customers/${input.id}',
        requestTemplate: '#if(${input.id})${input.rawRequest}#end\n',
        requestType: 'GET',
        headers: { 'X-Team': 'crm' },
      },
      response: {
        translationMap: { name: '$.name' },
        translationMapDefaults: { name: '"unknown"' },
        successTemplate: '{"name": ${name}}',
      },
    },
    contract: contract ?? {
      input: { inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
      output: {
        successSchema: {
          type: 'object',
          properties: { name: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
        },
      },
    },
  };
}

/** An interval that a realtime audit query takes: the last days, and some to come. */
export function lately(now = Date.now()): string {
  const day = 86_400_000;
  return `${new Date(now - 13 * day).toISOString()}/${new Date(now + 3 * day).toISOString()}`;
}
