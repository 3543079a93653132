import { randomUUID } from 'node:crypto';
import { allConflicts, asConflict, type Conflict, targetOfConflict } from '../model/conflict.ts';
import type { Journal } from '../model/journal.ts';
import { isObject, type JsonObject } from '../model/json.ts';
import { type Suspension, suspensionsOf, wholeTarget } from '../model/suspension.ts';

/**
 * How commands and the daemon speak with each other: through facts of the journal that both have open. Nobody listens,
 * so nothing has to be secured beside the file; a daemon that is down finds what was asked when it starts.
 */

const dayMs = 24 * 3_600_000;

export interface ReconcileRequest {
  target: string;
  id: string;
  /** ISO 8601. */
  at: string;
}

export interface RequestResult {
  runId?: string;
  status: string;
  reason: string;
  message?: string;
}

/** A sign of life, with what comes next. */
export interface DaemonBeat {
  /** `process 7 on pod-1`. */
  holder: string;
  /** ISO 8601, as are all times here. */
  startedAt: string;
  beatAt: string;
  version: string;
  /** `overdueSince`: when the schedule came first since the last run that this daemon ended. */
  targets: { name: string; nextRunAt?: string; runningSince?: string; overdueSince?: string }[];
  nextPollAt?: string;
}

const requestKey = ({ target, id }: Pick<ReconcileRequest, 'target' | 'id'>): string => `request:${target}:${id}`;

/** Asks whichever daemon has this journal for a run. */
export async function requestReconcile(journal: Journal, target: string, now: Date): Promise<ReconcileRequest> {
  const request = { target, id: randomUUID(), at: now.toISOString() };
  await journal.memorise(requestKey(request), request);
  return request;
}

/** Requests for these targets that nobody has answered yet. */
export async function takeRequests(journal: Journal, targets: readonly string[]): Promise<ReconcileRequest[]> {
  const all = [...(await journal.recallAll('request:')).values()].filter(isObject) as unknown as ReconcileRequest[];
  return all.filter((request) => targets.includes(request.target) && !('result' in request));
}

export async function answerRequest(journal: Journal, request: ReconcileRequest, result: RequestResult): Promise<void> {
  // Who does not wait any longer has withdrawn it, and nobody would read the answer away.
  if ((await journal.recall(requestKey(request))) === undefined) return;
  await journal.memorise(requestKey(request), { ...request, result: { ...result } });
}

/** The answer, where it is there; it is forgotten with that. */
export async function resultOf(journal: Journal, request: ReconcileRequest): Promise<RequestResult | undefined> {
  const kept = await journal.recall(requestKey(request));
  if (!isObject(kept) || !isObject(kept['result'])) return undefined;
  await withdraw(journal, request);
  return kept['result'] as unknown as RequestResult;
}

/** Whoever asked does not wait any longer. */
export async function withdraw(journal: Journal, request: ReconcileRequest): Promise<void> {
  await journal.memorise(requestKey(request), null);
}

export async function beat(journal: Journal, sign: DaemonBeat): Promise<void> {
  await journal.memorise(`daemon:${sign.holder}`, sign as unknown as JsonObject);
}

/** Processes that were killed leave things behind: daemons their last sign, and who asked for a run the answer to it. */
export async function forgetDead(journal: Journal, now: Date): Promise<void> {
  const isOld = (time: string): boolean => now.getTime() - new Date(time).getTime() > dayMs;
  for (const [key, sign] of await journal.recallAll('daemon:')) {
    if (isOld((sign as unknown as DaemonBeat).beatAt)) await journal.memorise(key, null);
  }
  for (const [key, request] of await journal.recallAll('request:')) {
    // What is not answered yet stays, however old: a daemon that was down for days finds it.
    if (!isObject(request) || !('result' in request)) continue;
    if (isOld((request as unknown as ReconcileRequest).at)) await journal.memorise(key, null);
  }
}

/** A daemon that stops cleanly says so. */
export async function lastBeat(journal: Journal, holder: string): Promise<void> {
  await journal.memorise(`daemon:${holder}`, null);
}

/** Daemons on this journal that gave a sign of life within this time; a clock that was set back counts for them. */
export async function daemonsAlive(journal: Journal, now: Date, withinMs = 30_000): Promise<DaemonBeat[]> {
  const all = [...(await journal.recallAll('daemon:')).values()] as unknown as DaemonBeat[];
  return all.filter(({ beatAt }) => now.getTime() - new Date(beatAt).getTime() < withinMs);
}

const suspensionKey = (target: string, resource: string | undefined): string =>
  `${suspensionsOf(target)}${resource ?? wholeTarget}`;

/** Leaves a resource, or the whole target, alone until it is resumed or the suspension ends. */
export async function suspend(
  journal: Journal,
  target: string,
  resource: string | undefined,
  suspension: Suspension,
): Promise<void> {
  await journal.memorise(suspensionKey(target, resource), suspension as unknown as JsonObject);
}

/** False where there was nothing to resume. */
export async function resume(journal: Journal, target: string, resource: string | undefined): Promise<boolean> {
  const key = suspensionKey(target, resource);
  if ((await journal.recall(key)) === undefined) return false;
  await journal.memorise(key, null);
  return true;
}

/**
 * Ends the conflicts over what a resource wishes: its objects are healed again, and only what drifts from now on counts.
 * False where there was none.
 */
export async function resumeHealing(journal: Journal, target: string, resource: string, now: Date): Promise<boolean> {
  const found = (await conflictsIn(journal, target)).filter(({ resources }) => resources.includes(resource));
  for (const { key } of found) await journal.memorise(key, { resumedAt: now.toISOString() });
  return found.length > 0;
}

/** Objects of a target that are not healed, since somebody else changes them back again and again. */
export async function conflictsIn(journal: Journal, target: string): Promise<(Conflict & { key: string })[]> {
  const kept = await journal.recallAll(allConflicts);
  return [...kept].flatMap(([key, fact]) => {
    const conflict = asConflict(fact);
    return conflict === undefined || targetOfConflict(key) !== target ? [] : [{ ...conflict, key }];
  });
}
