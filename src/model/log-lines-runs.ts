import type { LogLine } from './log-lines.ts';

const change = {
  object: '',
  resource: '',
  action: '',
  cause: '`create`, `commit`, `drift` (live moved without a commit) or `both`.',
  fields: '',
  'fields[].path': '',
  'fields[].by': '',
  'fields[].from': 'What it was.',
  'fields[].to': 'What it is to be; null where it is cleared.',
  requests: 'Every request of the change, in order.',
  'requests[].method': '`POST`, `PATCH`, ...',
  'requests[].path': "As the API's documentation writes it: `/api/v2/flows/{flowId}`.",
  'requests[].status': 'The HTTP status of the answer; 0 where none came.',
  'requests[].attempts': 'How many times it was sent.',
  'requests[].correlationId': '`ININ-Correlation-Id` of the answer.',
  'requests[].serverDate': "`Date` of the answer: when, by Genesys's clock (ISO 8601).",
  correlationId: 'That of the last request.',
  versionBefore: "The object's version that the plan was made against.",
  versionAfter: 'The version that the change made.',
  activationMs:
    "From the run's first write until it was seen in force, in milliseconds; where an object takes effect later than it is written.",
  acknowledgedMs: 'Where a job did it: from its request until it was acknowledged, in milliseconds.',
  warnings: 'What Genesys had to say about it, though it did it.',
  meanwhile: 'What somebody else changed while it was under way, in that order.',
  'meanwhile[].fields': 'What of all that is wished; absent where it cannot be read.',
  'meanwhile[].fields[].path': '',
  'meanwhile[].fields[].by': 'The resource that wishes it.',
  'meanwhile[].fields[].from': 'What was planned against.',
  'meanwhile[].fields[].to': 'What it was then.',
  'meanwhile[].versionBefore': 'The version that was planned against.',
  'meanwhile[].versionNow': 'The version that it had then.',
  'meanwhile[].left': 'True where nothing was written after it.',
  checks: 'What its documents expect of other objects, and what was found.',
  'checks[].object': 'The other object: `{type, key, id}`.',
  'checks[].holds': 'Whether it is as it is expected to be.',
  'checks[].told': 'What was found, as a sentence.',
  'checks[].by': 'The resource that expects it.',
  commit:
    'The newest commit that touched the files that the change came from. Absent where it is drift, and where the source has no history.',
  'commit.sha': '40 hex digits.',
  'commit.author': '`{name, email}`.',
  'commit.committer': '`{name, email}`.',
  'commit.message': 'Its first 500 characters.',
  'commit.merge': 'The merge that brought it to the branch, where one did.',
  'commit.pullRequest': 'The pull request, where the message of that merge, or its own, tells it.',
  drift: 'Who moved the object before, where it was drift; as in `drift explained`, and in short.',
  'drift.who': 'The same as a sentence.',
  'drift.since': "From when on Genesys's audit log was asked.",
  'drift.deeds': '',
  'drift.unexplained': 'Why the audit log names nobody.',
  'drift.against': '',
};

const deeds = {
  deeds: '',
  'deeds[].auditId': '',
  'deeds[].at': '',
  'deeds[].by': '`{user: {id, name}, client: {id, name}}`; names where they may be seen.',
  'deeds[].remoteIp': '',
  'deeds[].action': "`EntityType:Action`, in Genesys's words.",
  'deeds[].properties': '',
};

const entry = "SHA-256 of the entry in the journal that says so, as in the run's digest.";

const matched = {
  object: '',
  resource: '',
  action: '',
  auditIds: '',
  correlationIds: '',
  entry,
};

