/** How long a run waits for what cannot be known sooner; milliseconds. Tests shorten them. */
export interface Waits {
  /** How long a process that fell silent keeps the right to write; a third of it is the heartbeat. */
  leaseMs: number;
  /** How long an object whose creation got no answer may stay out of its list before it is made again. */
  settleMs: number;
  /** How long a run waits for what it wrote to take effect. */
  activationMs: number;
  /** How long what moved before it could be written is left before it is tried again; doubled each time. */
  movedMs: number;
}

export const defaultWaits: Waits = { leaseMs: 30_000, settleMs: 60_000, activationMs: 60_000, movedMs: 500 };
