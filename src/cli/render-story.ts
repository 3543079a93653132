import { took } from './briefly.ts';
import type { RunStory } from './history-show.ts';
import { commitInShort, renderAudited } from './render-audited.ts';
import { subject } from './render-plan.ts';
import { heldLines, resultInWords, triggerInWords } from './render-run.ts';
import { count, hang, type Paint, safe } from './text.ts';
import { stamp } from './when.ts';

const label = 13;

/** A run from its beginning to its end, for people. */
export function renderStory(story: RunStory, { paint, width }: { paint: Paint; width: number }): string {
  const { run, changes, skipped, drifts } = story;
  const title = `${paint('bold', safe(run.target))}  run ${safe(run.id)}`;
  const rows = factsOf(story, paint).map(([name, value]) => hang(`  ${name.padEnd(label)} `, value, width));
  const notes = (run.notes ?? []).map((note) => hang('    ', `${paint('yellow', 'note')} ${safe(note)}`, width, 2));
  const held = heldLines(run, paint).map(([indent, text]) => hang(indent, text, width, 2));
  const left = skipped.map((outcome) => {
    const why = `${outcome.reason ?? ''}: ${safe(outcome.message ?? '')}`;
    return hang('    ', `${paint('yellow', '· skipped')} ${subject(outcome)}  ${why}`, width, 2);
  });
  const shared = sharedCommit(changes);
  const style = { paint, width, inRun: true, ...(shared === undefined ? {} : { told: shared.sha }) };
  const sections: [string, string[]][] = [
    [count(changes.length, 'change'), changes.map((change) => renderAudited(change, style))],
    [count(drifts.length, 'drift'), drifts.map((drift) => renderAudited(drift, style))],
    [
      count(run.summary?.held ?? held.length, 'change held', 'changes held'),
      [held.join('\n')].filter((one) => one !== ''),
    ],
    [`${skipped.length} skipped`, left],
  ];
  const told = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([name, lines]) => [`  ${paint('bold', name)}`, ...lines].join('\n\n'));
  return [[title, ...rows, ...notes].join('\n'), ...told].join('\n\n');
}

/** The one commit behind all that was wished; told once then. */
function sharedCommit(changes: RunStory['changes']): RunStory['changes'][number]['commit'] {
  const all = changes.filter(({ cause }) => cause !== 'drift').map(({ commit }) => commit);
  return all.every((one) => one?.sha === all[0]?.sha) ? all[0] : undefined;
}

function factsOf(story: RunStory, paint: Paint): [string, string][] {
  const { run, changes, skipped, intact, running = false } = story;
  const { startedAt, finishedAt, organization, requests, activationMs, digest, message, reason } = run;
  const length = finishedAt === undefined ? [] : [took(Date.parse(finishedAt) - Date.parse(startedAt))];
  const cost = requests === undefined ? [] : [count(requests, 'request')];
  const active = activationMs === undefined ? [] : [`in force after ${took(activationMs)}`];
  const commit = sharedCommit(changes);
  const made = changes.filter(({ status }) => status === 'applied').length;
  const missed = changes.length - made + skipped.length;
  const why = message === undefined ? [] : [`${reason ?? ''}: ${safe(message)}`];
  return [
    ['began', [`${stamp(startedAt)}`, triggerInWords(run)].filter((one) => one !== '').join(', ')],
    ['took', [...length, ...cost, ...active].join(', ')],
    ['revision', safe(run.revision)],
    ...(commit === undefined ? [] : [['commit', commitInShort(commit, paint)] as [string, string]]),
    ...(organization === undefined ? [] : [['organisation', safe(organization)] as [string, string]]),
    ['came to', [resultInWords(run, { made, missed }, { paint, running }), ...why].join('  ')],
    ...(digest === undefined ? [] : [['digest', digestInWords(digest, intact, paint)] as [string, string]]),
  ].filter((row): row is [string, string] => row[1] !== '');
}

function digestInWords(digest: string, intact: boolean | undefined, paint: Paint): string {
  const said = `sha256 ${safe(digest)}`;
  return intact === false
    ? `${said}  ${paint('red', '✗ its entries are no longer those that it finished with')}`
    : paint('dim', said);
}
