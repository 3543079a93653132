import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { DaemonConfig } from '../model/daemon-config.ts';
import { isObject, type Json } from '../model/json.ts';
import type { Problem } from '../model/problem.ts';
import { checkDaemon } from './daemon-check.ts';
import type { KnownSurface } from './daemon-target.ts';
import { cutExcerpt, excerptOf } from './excerpt.ts';
import type { Origin } from './finding.ts';
import { offsetOf } from './locate.ts';
import { sortProblems } from './order.ts';
import { parseYaml, trees } from './parse.ts';
import { secretTexts, withoutSecrets } from './redact.ts';
import { schemaOf } from './schema.ts';
import { decode, linesOf, position } from './text.ts';

/** The daemon's file, checked; all problems at once. Nothing that looks like a secret is shown in them. */
export async function loadDaemonConfig(
  file: string,
  surfaces: readonly KnownSurface[],
): Promise<{ config: DaemonConfig } | { problems: Problem[] }> {
  const path = basename(file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    return { problems: [{ code: 'file-not-found', message: `${file}: ${why}` }] };
  }
  const { documents, problems } = parseYaml(bytes);
  const filled = documents.filter((document) => document.bad || document.value !== null);
  const value: Json = filled[0]?.value ?? null;
  const found: Problem[] = problems.map(({ code, message, line, column }) => ({
    code,
    message,
    place: { path, line, column },
  }));
  const decoded = decode(bytes);
  const text = 'text' in decoded ? decoded.text : '';
  const index = filled[0]?.index ?? 0;
  const place = (pointer: string, key: boolean): NonNullable<Problem['place']> =>
    placeOf(text, { path, index, pointer, key });

  if (found.length === 0 && !isObject(value)) {
    found.push({
      code: 'not-an-object',
      message: "the daemon's file must be a map with kind: Daemon",
      place: place('', false),
    });
  } else if (found.length === 0) {
    if (filled.length > 1) {
      found.push({
        code: 'schema',
        message: "the daemon's file holds one document",
        place: placeOf(text, { path, index: filled[1]?.index ?? 0, pointer: '' }),
      });
    }
    const special = checkDaemon(value, surfaces);
    const said = new Set(special.map(({ pointer }) => pointer));
    // What has words of its own is not said again in the schema's.
    const misfits = schemaOf('daemon.schema.json')
      .check(value)
      .filter(({ pointer }) => !said.has(pointer));
    // A target's field that is missing may be there under a wrong name, which is then what to mend.
    const misspelt = misfits
      .filter(({ code }) => code === 'unknown-field')
      .map(({ pointer }) => pointer.replace(/\/[^/]*$/, ''));
    const kept = special.filter(({ pointer }) => !misspelt.includes(pointer));
    for (const { code, message, pointer, key = false } of [...kept, ...misfits]) {
      found.push({ code, message, pointer, place: place(pointer, key) });
    }
  }
  if (found.length === 0) return { config: toConfig(value, dirname(resolve(file))) };
  const secrets = secretTexts(value);
  const lines = linesOf(text);
  const shown = found.map((problem) =>
    cutExcerpt(
      withoutSecrets(
        problem.place === undefined ? problem : { ...problem, excerpt: excerptOf(lines, problem.place.line) },
        secrets,
      ),
    ),
  );
  return { problems: sortProblems(shown) };
}

function placeOf(text: string, origin: Origin): NonNullable<Problem['place']> {
  return { path: origin.path, ...position(text, offsetOf(trees(text)[origin.index]?.contents ?? null, origin)) };
}

/** The schema was kept to, so what is left of the document is the configuration. */
function toConfig(value: Json, folder: string): DaemonConfig {
  const { apiVersion: _apiVersion, kind: _kind, ...config } = value as { [key: string]: Json };
  return { journal: './var/journal.db', ...(absoluteFiles(config, folder) as object) } as DaemonConfig;
}

/** `fromFile` counts from the daemon's file, like every other path in it. */
function absoluteFiles(value: Json, folder: string): Json {
  if (Array.isArray(value)) return value.map((item) => absoluteFiles(item, folder));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) =>
      key === 'fromFile' && typeof item === 'string'
        ? [key, resolve(folder, item)]
        : [key, absoluteFiles(item, folder)],
    ),
  );
}
