import { took } from './briefly.ts';
import type { How } from './render-status.ts';
import type { TargetStatus } from './status.ts';
import { type Paint, safe } from './text.ts';
import { away } from './when.ts';

type Style = Parameters<Paint>[0];
interface Cell {
  text: string;
  style?: Style;
}

const gap = 2;
/** Narrower than this, a text tells nothing. */
const least = 8;

/** All targets, a line each: how they stand, what they run on and since when, how fast it came into force, what is next. */
export function renderTargets(all: readonly TargetStatus[], how: How): string {
  const { paint, width } = how;
  const heads = ['target', 'organisation', 'ready', 'revision', 'applied', 'active in', 'next'];
  const rows = all.map((one) => cellsOf(one, how));
  const wide = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.text.length)));
  const total = (widths: readonly number[]): number => widths.reduce((sum, each) => sum + each + gap, -gap);
  // What the daemon's file says as well goes first; then the longest texts give way.
  const shown = heads.map((_, i) => i).filter((i) => i !== 1 || total(wide) <= width);
  const widths = shown.map((i) => wide[i]!);
  const flexible = [0, shown.length - 1, shown.length - 5];
  for (let over = total(widths) - width; over > 0; over--) {
    const widest = flexible.toSorted((a, b) => widths[b]! - widths[a]!)[0]!;
    if (widths[widest]! <= least) break;
    widths[widest]!--;
  }
  const line = (cells: readonly Cell[]): string =>
    shown
      .map((i, at) => {
        const { text, style } = cells[i]!;
        const fitted = cut(text, widths[at]!);
        const padded = at === shown.length - 1 ? fitted : fitted.padEnd(widths[at]!);
        return style === undefined ? padded : paint(style, padded);
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [line(heads.map((text) => ({ text, style: 'dim' as const }))), ...rows.map(line)].join('\n');
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function cellsOf(status: TargetStatus, { now }: How): Cell[] {
  const { target, organization, region, lastAppliedRevision, lastAppliedAt, activationMs } = status;
  return [
    { text: safe(target), style: 'bold' },
    { text: safe(organization ?? region ?? '') },
    readyOf(status),
    { text: lastAppliedRevision === undefined ? 'none' : digits(lastAppliedRevision) },
    { text: lastAppliedAt === undefined ? '' : `${away(lastAppliedAt, now)} ago` },
    { text: activationMs === undefined ? '' : took(activationMs) },
    { text: nextOf(status, now) },
  ];
}

/** `Ready` and `Healthy` in a word, or the reason why not. */
function readyOf({ conditions }: TargetStatus): Cell {
  const of = (type: string) => conditions.find((one) => one.type === type);
  const [ready, healthy] = [of('Ready'), of('Healthy')];
  if (ready?.status === 'Unknown') return { text: `? ${ready.reason}`, style: 'yellow' };
  if (ready?.status === 'False') {
    const isIll = healthy?.status === 'False';
    return { text: `${isIll ? '✗' : '!'} ${ready.reason}`, style: isIll ? 'red' : 'yellow' };
  }
  if (healthy?.status === 'False') return { text: `✗ ${healthy.reason}`, style: 'red' };
  return { text: '✓ ready', style: 'green' };
}

function nextOf({ conditions, after, nextRunAt, daemons }: TargetStatus, now: Date): string {
  if (conditions.some(({ type, status }) => type === 'Reconciling' && status === 'True')) return 'running';
  if (daemons.length === 0) return 'no daemon';
  if (after?.readyAt !== undefined) return `new one in ${away(after.readyAt, now)}`;
  if (after?.waitingFor !== undefined) return `waits for ${after.target}`;
  if (nextRunAt !== undefined) return new Date(nextRunAt) <= now ? 'any moment' : `in ${away(nextRunAt, now)}`;
  return '';
}

/** `8c8dc18b01` of `main@sha1:8c8dc18b01c8...`. */
function digits(revision: string): string {
  return safe(revision.slice(revision.lastIndexOf(':') + 1, revision.lastIndexOf(':') + 11));
}
