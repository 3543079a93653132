import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from './demo-stage.ts';

/** What somebody does by a script, with a client of their own: sets the timeout of a data action through the API. */
export async function setTimeoutByScript(place: Place, name: string, timeoutSeconds: number): Promise<void> {
  const { url, state } = place.sandbox;
  const authorization = `Basic ${Buffer.from('sandbox-admin:sandbox-secret').toString('base64')}`;
  const grant = new URLSearchParams({ grant_type: 'client_credentials' });
  const token = await asked(`${url}/oauth/token`, { method: 'POST', headers: { authorization }, body: grant });
  const action = `${url}/api/v2/integrations/actions/${state.actionNamed(name)!.id}`;
  const headers = { authorization: `Bearer ${token['access_token']}`, 'content-type': 'application/json' };
  const { version, config } = await asked(`${action}?includeConfig=true`, { headers });
  const body = JSON.stringify({ version, config: { ...(config as object), timeoutSeconds } });
  await asked(action, { method: 'PATCH', headers, body });
}

/** Audit records arrive late: resolves when all of what was done until now can be found. */
export async function recorded({ sandbox: { state } }: Place): Promise<void> {
  const all = state.allAudits().length;
  while (state.audits().length < all) await sleep(10);
}

async function asked(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`the demo's own request to ${url} was answered with ${answer.status}`);
  return (await answer.json()) as Record<string, unknown>;
}
