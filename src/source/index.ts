export { loadDaemonConfig } from './daemon-file.ts';
export { formatProblems } from './format.ts';
export { environmentNames, locate, type ResolveOptions, resolve } from './resolve.ts';
export { readSecret } from './secret.ts';
export type { Snapshot } from './snapshot.ts';
export { openSource, type Source, type SourceOptions } from './source.ts';
export { type DocumentToWrite, writeDocuments } from './write.ts';
