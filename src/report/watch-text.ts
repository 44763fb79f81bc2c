import { hintLines } from './finding-text.ts';
import { foldLong } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import { leftText } from './left-text.ts';
import { openDifferences } from './loop-found.ts';
import type { Line, Span, Style } from './style.ts';
import type { WatchResult } from './watch-result.ts';

const INDENT = 4;
/** Of a commit's id, as git shows it. */
const SHORT_COMMIT = 7;
/** `2026-11-24T10:41:07.000Z` → `10:41`. */
const CLOCK = [11, 16] as const;

/** `10:41 UTC  9f3c2ab  4 documents in line`, and under it what is not. */
export function watchLines(result: WatchResult, style: Style): readonly Line[] {
  const { at, commit, refusal, error } = result;
  const when = style.say(`${at.slice(...CLOCK)} UTC  `, 'dim');
  const what = commit === undefined ? [] : [style.say(`${commit.slice(0, SHORT_COMMIT)}  `)];
  const [text, tone] = headline(result);
  const lead = [when, ...what];
  return [
    ...paragraph(style, { lead, hang: INDENT, text: foldLong(text, style), ...(tone && { tone }) }),
    ...result.drifted.flatMap(({ id, fields, who, undone }) => [
      ...entry(
        style,
        [style.say('~ ', 'change')],
        `${style.name(id)}  ${fieldsText(fields, style)}${undone ? ': put back' : ''}`,
      ),
      ...(who === undefined ? [] : entry(style, [indent(2)], foldLong(`by ${who}`, style))),
    ]),
    ...moreLines(result.open - openDifferences(result).length, 'more object', 'trueup drift names all', style),
    ...result.left.flatMap(({ document, why, message }) => [
      ...entry(style, [style.say('= ', 'dim')], `${style.name(document)}: ${foldLong(leftText(why) ?? why, style)}`),
      ...(message === undefined ? [] : entry(style, [indent(2)], foldLong(message, style))),
    ]),
    ...moreLines(result.leftAlone - result.left.length, 'more document', 'trueup plan names all', style),
    ...result.failed.flatMap(({ id, error: why }) =>
      entry(style, [style.say('! ', 'delete')], `${style.name(id)}: ${foldLong(why, style)}`),
    ),
    ...(refusal ? entry(style, [], foldLong(refusal.message, style)) : []),
    ...(error ? [...entry(style, [], foldLong(error.message, style)), ...hintLines(error.hint, INDENT, style)] : []),
  ];
}

function headline(result: WatchResult): readonly [string, Span['tone']] {
  const { outcome, refusal, error, documents, healed, applied, open, leftAlone, failed } = result;
  if (error) return [`error ${error.code}`, 'delete'];
  if (refusal) return [`refused: ${refusal.code}`, 'delete'];
  if (outcome === 'busy') return ['another run of this loop goes on', 'change'];
  const parts = [
    ...(applied > 0 ? [`${plural(applied, 'change')} applied`] : []),
    ...(healed > 0 ? [`${plural(healed, 'change')} healed`] : []),
    ...(open > 0 ? [`${plural(open, 'object')} drifted`] : []),
    ...(leftAlone > 0 ? [`${plural(leftAlone, 'document')} left alone`] : []),
    ...(failed.length > 0 ? [`${count(failed.length)} failed`] : []),
  ];
  const isBad = open + leftAlone + failed.length > 0;
  const of = plural(documents, 'document');
  if (isBad) return [`${parts.join(', ')} of ${of}`, 'change'];
  return [[...parts, `${of} in line`].join(', '), undefined];
}

/** What a run names the first of only. */
function moreLines(number: number, what: string, where: string, style: Style): readonly Line[] {
  return number > 0 ? entry(style, [indent(2)], `${plural(number, what)}: ${where}`) : [];
}

function fieldsText(fields: readonly string[], style: Style): string {
  return fields.length === 0 ? 'is gone' : foldLong(fields.join(', '), style);
}

function entry(style: Style, lead: Line, text: string): readonly Line[] {
  return paragraph(style, { lead: [indent(INDENT), ...lead], hang: INDENT + 2, text });
}
