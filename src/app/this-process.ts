import { hostname } from 'node:os';

/** `process 7 on pod-1`: this process, in the journal and for people. */
export const thisProcess = `process ${process.pid} on ${hostname()}`;
