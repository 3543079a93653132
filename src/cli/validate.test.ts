import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { validateCommand } from './validate.ts';

/** What `validate` prints of a folder whose only document waits as long as `$(wait)`. */
async function said(environment?: string): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'validate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const document =
    'apiVersion: genesys-gitops/v1\nkind: Timeout\nmetadata: { name: a }\nspec: { integration: I, timeoutSeconds: $(wait) }\n';
  writeFileSync(path.join(folder, 'a.yaml'), document);
  mkdirSync(path.join(folder, 'environments'));
  if (environment !== undefined) writeFileSync(path.join(folder, 'environments/prod.yaml'), environment);
  const printed: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  await validateCommand(folder, { output: 'text' });
  return printed.join('');
}

test('a variable that perhaps only a target gives: `validate -c` is named, and only then', async () => {
  const hint = '`genesys-gitops validate -c FILE` reads with them';
  const lost = await said();
  expect(lost).toContain('undefined-variable: the variable "wait" has no value');
  expect(lost).toContain(hint);
  const known = await said(
    'apiVersion: genesys-gitops/v1\nkind: Environment\nmetadata: { name: prod }\nvariables: { wait: 10 }\n',
  );
  expect(known).toContain('1 resource in 1 environment (prod)');
  expect(known).not.toContain(hint);
});
