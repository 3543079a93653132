/**
 * What a config repository may hold. Far above honest use, and low enough that a hostile repository costs
 * seconds and megabytes instead of the daemon.
 */
export const limits = {
  /** Bytes of one file that is parsed (YAML, or referenced JSON). Genesys itself takes 512 kB a request. */
  parsedBytes: 2_000_000,
  /** Bytes of one file that is only read: a referenced text. */
  textBytes: 5_000_000,
  /** Bytes of all YAML files together. */
  totalBytes: 200_000_000,
  /** Files in the snapshot, of whatever type. */
  files: 200_000,
  /** YAML documents in the snapshot. */
  documents: 50_000,
  /** Maps and lists within each other. */
  depth: 100,
  /** Values that the aliases of one document may expand to. */
  aliasedValues: 10_000,
  /** Errors of one document that are put into words. */
  errors: 50,
  /** Symbolic links followed (within the repository) for one reference. */
  links: 10,
} as const;
