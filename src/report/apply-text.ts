import type { ApplyResult, Outcome, SealDifference } from '../engine/types.ts';
import { shortType } from './action-text.ts';
import { closingLines, exitText, summaryText } from './count-text.ts';
import { fold, foldLong } from './fold.ts';
import { count, plural, shortDigest } from './format.ts';
import { guardLines } from './guard-text.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { ApplyOptions } from './options.ts';
import { verbSymbol } from './plan-model.ts';
import { sidesLines } from './sides.ts';
import type { Line, Style } from './style.ts';

const EMPTY: Line = [];

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  applied: 'done',
  nothing: 'nothing was to do',
  stale: 'refused, what differs from the review stands below',
  refused: 'refused, what stands in the way is named below',
  partial: 'done in part; the same command again does the rest',
  interrupted: 'interrupted: calls in flight were finished, nothing new was started; the same command again does the rest',
  'not-converged': 'done, but the world does not stay as it was written',
};

/** What was done, what was not and why, and the next command. */
export function applyLines(result: ApplyResult, options: ApplyOptions, style: Style): readonly Line[] {
  const sections = [
    headerLines(result, style),
    doneLines(result, options, style),
    ...result.refused.map(({ document, differences }) => refusalLines(document, differences, style)),
    result.refused.length > 0 ? againLines(result, style) : [],
    result.failed.flatMap(({ id, error }) => failureLines(id, error, style)),
    skippedLines(result, style),
    guardLines(result.guards, style),
    replanLines(result, style),
  ];
  return [
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, EMPTY]),
    ...closingLines(style, appliedText(result, options), exitText(options.exitCode)),
  ];
}

/** `Applied: 4 of 6, 2 refused.` */
export function appliedText(result: ApplyResult, { plan }: ApplyOptions): string {
  const { done, failed, skipped, refused } = result;
  const documents = new Set(refused.map(({ document }) => document));
  const refusals = plan?.actions.filter(({ document }) => documents.has(document)).length ?? refused.length;
  const total = plan?.actions.length ?? done.length + failed.length + skipped.length + refusals;
  const rest = [
    [refusals, 'refused'],
    [failed.length, 'failed'],
    [skipped.length, 'skipped'],
  ] as const;
  const parts = rest.filter(([number]) => number > 0).map(([number, word]) => `, ${count(number)} ${word}`);
  const nothing = result.guards.length > 0 ? ' Nothing was changed.' : '';
  return `Applied: ${count(done.length)} of ${count(total)}${parts.join('')}.${nothing}`;
}

function headerLines({ digest, outcome }: ApplyResult, style: Style): readonly Line[] {
  const lead = [style.say('Apply ', 'strong'), style.say(`${shortDigest(digest)} · `)];
  return paragraph(style, { lead, hang: 2, text: style.text(OUTCOMES[outcome]) });
}

function doneLines({ done }: ApplyResult, { plan }: ApplyOptions, style: Style): readonly Line[] {
  return aligned(
    done.map((id): Line => {
      const action = plan?.actions.find((planned) => planned.id === id);
      if (!action) return [style.say('=', 'dim'), style.say(style.name(id))];
      const [symbol, tone] = verbSymbol(action.action);
      const resource = fold(style.name(action.resource), Math.floor(style.width / 2), style);
      return [style.say(symbol, tone), style.say(shortType(action.type)), { text: resource }, style.say(action.document, 'dim')];
    }),
  );
}

function refusalLines(document: string, differences: readonly SealDifference[], style: Style): readonly Line[] {
  const title = [style.say('✗ ', 'delete'), style.say(style.name(document), 'strong'), style.say(' is not as reviewed')];
  return [title, ...differences.flatMap((difference) => differenceLines(difference, style))];
}

function differenceLines({ id, path, message, reviewed, now }: SealDifference, style: Style): readonly Line[] {
  const sentence = paragraph(style, {
    lead: [indent(4), style.say(`${style.name(id)}: `)],
    hang: 6,
    text: foldLong(message, style),
  });
  if (reviewed === undefined && now === undefined) return sentence;
  const subject = path === undefined ? '' : `${fold(style.name(path), Math.floor(style.width / 2), style)}   `;
  const front = [indent(6), { text: subject }];
  return [...sentence, ...sidesLines(front, ['reviewed', reviewed ?? null], ['now', now ?? null], style)];
}

function againLines({ done }: ApplyResult, style: Style): readonly Line[] {
  const documents = new Set(done.map((id) => id.slice(0, id.lastIndexOf('/')))).size;
  const others = documents === 0 ? 'Nothing else was applied.' : `${plural(documents, 'other document')} applied.`;
  return [[indent(2), style.say(`${others} Plan again:  push to the branch, or  trueup plan`)]];
}

function failureLines(id: string, error: string, style: Style): readonly Line[] {
  return [
    [style.say('✗ ', 'delete'), style.say(style.name(id), 'strong'), style.say(' failed')],
    ...paragraph(style, { lead: [indent(4)], hang: 4, text: foldLong(error, style) }),
  ];
}

function skippedLines({ skipped }: ApplyResult, style: Style): readonly Line[] {
  return skipped.flatMap(({ id, why }) =>
    paragraph(style, {
      lead: [style.say('= ', 'dim'), style.say(style.name(id)), style.say(' skipped: ', 'dim')],
      hang: 4,
      text: foldLong(why, style),
    }),
  );
}

function replanLines({ replan }: ApplyResult, style: Style): readonly Line[] {
  if (replan === null) return [];
  const { create, update, replace, delete: deletes, adopt, release } = replan.summary;
  const left = create + update + replace + deletes + adopt + release;
  if (left === 0) return [[style.say('A plan right after it is empty.')]];
  return [[style.say(`A plan right after it is not empty: ${summaryText(replan.summary)}.`)]];
}
