import type { ApplyResult, Culprit, Outcome, Plan, SealDifference } from '../engine/types.ts';
import { nameOf } from './action-text.ts';
import { closingLines, exitText, summaryText } from './count-text.ts';
import { foldLong, foldName } from './fold.ts';
import { count, plural, shortDigest } from './format.ts';
import { guardLines } from './guard-text.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { ApplyOptions } from './options.ts';
import { verbSymbol } from './plan-model.ts';
import { sidesLines } from './pair.ts';
import type { Line, Span, Style } from './style.ts';
import { differingTexts, valueText } from './value-text.ts';
import { changedByLines } from './who-text.ts';

const EMPTY: Line = [];
/** Share of the line that a document's address may take beside its resource. */
const ADDRESS_SHARE = 0.3;

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  applied: 'done',
  nothing: 'nothing was to do',
  stale: 'refused, what differs from the review stands below',
  refused: 'refused, what stands in the way is named below',
  partial: 'done in part; run the same command again to go on from there',
  interrupted:
    'interrupted: calls in flight were finished, nothing new was started; run the same command again to go on from there',
  'not-converged': 'done, but the world does not stay as it was written',
};

/** What was done, what was not and why, and the next command. */
export function applyLines(result: ApplyResult, options: ApplyOptions, style: Style): readonly Line[] {
  const sections = [
    headerLines(result, style),
    doneLines(result, options, style),
    ...troubleSections(result, style),
    ...outputSections(result, style),
  ];
  return [
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, EMPTY]),
    ...closingLines(style, appliedText(result, options), exitText(options.exitCode)),
  ];
}

/** Per document what people need of it. Never broken, however wide: it is there to be copied. */
function outputSections({ outputs = [] }: ApplyResult, style: Style): readonly (readonly Line[])[] {
  return [...new Set(outputs.map(({ document }) => document))].map((document) => [
    [style.say(foldName(document, style.width, style), 'strong')],
    ...aligned(
      outputs
        .filter((output) => output.document === document)
        .map(({ name, value }): Line => [{ text: `  ${style.text(name)}` }, { text: style.text(value) }]),
    ),
  ]);
}

/** What was not done, and why; what stands in the way; what is left. Each section may be empty. */
export function troubleSections(result: ApplyResult, style: Style): readonly (readonly Line[])[] {
  return [
    ...result.refused.map(({ document, differences }) => refusalLines(document, differences, style)),
    result.refused.length > 0 ? againLines(result, style) : [],
    result.failed.flatMap(({ id, error }) => failureLines(id, error, style)),
    skippedLines(result, style),
    guardLines(result.guards, style),
    replanLines(result, style),
  ];
}

/** `Applied: 4 of 6, 2 refused.` */
function appliedText(result: ApplyResult, { plan }: ApplyOptions): string {
  const nothing = result.guards.length > 0 ? ' Nothing was changed.' : '';
  return `Applied: ${appliedCount(result, plan)}.${nothing}`;
}

/** `4 of 6, 2 refused`; without the plan the total is what the result names. */
export function appliedCount(result: ApplyResult, plan: Plan | undefined): string {
  const { done, failed, skipped, refused } = result;
  const documents = new Set(refused.map(({ document }) => document));
  const refusals = plan?.actions.filter(({ document }) => documents.has(document)).length ?? refused.length;
  const planned = new Set(plan?.actions.map(({ id }) => id));
  const unforeseen = [...done, ...failed.map(({ id }) => id)].filter((id) => !planned.has(id)).length;
  const total = plan ? plan.actions.length + unforeseen : done.length + failed.length + skipped.length + refusals;
  const rest = [
    [refusals, 'refused'],
    [failed.length, 'failed'],
    [skipped.length, 'skipped'],
  ] as const;
  const parts = rest.filter(([number]) => number > 0).map(([number, word]) => `, ${count(number)} ${word}`);
  return `${count(done.length)} of ${count(total)}${parts.join('')}`;
}

function headerLines({ digest, outcome }: ApplyResult, style: Style): readonly Line[] {
  const lead = [style.say('Apply ', 'strong'), style.say(`${shortDigest(digest)} · `)];
  return paragraph(style, { lead, hang: 2, text: style.text(OUTCOMES[outcome]) });
}

