import { isObject } from '../model/json.ts';
import { type KeptFiles, packFiles, unpackFiles } from './folder-pins.ts';
import type { SnapshotStore } from './source.ts';

/** Which name holds which revision. */
const namesKey = 'source/pins';
const snapshotKey = (revision: string): string => `source/snapshot/${revision}`;

/** Pinned revisions of a folder, each kept once however many names hold it, and gone with the last of them. */
export interface FolderStore {
  pin(name: string, revision: string, files: () => Promise<KeptFiles | undefined>): Promise<boolean>;
  read(revision: string): Promise<KeptFiles | undefined>;
}

export function folderStore(store: SnapshotStore): FolderStore {
  async function names(): Promise<Map<string, string>> {
    const value = await store.get(namesKey);
    const entries = isObject(value) ? Object.entries(value) : [];
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }

  return {
    /** False where the files are too many to be kept; the name keeps what it held. */
    async pin(name, revision, files) {
      const held = await names();
      const before = held.get(name);
      if (before === revision) return true;
      if (![...held.values()].includes(revision)) {
        const all = await files();
        if (all === undefined) return false;
        await store.put(snapshotKey(revision), await packFiles(all));
      }
      held.set(name, revision);
      await store.put(namesKey, Object.fromEntries(held));
      // The name moves first: killed in between, a snapshot stays too long rather than too short.
      if (before !== undefined && ![...held.values()].includes(before)) await store.put(snapshotKey(before), null);
      return true;
    },
    read: async (revision) => unpackFiles(await store.get(snapshotKey(revision)), revision),
  };
}

/** A store that lasts as long as this process. */
export function memoryStore(): SnapshotStore {
  const values = new Map<string, Parameters<SnapshotStore['put']>[1]>();
  return {
    get: async (key) => values.get(key),
    async put(key, value) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}
