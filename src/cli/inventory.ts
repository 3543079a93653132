import { randomUUID } from 'node:crypto';
import type { App } from '../app.ts';
import { commandFor } from './command-line.ts';
import { type ExitCode, exit, Refusal } from './exit.ts';
import { gatherInventory, organizationOf, type TargetInventory } from './inventory-facts.ts';
import { inventoryLines } from './render-inventory.ts';
import { onlyTarget, openSession, print, printLines, type SessionOptions, stdoutPaint } from './session.ts';
import { count, safe } from './text.ts';

export interface InventoryOptions extends SessionOptions {
  output: 'text' | 'json';
  takeFrom?: string;
}

/** What each target manages, as the journal knows it; with `--take-from`, a renamed target takes over its objects. */
export async function inventoryCommand(options: InventoryOptions): Promise<ExitCode> {
  if (options.takeFrom !== undefined) return takeOver(options, options.takeFrom);
  const { app, targets } = await openSession(options, { readOnly: true, role: 'inventory' });
  try {
    const all = await gatherInventory(app, targets, options.target === undefined);
    const told = all.map((one) => withCommand(one, app, options));
    if (options.output === 'json') print(JSON.stringify(told, null, 2));
    else printLines(inventoryLines(told, stdoutPaint()));
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** What has no target any more is told with the command that gives it to one. */
function withCommand(one: TargetInventory, { config }: App, options: InventoryOptions): TargetInventory {
  if (one.configured) return one;
  const [first, ...others] = config.targets;
  const name = first === undefined || others.length > 0 ? 'NEW' : first.name;
  return { ...one, takeOver: commandFor('inventory', options, name, '--take-from', one.target) };
}

async function takeOver(options: InventoryOptions, from: string): Promise<ExitCode> {
  const { app, targets } = await openSession(options, { role: 'inventory' });
  try {
    const { name: to } = onlyTarget(targets, `one target takes over what "${from}" manages`);
    const organization = await organizationToTake(app, to, from);
    const moved = await alone(app, organization, () => app.journal.renameTarget(organization, from, to));
    const next = commandFor('plan', options, to);
    if (options.output === 'json') print(JSON.stringify({ target: to, from, organization, moved, next }, null, 2));
    else
      print(
        `target ${safe(to)} manages ${count(moved, 'object')} of ${safe(from)} now\nto see what that changes: ${next}`,
      );
    return exit.ok;
  } finally {
    await app.close();
  }
}

/** The organisation whose objects may be moved now; throws a Refusal that says why they may not. */
async function organizationToTake({ journal, config }: App, to: string, from: string): Promise<string> {
  if (config.targets.some(({ name }) => name === from)) {
    throw new Refusal(
      `"${from}" is a target of the configuration, and manages its objects itself; rename it there, or take it out, first`,
    );
  }
  const [ofOld, ofNew] = [await organizationOf(journal, from), await organizationOf(journal, to)];
  const organization = ofOld ?? ofNew;
  if (organization === undefined) {
    throw new Refusal(`the journal knows no organisation of "${from}" or "${to}", so there is nothing to take over`);
  }
  if (ofNew !== undefined && ofNew !== organization) {
    throw new Refusal(`"${from}" is for the organisation ${organization}, "${to}" for ${ofNew}; nothing was moved`);
  }
  const entries = await journal.inventory({ organization, target: from });
  if (entries.length === 0) throw new Refusal(`the journal knows no objects of "${from}"; nothing was moved`);
  return organization;
}

const leaseMs = 30_000;

/** Does the work while no run can begin in the organisation; refused where one is on its way. */
async function alone<T>({ journal }: App, organization: string, work: () => Promise<T>): Promise<T> {
  const wish = { organization, owner: randomUUID(), holder: `inventory --take-from, process ${process.pid}` };
  const { taken, lease } = await journal.acquireLease(wish, leaseMs);
  if (!taken) {
    throw new Refusal(
      `${lease.holder} is writing to this organisation (until ${lease.expiresAt} at the latest); ask again when it has ended`,
    );
  }
  try {
    return await work();
  } finally {
    await journal.releaseLease(lease);
  }
}
