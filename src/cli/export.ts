import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportLive } from '../app.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { complain, openSession, print, type SessionOptions } from './session.ts';
import { count, safe } from './text.ts';

export interface ExportOptions extends SessionOptions {
  out: string;
}

/** Live objects as documents: what it writes plans as no change. Writes only into an empty or absent folder. */
export async function exportCommand(options: ExportOptions): Promise<ExitCode> {
  if ((options.target?.length ?? 0) > 1)
    throw new Refusal('export writes one organisation at a time; name one --target');
  const existing = await readdir(options.out).catch(() => []);
  if (existing.length > 0)
    throw new Refusal(`${options.out} is not empty; name a new folder, so that nothing is overwritten`);
  const { app, targets } = await openSession(options, { readOnly: true });
  try {
    if (targets.length > 1)
      throw new Refusal(`name one of the targets with --target: ${targets.map(({ name }) => name).join(', ')}`);
    const { files, skipped, secrets } = await exportLive(app, targets[0]!);
    for (const [name, text] of files) {
      const file = path.join(options.out, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text, { flag: 'wx' });
    }
    print(`${count(files.size, 'file')} written to ${safe(options.out)}`);
    for (const { name, why } of skipped) complain(`left out: ${safe(name)}: ${safe(why)}`);
    if (secrets.length > 0) {
      complain(
        `Sensitive values were not written. Grant these secrets to the target, under \`secrets\` in ${safe(options.config)}:`,
      );
      for (const { name, at } of secrets) complain(`  ${safe(name)}: { fromFile: ... }    # ${safe(at)}`);
    }
    return skipped.some(({ failed }) => failed === true) ? exit.failed : exit.ok;
  } finally {
    await app.close();
  }
}
