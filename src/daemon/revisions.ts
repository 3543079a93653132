/** Which revision is in force for each target: a bad one is refused, and the last good one goes on being reconciled. */
export class Revisions {
  private newest: string | undefined;
  private readonly good = new Map<string, string>();

  /** True where the revision is new. */
  see(revision: string): boolean {
    const isNew = revision !== this.newest;
    this.newest = revision;
    return isNew;
  }

  /** What to try, best first; empty where no revision is known yet. */
  candidates(target: string): string[] {
    return [...new Set([this.newest, this.good.get(target)])].filter((revision) => revision !== undefined);
  }

  /** The last good one, whatever is newer. */
  lastGood(target: string): string | undefined {
    return this.good.get(target);
  }

  /** True where this is news. */
  worked(target: string, revision: string): boolean {
    const isNew = this.good.get(target) !== revision;
    this.good.set(target, revision);
    return isNew;
  }
}
