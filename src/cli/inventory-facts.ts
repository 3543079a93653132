import type { App } from '../app.ts';
import type { InventoryEntry, Journal } from '../model/journal.ts';

/** What `inventory --output json` prints for each target. */
export interface TargetInventory {
  target: string;
  /** False for what the configuration lacks: it was renamed there, or taken out. */
  configured: boolean;
  /** Absent where no run has got so far as to know it. */
  organization?: string;
  objects: ManagedObject[];
  /** The command that gives them to a target of the configuration. */
  takeOver?: string;
}

export interface ManagedObject {
  /** `Kind/handle`. */
  owner: string;
  type: string;
  key: string;
  id: string;
  adopted: boolean;
}

/** So many runs back is looked for one that knew the organisation. */
const farEnough = 200;

export async function organizationOf(journal: Journal, target: string): Promise<string | undefined> {
  // Nearly always the newest knows it.
  for (const far of [1, farEnough]) {
    const known = (await journal.runs(target, far)).find(({ organization }) => organization !== undefined);
    if (known !== undefined) return known.organization;
  }
  return undefined;
}

/** `others`: also what targets manage that the configuration lacks, in the organisations of those that it has. */
export async function gatherInventory(
  { journal, config }: App,
  targets: readonly { name: string }[],
  others: boolean,
): Promise<TargetInventory[]> {
  const own: TargetInventory[] = [];
  const organizations = new Set<string>();
  for (const { name } of targets) {
    const organization = await organizationOf(journal, name);
    if (organization !== undefined) organizations.add(organization);
    own.push(await inventoryOf(journal, name, organization, true));
  }
  if (!others) return own;
  const names = config.targets.map(({ name }) => name);
  const lost: TargetInventory[] = [];
  for (const organization of organizations) {
    // Of nobody in particular: what all targets claim.
    const claiming = new Set((await journal.claims(organization, '')).values());
    const unknown = [...claiming].filter((name) => !names.includes(name)).sort();
    for (const name of unknown) lost.push(await inventoryOf(journal, name, organization, false));
  }
  return [...own, ...lost];
}

async function inventoryOf(
  journal: Journal,
  target: string,
  organization: string | undefined,
  configured: boolean,
): Promise<TargetInventory> {
  const entries = organization === undefined ? [] : await journal.inventory({ organization, target });
  const objects = entries.map(objectOf).sort((a, b) => (a.owner < b.owner ? -1 : 1));
  return { target, configured, ...(organization === undefined ? {} : { organization }), objects };
}

function objectOf({ owner, type, key, id, adopted }: InventoryEntry): ManagedObject {
  return { owner, type, key, id, adopted };
}
