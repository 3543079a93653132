export { loadDaemonConfig } from './daemon-file.ts';
export { formatProblems } from './format.ts';
export { environmentNames, locate, type ResolveOptions, resolve } from './resolve.ts';
export { readSecret } from './secret.ts';
export { openSource, type Source } from './source.ts';
export { watchFiles } from './watch-files.ts';
export { writeDocuments } from './write.ts';
