import { Waiting } from '../app/follow.ts';
import { asFailure, Failure, type Reason } from '../model/failure.ts';

/** What a command ends with (docs/reference/commands.md). */
export const exit = { ok: 0, failed: 1, changes: 2, held: 3, unreachable: 4 } as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** Genesys or git could not be asked, or not whole: nothing that a person wrote is wrong. */
const unreachable = new Set<Reason>([
  'NetworkError',
  'ServerError',
  'RateLimited',
  'BadAnswer',
  'ListIncomplete',
  'CircuitOpen',
  'SourceUnavailable',
]);

export function exitOf(error: unknown): ExitCode {
  if (error instanceof Waiting) return exit.held;
  return exitOfReasons([asFailure(error).reason]);
}

/** Of several failures: unreachable only where all of them are. */
export function exitOfReasons(reasons: readonly Reason[]): ExitCode {
  return reasons.length > 0 && reasons.every((reason) => unreachable.has(reason)) ? exit.unreachable : exit.failed;
}

/** With several targets: the first of failed, unreachable, held, changes that applies to any. */
export function worst(codes: readonly ExitCode[]): ExitCode {
  const order: ExitCode[] = [exit.failed, exit.unreachable, exit.held, exit.changes];
  return order.find((code) => codes.includes(code)) ?? exit.ok;
}

/** A mistake in the call itself, or a configuration that cannot be used: said in a sentence, exit 1. */
export class Refusal extends Failure {
  constructor(message: string) {
    super('ConfigurationInvalid', message);
  }
}
