import { setTimeout as sleep } from 'node:timers/promises';
import type { App, loadSandbox, TargetReport } from '../app.ts';
import type { DriftStory } from '../model/audit.ts';
import type { TargetConfig } from '../model/daemon-config.ts';
import type { DemoRepository } from './demo-repository.ts';
import { renderTargets } from './render-targets.ts';
import { resultLines } from './report.ts';
import { printReport, stdoutPaint } from './session.ts';
import { statusOf } from './status.ts';
import { gatherFacts } from './status-facts.ts';
import { terminalWidth } from './text.ts';

type SandboxModule = Awaited<ReturnType<typeof loadSandbox>>;
export type SandboxOptions = NonNullable<Parameters<SandboxModule['startSandbox']>[0]>;
export type Sandbox = Awaited<ReturnType<SandboxModule['startSandbox']>>;
export type DemoOrders = SandboxModule['demoOrders'];

/** An organisation, and the target that keeps it. */
export interface Place {
  sandbox: Sandbox;
  target: TargetConfig;
}

/** Where the story plays. `prod` follows `staging`; `orders` speaks another surface. */
export interface Stage {
  staging: Place;
  prod: Place;
  orders: Place;
  repository: DemoRepository;
  app: App;
  /** The daemon's file. */
  config: string;
}

export interface Act {
  title: string;
  /** Answers whether it went as the title says. */
  play(): Promise<boolean>;
}

/** A text of the story's own, broken where the terminal ends. */
export function say(text: string): void {
  printReport([text], 'text');
}

/** What somebody did, before the run that meets it. */
export function aside(text: string): void {
  say(stdoutPaint()('dim', `${text}\n`));
}

/** The address at which a sandbox shows the messenger as its customers see it; the page follows what is served. */
export function widget({ sandbox }: Place): string {
  return `${sandbox.url}/__sandbox/widget/acme-shop?live`;
}

export type Shown = (lines: Iterable<string>) => Iterable<string>;

/** One run of one target, told as `apply` tells it. */
export async function apply({ app }: Stage, { target }: Place, shown: Shown): Promise<TargetReport> {
  const report = await app.reconcile(target, { mode: 'apply', byHand: true });
  printReport(shown(resultLines([{ target: target.name, report }], 'text', stdoutPaint())), 'text');
  return report;
}

/** One run of `staging`, and one of `prod` as soon as it may take the same. */
export async function applyToBoth(stage: Stage, ...shown: [Shown, Shown]): Promise<[TargetReport, TargetReport]> {
  const first = await apply(stage, stage.staging, shown[0]);
  const { app, prod } = stage;
  for (;;) {
    const { choice } = (await app.follow(prod.target))!;
    if (choice.revision === first.desired.revision) break;
    await sleep(Math.max(0, new Date(choice.next?.readyAt ?? 0).getTime() - Date.now()));
  }
  say('');
  return [first, await apply(stage, prod, shown[1])];
}

/** Whether Genesys's audit log gives a name to what drifted. */
export function isBy(drift: DriftStory | undefined, name: string): boolean {
  return (drift?.deeds ?? []).some(({ by }) => by.user?.name === name || by.client?.name === name);
}

/** The table of `status`. */
export async function tellStatus({ app, staging, prod, config }: Stage): Promise<void> {
  const now = new Date();
  const all = await Promise.all([staging, prod].map(({ target }) => gatherFacts(app, target, now)));
  const how = { paint: stdoutPaint(), now, width: terminalWidth(process.stdout), config };
  const table = all.map((facts) => statusOf(facts, config));
  say(`\n${renderTargets(table, how)}`);
}

/**
 * What differs, whose it is, and what was done; what rests is counted, of new objects only their names are told, and of
 * what was done not again who had moved it.
 */
export function* changes(lines: Iterable<string>): Iterable<string> {
  let of: 'new' | 'resting' | 'done' | 'told' = 'told';
  for (const line of lines) {
    if (line.startsWith('    ')) {
      if (of === 'told' || (of === 'done' && !line.includes('drift:'))) yield line;
      continue;
    }
    of = kinds.find(([sign]) => line.includes(sign))?.[1] ?? 'told';
    const isSaid = line.includes('created') && !line.includes('active in');
    if (of !== 'resting' && !isSaid && !staysAsItIs(line)) yield line;
  }
}

const kinds = [
  ['+ create', 'new'],
  ['= no change', 'resting'],
  ['✓', 'done'],
] as const;

/** Only how many, and how long. */
export function* sums(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) if (/follows | · |Plan:|Applied:|active in|^$/.test(line)) yield line;
}

export function* everything(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) if (!staysAsItIs(line)) yield line;
}

/** Whom a target follows is worth a line when it takes something. */
function staysAsItIs(line: string): boolean {
  return line.includes('follows ') && line.includes('stays at');
}
