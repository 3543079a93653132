/**
 * What a config repository may hold. Far above honest use, and low enough that a hostile repository costs
 * seconds and megabytes instead of the daemon.
 */
export const limits = {
  /** Bytes of one YAML file with documents. Genesys itself takes 512 kB a request. */
  documentBytes: 512_000,
  /** Bytes of one referenced JSON file. */
  parsedBytes: 2_000_000,
  /** Bytes of one file that is only read: a referenced text, such as a flow. */
  textBytes: 5_000_000,
  /** Bytes of all YAML files together. */
  totalBytes: 200_000_000,
  /** Bytes of all referenced files together. */
  referencedBytes: 64_000_000,
  /** Bytes of all files of a folder together that are kept of a pinned revision. */
  pinnedBytes: 64_000_000,
  /** Files in the snapshot, of whatever type; in git, files and folders together. */
  files: 200_000,
  /** Bytes of the list of files that git prints. */
  treeBytes: 100_000_000,
  /** YAML documents in the snapshot. */
  documents: 50_000,
  /** Maps and lists within each other. */
  depth: 100,
  /** Values that the aliases of one document may expand to. */
  aliasedValues: 10_000,
  /** Characters that the aliases of one document may expand to. */
  aliasedCharacters: 1_000_000,
  /** Characters that variables may put into one document. */
  variableCharacters: 2_000_000,
  /** Characters that variables may put into all documents together. */
  totalVariableCharacters: 20_000_000,
  /** Fields that the patches of one environment may unset. */
  unsetFields: 1000,
  /** Keys that the patches of one environment may hold. */
  patchKeys: 10_000,
  /** Characters of the path of a referenced file. */
  pathCharacters: 1024,
  /** Errors of one document that are put into words. */
  errors: 50,
  /** Symbolic links followed (within the repository) for one reference. */
  links: 10,
} as const;