/** Lines of runs, of what they change, and of what the audit log says of it. */
export const runLines: Readonly<Record<string, LogLine>> = {
  'change applied': {
    level: 'info',
    meaning:
      'A change was made and seen. One line has its whole story; `change matched` follows with its audit records.',
    fields: { ...change, status: '`applied`.' },
  },
  'change not applied': {
    level: 'warn',
    meaning: 'A change was not made, or not seen to be. What was sent for it is in `requests`.',
    fields: {
      ...change,
      status: '`failed`, or `skipped`: something that it needs failed.',
      reason: '',
      detail: '',
      faults: 'What Genesys found wrong with single fields.',
      'faults[].path': 'The field, as Genesys names it.',
      'faults[].message': "In Genesys's words.",
      'faults[].by': 'The resource that wished it.',
      'faults[].pointer': 'Where in its document it stands.',
      'faults[].place': '`{path, line, column}` in the repository.',
    },
  },
  'planned anew': {
    level: 'warn',
    meaning:
      'An object moved before it could be written, or nothing came of a write: it was looked at again, and is written again over what others changed meanwhile.',
    fields: {
      object: '',
      resource: '',
      fields: 'What others changed meanwhile of what is wished.',
      'fields[].path': '',
      'fields[].by': '',
      'fields[].from': 'What was live when it was planned.',
      'fields[].to': 'What is live now.',
      versionBefore: "The object's version that was planned against.",
      versionNow: 'The version that it has now.',
      detail: 'Why the write before came to nothing.',
    },
  },
  'change matched': {
    level: 'info',
    meaning: "Genesys's own records of a change were found. Written when they appear, which may be long after the run.",
    fields: { ...matched, match: "`matched`: by records that are its own and nobody else's." },
  },
  'change not matched': {
    level: 'warn',
    meaning: "Genesys's own record of a change is not certain, or was not found in the time of `audit.patience`.",
    fields: {
      ...matched,
      match:
        '`ambiguous`: it cannot be told from others; `auditIds` are those that may be its own. `unmatched`: none was found.',
      why: 'Why not, as a sentence.',
    },
  },
  'drift found': {
    level: 'warn',
    meaning: 'Live state is not as it was left, and no commit says so. Once for each drift, not again in each run.',
    fields: {
      object: '',
      resource: '',
      deleted: 'True where the object is gone.',
      fields: '',
      'fields[].path': '',
      'fields[].by': '',
      'fields[].from': 'What is live.',
      'fields[].to': 'What is wished.',
      who: 'Who it was, in words; with `client`, `user`, `at`, `remoteIp`, `action`, `changes` and `auditId` of the newest record.',
      client: '`{id, name}`.',
      user: '`{id, name}`.',
      at: '',
      remoteIp: '',
      action: "In Genesys's words.",
      changes: "What changed, in Genesys's words: a list of `{property, from, to}`.",
      auditId: '',
      against: '',
      unexplained: 'Why nobody is named. `drift explained` follows if the record appears later.',
      detail: 'All of it as a sentence.',
      entry,
    },
  },
  'drift explained': {
    level: 'info',
    meaning: 'The audit log tells who it was, after the drift was found.',
    fields: {
      object: '',
      resource: '',
      drift: 'The number of the drift in the journal.',
      ...deeds,
      against: '',
      entry,
    },
  },
  'another process with our client': {
    level: 'warn',
    meaning:
      'The audit log has a record of our OAuth client that none of our writes can have left: somebody else has its secret.',
    fields: {
      object: '',
      auditId: '',
      at: '',
      by: '`{client: {id, name}}`, and `user` where there was one.',
      remoteIp: '',
      action: "`EntityType:Action`, in Genesys's words.",
      properties: '',
      entry,
    },
  },
  'the audit log cannot be asked; changes stay unmatched, and drift has no name': {
    level: 'warn',
    meaning: 'A permission or a scope is missing, which `detail` names. Told once, until it is there.',
    fields: { reason: '', detail: '' },
  },
  'the audit log cannot be asked, tried again later; changes wait for their records': {
    level: 'warn',
    meaning: 'Genesys fails or refuses for now. Nothing is lost.',
    fields: { reason: '', detail: '' },
  },
  'the audit log cannot be asked': {
    level: 'debug',
    meaning: 'It still fails.',
    fields: { reason: '', detail: '' },
  },
  'the audit log answers again': {
    level: 'info',
    meaning: 'After one of the lines above.',
    fields: {},
  },
  'another process looks at the audit log just now': {
    level: 'debug',
    meaning:
      'An `apply` or a report beside the daemon, or one that was killed less than a minute ago. It is asked next time.',
    fields: { until: 'When its turn ends, unless it says that it is still at work.' },
  },
  'the audit log was not asked': {
    level: 'debug',
    meaning: 'The target cannot be reached, or the journal cannot be used; other lines say so.',
    fields: { reason: '', detail: '' },
  },
  planned: {
    level: 'info',
    meaning: 'What the run would do, after policy.',
    fields: { summary: '' },
  },
  'answer lost, looking up': {
    level: 'warn',
    meaning: 'A write was sent and its answer did not come; it is looked for before anything else is sent.',
    fields: { object: '', reason: '', detail: '' },
  },
  'in force': {
    level: 'info',
    meaning: 'What an earlier run wrote is what the object does by now.',
    fields: {
      object: '',
      name: 'Its name.',
      activationMs: 'How long that took until somebody looked, in milliseconds.',
    },
  },
  problem: {
    level: 'error',
    meaning: 'A resource cannot be planned; the others go on. One line each, before `run finished`.',
    fields: { code: '', resource: 'The resource that has the problem.', detail: '' },
  },
  'run finished': {
    level: ['info', 'warn', 'error'],
    meaning:
      'The last line of a run: `info` where all is as it is wished, `warn` where something is held, `error` where something failed.',
    fields: { status: '`succeeded`, `held` or `failed`.', reason: '', summary: '', digest: '' },
  },
  'run failed': {
    level: 'error',
    meaning: 'The last line of a run that could not be carried through. What it had applied until then stays.',
    fields: {
      reason: '',
      detail: '',
      correlationId: '`ININ-Correlation-Id` of the answer that ended it, where one did.',
      digest: '',
    },
  },
  'the branch was rewritten, and is followed': {
    level: 'warn',
    meaning: 'A force-push: what was applied before is no part of the revision.',
    fields: { since: 'The revision that was applied before.' },
  },
  'history cannot be read, so changes are not attributed': {
    level: 'warn',
    meaning: 'Changes of this run have no `commit`.',
    fields: { detail: '' },
  },
  'lease not renewed': {
    level: 'warn',
    meaning: 'The journal cannot be written just now. When the lease ends, the run writes nothing more.',
    fields: { detail: '' },
  },
  'lease not released': {
    level: 'warn',
    meaning: 'Other processes wait until it ends by itself.',
    fields: { detail: '' },
  },
  'progress cannot be told': {
    level: 'error',
    meaning: 'A defect of the command that watches; it changes nothing of what was done.',
    fields: { detail: '' },
  },
};
