import { foldName } from './fold.ts';
import { count, plural } from './format.ts';
import type { FunctionDocument } from './function-documents.ts';
import { aligned, indent, paragraph } from './layout.ts';
import { pairLines, sidesLines } from './pair.ts';
import type { Line, Style } from './style.ts';
import { valueText } from './value-text.ts';
import { padEnd } from './width.ts';

const INDENT = 4;
/** Where fields stand: behind the label, and below the variables that drifted. */
const COLUMN = 15;
const DRIFT_COLUMN = 10;
const GAP = 3;
const LABEL = 'document';
/** Share of the line that a path may take. */
const PATH_SHARE = 0.5;
/** The text of the variable is another, and says the same. */
const SAME = 'says the same, written otherwise';

/** What functions are told otherwise than before, a field a line; which function it is where they are told different things. */
export function functionDocumentsLines(documents: readonly FunctionDocument[], style: Style): readonly Line[] {
  return documents.flatMap((document) => [
    ...(documents.length > 1 ? namesLines(document, style) : []),
    ...changesLines(document, style),
  ]);
}

/** What a function was told and should be told otherwise, below its name. */
export function driftedDocumentLines({ changes, omitted }: FunctionDocument, style: Style): readonly Line[] {
  const fronts = aligned(
    changes.map(({ path }): Line => [{ text: pathText(path, style) }, { text: '' }]),
    GAP,
  );
  return [
    ...changes.flatMap(({ before, after }, index) => {
      const front = [indent(DRIFT_COLUMN), ...(fronts[index] ?? [])];
      return sidesLines(front, ['wanted', 'found'], [fieldText(after), fieldText(before)], style, {
        deep: DRIFT_COLUMN + 2,
      });
    }),
    ...moreLines(omitted, DRIFT_COLUMN, style),
  ];
}

function namesLines({ functions }: FunctionDocument, style: Style): readonly Line[] {
  const text = `told to ${functions.map((name) => style.name(name)).join(', ')}`;
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT + 2, text });
}

function changesLines({ changes, omitted }: FunctionDocument, style: Style): readonly Line[] {
  if (changes.length === 0)
    return [[indent(INDENT), style.say(padEnd(LABEL, COLUMN - INDENT)), style.say(SAME, 'dim')]];
  const fronts = aligned(
    changes.map(({ path }): Line => [{ text: pathText(path, style) }, { text: '' }]),
    0,
  );
  return [
    ...changes.flatMap(({ before, after }, index) => {
      const label = padEnd(index === 0 ? LABEL : '', COLUMN - INDENT);
      return pairLines(
        [indent(INDENT), style.say(label), ...(fronts[index] ?? [])],
        [fieldText(before), fieldText(after)],
        style,
        { deep: COLUMN },
      );
    }),
    ...moreLines(omitted, COLUMN, style),
  ];
}

function moreLines(omitted: number, column: number, style: Style): readonly Line[] {
  return omitted > 0 ? [[indent(column), style.say(`…and ${plural(omitted, 'field')} more`, 'dim')]] : [];
}

function pathText(path: string, style: Style): string {
  return foldName(path, Math.floor(style.width * PATH_SHARE), style);
}

/** Figures are grouped: 100 and 10,000 are told apart at a glance. */
function fieldText(value: unknown): string {
  return Number.isSafeInteger(value) ? count(value as number) : valueText(value);
}
