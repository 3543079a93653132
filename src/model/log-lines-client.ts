import type { LogLine } from './log-lines.ts';

const receipt = {
  method: '`GET`, `POST`, ...',
  pathTemplate: "As the API's documentation writes it: ids are not in it.",
  status: 'The HTTP status of the answer.',
  attempts: 'How many times it was sent by then.',
  correlationId: '`ININ-Correlation-Id` of the answer.',
  serverDate: "`Date` of the answer: Genesys's clock (ISO 8601).",
  durationMs: 'Until the answer was there, in milliseconds.',
};
const outage = { failures: '', last: '', probeIn: '' };

/** Lines of the client of one organisation. */
export const clientLines: Readonly<Record<string, LogLine>> = {
  'genesys keeps failing: only a probe is sent now and then': {
    level: 'warn',
    meaning: 'So many requests failed in a row that no more are sent for a while.',
    fields: outage,
  },
  'genesys answers again': {
    level: 'info',
    meaning: 'After the line above.',
    fields: { failedProbes: 'How many.', ms: 'How long it lasted, in milliseconds.' },
  },
  'secret and token travel unencrypted: the URL is http': {
    level: 'warn',
    meaning: '`apiUrl` or `loginUrl` begins with `http:`, and is not on this machine.',
    fields: { host: 'Host and port.' },
  },
  'unexpected transport error': {
    level: 'error',
    meaning: 'A defect; please report it.',
    fields: { method: '`GET`, `POST`, ...' },
  },
  'genesys request': { level: 'debug', meaning: 'An answer of the API, also one that refuses.', fields: receipt },
  'presigned request': { level: 'debug', meaning: 'An answer of a file store.', fields: receipt },
  'genesys request failed, trying again': {
    level: 'debug',
    meaning: 'After a pause.',
    fields: { attempts: '', reason: '' },
  },
  'rate limited': {
    level: 'debug',
    meaning: 'Genesys answered 429.',
    fields: { after: 'How long to wait, in milliseconds.' },
  },
  'probe failed': { level: 'debug', meaning: 'Genesys still fails.', fields: outage },
  'probing whether genesys answers': {
    level: 'debug',
    meaning: 'One request is let through.',
    fields: { probe: 'The how many-th.' },
  },
  'new token': {
    level: 'debug',
    meaning: 'The token endpoint gave one.',
    fields: { validMs: 'How long it is good for, in milliseconds.' },
  },
  'token request failed, trying again': {
    level: 'debug',
    meaning: 'After a pause.',
    fields: { attempt: 'The how many-th.', reason: '' },
  },
};
