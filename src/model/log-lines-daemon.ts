import type { LogLine } from './log-lines.ts';

const failure = { reason: '', detail: '' };

/** Lines of the daemon's loop, of where it reads the repository, and of where it keeps its record. */
export const daemonLines: Readonly<Record<string, LogLine>> = {
  'daemon started': {
    level: 'info',
    meaning: 'A loop begins: at the start, and after each change of the configuration.',
    fields: { targets: 'Their names.' },
  },
  'health served': {
    level: 'info',
    meaning: 'Probes and metrics are answered.',
    fields: { address: 'Host and port.' },
  },
  'stopping, finishing the write in hand': {
    level: 'info',
    meaning: 'SIGTERM or SIGINT, or another loop begins.',
    fields: {},
  },
  stopped: { level: 'info', meaning: 'The last line of the daemon.', fields: {} },
  'something in hand did not end in time and is cut off; open writes are looked up at the next start': {
    level: 'warn',
    meaning: 'The time for stopping is over.',
    fields: {},
  },
  'not closed': { level: 'warn', meaning: 'Something failed while it was closed.', fields: { detail: '' } },
  'run requested': {
    level: 'info',
    meaning: 'Somebody asked for a run (`reconcile`, `resume`).',
    fields: { target: '', request: 'The id of the request.' },
  },
  'a request could not be answered': {
    level: 'warn',
    meaning: 'It is tried again.',
    fields: { target: '', ...failure },
  },
  'requests cannot be looked for': { level: 'warn', meaning: 'The journal fails. Told once.', fields: failure },
  'no sign of life could be given': { level: 'warn', meaning: 'The journal fails. Told once.', fields: failure },
  'reconciliation failed': {
    level: 'error',
    meaning:
      'A run did not come about or did not end: Genesys, the journal or the source cannot be used. `run failed` has more where it had begun.',
    fields: { target: '', ...failure },
  },
  'another process writes, waiting for it': {
    level: 'debug',
    meaning: 'It holds the lease of the organisation.',
    fields: { target: '', ...failure },
  },
  'waiting for another target': {
    level: 'info',
    meaning: 'The target follows another one (`follows`).',
    fields: { target: '', detail: '' },
  },
  'cannot be followed just now': {
    level: 'warn',
    meaning: 'What another target has applied cannot be read. Told once.',
    fields: { target: '', detail: '' },
  },
  'what soaks cannot be kept, tried again after the next run': {
    level: 'warn',
    meaning: 'A revision that soaks may be lost when the branch is rewritten.',
    fields: { target: '', detail: '' },
  },
  'problem in the config repository': {
    level: 'error',
    meaning: 'One line for each problem of a revision that is refused.',
    fields: { target: '', revision: '', code: '', detail: '', place: '' },
  },
  'revision refused, the last good one stays in force': {
    level: 'error',
    meaning: 'The revision has problems, and nothing of it is applied.',
    fields: { target: '', revision: '', problems: 'How many.' },
  },
  'revision cannot be read': {
    level: 'warn',
    meaning: 'An earlier one that can is taken meanwhile.',
    fields: { target: '', revision: '', detail: '' },
  },
  'the last good revision cannot be kept': {
    level: 'warn',
    meaning: 'After a restart it may not be known.',
    fields: { target: '', revision: '', detail: '' },
  },
  'the last good revision cannot be recalled': { level: 'warn', meaning: 'The journal fails.', fields: { detail: '' } },
  'source unavailable, the last revision stays in force': {
    level: 'warn',
    meaning: 'The repository cannot be asked for a new revision.',
    fields: failure,
  },
  'the clock was set, schedules begin anew': {
    level: 'warn',
    meaning: 'The clock of the machine jumped.',
    fields: { movedMs: 'How far, in milliseconds.' },
  },
  'configuration changed, a new loop begins': {
    level: 'info',
    meaning: 'The daemon file or a secret is another.',
    fields: {},
  },
  'problem in the configuration': {
    level: 'error',
    meaning: 'One line for each problem of a daemon file that is refused.',
    fields: { code: '', detail: '', place: '' },
  },
  'configuration refused, the one in force stays': {
    level: 'error',
    meaning: 'The daemon file that is there now cannot be used.',
    fields: { file: 'The daemon file.', ...failure },
  },
  'the configuration is again the one that is in force': {
    level: 'info',
    meaning: 'What was refused was taken back.',
    fields: { file: 'The daemon file.' },
  },
  'the configuration cannot be looked at': { level: 'warn', meaning: 'Told once.', fields: failure },
  'cannot listen there, the old address stays': {
    level: 'error',
    meaning: 'The new `listen` of the daemon file is taken or no address.',
    fields: { listen: 'What the file says.', detail: '' },
  },
  'the journal has to be opened anew, the loop ends for it': {
    level: 'error',
    meaning: 'The journal failed in a way that only opening it again may mend.',
    fields: { detail: '' },
  },
  'the journal cannot be opened, tried until it can': { level: 'error', meaning: 'Told once.', fields: failure },
  'the journal is open again, a new loop begins': { level: 'info', meaning: 'After the line above.', fields: {} },
  'old runs are removed from the journal': {
    level: 'info',
    meaning:
      'They only looked and are older than 30 days, or are older than `retention`. `audit verify --log` reads it.',
    fields: { runs: 'Their ids, up to 50 in a line.' },
  },
  'old entries of no run are removed from the journal': {
    level: 'info',
    meaning: 'What another process did with our client, for example, where `retention` is over.',
    fields: { before: 'What is older goes.' },
  },
  'the journal is brought to a newer version, which takes a while where it is large': {
    level: 'info',
    meaning: 'Once, at the start of a newer program. Nothing else happens meanwhile.',
    fields: {
      path: 'The file.',
      from: 'Its version.',
      to: 'The version that it gets.',
      entries: 'How many entries it has.',
    },
  },
  'the journal is of the newer version': {
    level: 'info',
    meaning: 'After the line above.',
    fields: { path: 'The file.', to: 'Its version.' },
  },
  'the journal could not be tidied, tried again in a day': {
    level: 'warn',
    meaning: 'What is older than `retention` stays for now.',
    fields: { detail: '' },
  },
  'the journal was damaged and is set aside; a new one begins, nothing is deleted': {
    level: 'error',
    meaning: 'The inventory is empty now, so nothing is deleted and objects are adopted by policy.',
    fields: { path: '', kept: 'Where the damaged one is.' },
  },
  'cached repository is damaged and is made again': {
    level: 'warn',
    meaning: 'The copy of the repository on disk.',
    fields: { err: '', repository: 'The folder.' },
  },
  'cached history is damaged and is made again': {
    level: 'warn',
    meaning: "The copy of the repository's history on disk.",
    fields: { err: '', repository: 'The folder.' },
  },
  'pinned revision is lost with the damaged cache': {
    level: 'warn',
    meaning: 'It is on no branch any more.',
    fields: { err: '', commit: 'The commit.' },
  },
  'history could not be deepened': {
    level: 'warn',
    meaning: 'Attribution takes what is known of the history.',
    fields: { err: '', depth: 'Commits that were asked for.' },
  },
  'folder is too large to be kept, so a restart forgets this revision': {
    level: 'warn',
    meaning: 'Of a source that is a folder.',
    fields: { path: 'The folder.', revision: '' },
  },
};