function doneLines({ done }: ApplyResult, { plan }: ApplyOptions, style: Style): readonly Line[] {
  const actions = new Map(plan?.actions.map((action) => [action.id, action]));
  const known = done.flatMap((id) => actions.get(id) ?? []);
  const names = aligned(known.map((action): Line => [...nameOf(action, style), { text: '' }]));
  return [
    ...known.map((action, index): Line => {
      const [symbol, tone] = verbSymbol(action.action);
      return [style.say(symbol, tone), indent(1), ...(names[index] ?? []), documentSpan(action.document, style)];
    }),
    ...done.filter((id) => !actions.has(id)).map((id) => unforeseenLine(id, plan !== undefined, style)),
  ];
}

/** Content that moves by itself, and moved after the plan. Without a plan nothing is known of it. */
function unforeseenLine(id: string, hasPlan: boolean, style: Style): Line {
  if (!hasPlan) return [style.say('= ', 'dim'), documentSpan(id, style)];
  const [symbol, tone] = verbSymbol('update');
  return [style.say(symbol, tone), indent(1), documentSpan(id, style), style.say('   moved since the plan', 'dim')];
}

function documentSpan(address: string, style: Style): Span {
  return style.say(foldName(address, Math.floor(style.width * ADDRESS_SHARE), style), 'dim');
}

function refusalLines(document: string, differences: readonly SealDifference[], style: Style): readonly Line[] {
  return [
    ...titleLines(document, 'is not as reviewed', style),
    ...differences.flatMap((difference) => differenceLines(difference, style)),
    ...culpritsOf(differences).flatMap((who) => changedByLines(who, style)),
  ];
}

/** Each event once: one may have moved several fields. */
function culpritsOf(differences: readonly SealDifference[]): readonly Culprit[] {
  const told = differences.flatMap(({ who }) => (who && who.confidence !== 'not visible yet' ? [who] : []));
  return [...new Map(told.map((who) => [who.eventId, who])).values()];
}

function titleLines(address: string, text: string, style: Style): readonly Line[] {
  const name = foldName(address, style.width - 2, style);
  return paragraph(style, { lead: [style.say('✗ ', 'delete')], hang: 4, text: `${name} ${text}` });
}

function differenceLines({ id, path, message, reviewed, now }: SealDifference, style: Style): readonly Line[] {
  const text = `${style.name(id)}: ${foldLong(message, style)}`;
  const sentence = paragraph(style, { lead: [indent(4)], hang: 6, text });
  if (reviewed === undefined && now === undefined) return sentence;
  const subject = path === undefined ? '' : `${foldName(path, Math.floor(style.width / 2), style)}   `;
  const values = [valueText(reviewed), valueText(now)] as const;
  const differing = (): readonly [string, string] => differingTexts(reviewed, now);
  return [
    ...sentence,
    ...sidesLines([indent(6), { text: subject }], ['reviewed', 'now'], values, style, { differing }),
  ];
}

function againLines({ done }: ApplyResult, style: Style): readonly Line[] {
  const documents = new Set(done.map((id) => id.slice(0, id.lastIndexOf('/')))).size;
  const others = documents === 0 ? 'Nothing else was applied.' : `${plural(documents, 'other document')} applied.`;
  return [[indent(2), style.say(`${others} Plan again:  push to the branch, or  trueup plan`)]];
}

function failureLines(id: string, error: string, style: Style): readonly Line[] {
  return [
    ...titleLines(id, 'failed', style),
    ...paragraph(style, { lead: [indent(4)], hang: 4, text: foldLong(error, style) }),
  ];
}

function skippedLines({ skipped }: ApplyResult, style: Style): readonly Line[] {
  return skipped.flatMap(({ id, why }) =>
    paragraph(style, {
      lead: [style.say('= ', 'dim')],
      hang: 4,
      text: `${style.name(id)} skipped: ${foldLong(why, style)}`,
    }),
  );
}

function replanLines({ replan }: ApplyResult, style: Style): readonly Line[] {
  if (replan === null) return [];
  const { create, update, replace, delete: deletes, adopt, release } = replan.summary;
  const left = create + update + replace + deletes + adopt + release;
  if (left === 0 && !replan.complete) {
    return paragraph(style, {
      lead: [],
      hang: 2,
      text: 'A plan right after it is not complete: something could not be looked at.  trueup plan',
    });
  }
  if (left === 0) return [[style.say('A plan right after it is empty.')]];
  return [[style.say(`A plan right after it is not empty: ${summaryText(replan.summary)}.`)]];
}
