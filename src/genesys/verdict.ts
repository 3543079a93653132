import type { Pass } from './circuit.ts';
import type { RawAnswer, TransportError } from './transport.ts';

/**
 * What an answer says of Genesys as a whole. Refusals (400, 403, 404, 409, ...) come from a Genesys that works, 501 too;
 * 407 comes from a proxy. A 429 counts where the pause was sat out (`despite`), and always for a probe, which is alone.
 */
export function judge(
  pass: Pass,
  what: string,
  raw: RawAnswer,
  says: { after?: number | undefined; despite: boolean },
): void {
  const { status, truncated } = raw;
  if (status === 429 && !says.despite && !pass.probe) pass.unused();
  else if (truncated) pass.failed(`${what}: status ${status}, broken off`, says.after);
  else if (failing.has(status) || (status >= 500 && status !== 501))
    pass.failed(`${what}: status ${status}`, says.after);
  else pass.succeeded();
}

const failing = new Set([407, 408, 429]);

/** The same where no answer came; one that was too long was one. */
export function judgeLost(pass: Pass, what: string, error: TransportError): void {
  if (error.code === 'ETOOLONG') pass.succeeded();
  else pass.failed(`${what}: no answer (${error.message})`);
}
