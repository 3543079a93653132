import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** The same document with its variables filled in, so that it stands alone. */
export function plainDocument(n: number): string {
  return document(n)
    .replace('$(integration)', 'Web Services Data Actions')
    .replace('$(timeout)', '12')
    .replace('$(host)', 'https://crm.example.com');
}

/** A `DataAction` document of 1 KB, with variables; no two are the same. */
function document(n: number): string {
  const name = `action-${String(n).padStart(5, '0')}`;
  return `apiVersion: genesys-gitops/v1
kind: DataAction
metadata:
  name: ${name}
spec:
  integration: $(integration)
  contract:
    input:
      inputSchema:
        title: Input of ${name}
        type: object
        required: [customerId]
        properties:
          customerId: { type: string, description: The number of the customer }
    output:
      successSchema:
        title: Output of ${name}
        type: object
        properties:
          firstName: { type: string }
          loyaltyTier: { type: string }
  config:
    timeoutSeconds: $(timeout)
    request:
      requestUrlTemplate: $(host)/customers/${n}/\${input.customerId}
      requestType: POST
      headers:
        Content-Type: application/json
      requestTemplate: |
        {
          "id": "\${input.customerId}",
          "n": ${n}
        }
    response:
      translationMap: { first: $.person.first, tier: $.loyalty.tier }
      translationMapDefaults: { first: '""', tier: '"none"' }
      successTemplate: '{"firstName": \${first}, "tier": \${tier}}'
`;
}

/** What the variables of the documents are. */
const environment = `apiVersion: genesys-gitops/v1
kind: Environment
metadata: { name: prod }
variables:
  integration: Web Services Data Actions
  timeout: 12
  host: https://crm.example.com
`;

/** Files of a config repository with so many documents, one a file, by path. */
export function files(count: number): Map<string, string> {
  const actions = Array.from({ length: count }, (_, n): [string, string] => [`actions/${n}.yaml`, document(n)]);
  return new Map([...actions, ['environments/prod.yaml', environment]]);
}

/** A git repository with these files in one commit on `main`. */
export async function gitRepository(folder: string, contents: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of contents) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commitAll(folder, 'bench');
}

/** Everything in the folder as one commit more. */
export function commitAll(folder: string, message: string): void {
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', message);
}

function git(folder: string, ...words: string[]): void {
  const author = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', '-c', 'commit.gpgSign=false'];
  execFileSync('git', [...author, ...words], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
