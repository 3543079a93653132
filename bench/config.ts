import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { files, gitRepository } from './documents.ts';

/** The variable in which the benches' client secret stands, and an environment with it. */
const secret = 'BENCH_SECRET';
export const env = { ...process.env, [secret]: 'sandbox-secret' };

/**
 * A config repository of so many documents and a daemon's file for it, in a folder. `target`, `source` and `top` are laid
 * over what it says, and `more` files beside the documents. Answers the path of the daemon's file; the repository is `repository` beside it.
 */
export async function setUp(
  folder: string,
  api: string,
  documents: number,
  {
    target = {},
    source = {},
    top = {},
    more = new Map(),
  }: { target?: object; source?: object; top?: object; more?: ReadonlyMap<string, string> } = {},
): Promise<string> {
  const repository = path.join(folder, 'repository');
  await gitRepository(repository, new Map([...files(documents), ...more]));
  const first = {
    name: 'bench',
    environment: 'prod',
    organization: 'Sandbox',
    apiUrl: api,
    loginUrl: api,
    clientId: 'sandbox-daemon',
    clientSecret: { fromEnv: secret },
    policy: { prune: true, maxChanges: documents + more.size },
    ...target,
  };
  const config = {
    apiVersion: 'genesys-gitops/v1',
    kind: 'Daemon',
    source: { url: pathToFileURL(repository).href, branch: 'main', ...source },
    targets: [first],
    journal: './var/journal.db',
    // What the audit log is asked is counted apart.
    audit: { enabled: false },
    ...top,
  };
  const file = path.join(folder, 'genesys-gitops.yaml');
  await writeFile(file, JSON.stringify(config));
  return file;
}
