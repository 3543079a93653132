import type { Json } from '../../model/json.ts';
import { blobId } from '../blob.ts';
import { parseYaml } from '../parse.ts';
import type { Snapshot, SnapshotFile } from '../snapshot.ts';
import { decode } from '../text.ts';
import { edit, type Operation } from './edit.ts';
import type { FileChange } from './unified.ts';

const byteOrderMark = '\ufeff';

/** The files of a snapshot while they are being edited. Nothing is written to a disk. */
export interface Files {
  /** The text as it is now, without a byte order mark; undefined where there is no such file, or it is no text. */
  text(path: string): Promise<string | undefined>;
  /** The values of the documents in it, as they are written now; undefined where it cannot be read. */
  values(path: string): Promise<readonly Json[] | undefined>;
  /** Makes one change of one document; answers why it cannot be made. */
  edit(path: string, index: number, operation: Operation): Promise<{ why: string } | undefined>;
  replace(path: string, text: string): void;
  remove(path: string): void;
  changes(): Promise<FileChange[]>;
  /** The snapshot with the files as they are now. */
  snapshot(): Promise<Snapshot>;
}

/** YAML may be written as JSON, and then it is to stay so. */
function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function editing(base: Snapshot): Files {
  const now = new Map<string, string | undefined>();

  async function bytesOf(path: string): Promise<Uint8Array | undefined> {
    const file = base.files.get(path);
    return file === undefined || file.link !== undefined ? undefined : (await base.read([file])).get(file.id);
  }

  async function text(path: string): Promise<string | undefined> {
    if (now.has(path)) return now.get(path);
    const bytes = await bytesOf(path);
    const decoded = bytes === undefined ? undefined : decode(bytes);
    return decoded !== undefined && 'text' in decoded ? decoded.text : undefined;
  }

  /** As it stood and as it is to stand, byte order mark and all. */
  async function changeOf(path: string): Promise<FileChange> {
    const bytes = await bytesOf(path);
    const before = bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const mark = before?.startsWith(byteOrderMark) === true ? byteOrderMark : '';
    const after = now.get(path);
    return {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after: mark + after }),
    };
  }

  async function changes(): Promise<FileChange[]> {
    const all = await Promise.all([...now.keys()].map(changeOf));
    return all.filter(({ before, after }) => before !== after);
  }

  return {
    text,
    async values(path) {
      const written = await text(path);
      if (written === undefined) return undefined;
      const { documents, problems } = parseYaml(Buffer.from(written));
      return problems.length > 0 ? undefined : documents.map(({ value }) => value);
    },
    async edit(path, index, operation) {
      const written = await text(path);
      if (written === undefined) return { why: `${path} cannot be read` };
      const edited = edit(written, index, operation, isJson(written) ? 'json' : 'yaml');
      if ('why' in edited) return edited;
      now.set(path, edited.text);
      return undefined;
    },
    replace: (path, written) => void now.set(path, written),
    remove: (path) => void now.set(path, undefined),
    changes,
    async snapshot() {
      const files = new Map(base.files);
      const contents = new Map<string, Uint8Array>();
      for (const { path, after } of await changes()) {
        if (after === undefined) {
          files.delete(path);
          continue;
        }
        const bytes = Buffer.from(after);
        const id = blobId(bytes);
        contents.set(id, bytes);
        files.set(path, { path, id, size: bytes.length });
      }
      return {
        ...base,
        files,
        async read(wanted: readonly SnapshotFile[]) {
          const known = await base.read(wanted.filter(({ id }) => !contents.has(id)));
          return new Map([...known, ...contents]);
        },
        readSync: (file: SnapshotFile) => contents.get(file.id) ?? base.readSync(file),
      };
    },
  };
}
