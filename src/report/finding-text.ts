import type { Finding } from '../engine/types.ts';
import { foldLong } from './fold.ts';
import { indent, paragraph } from './layout.ts';
import type { Line, Style, Tone } from './style.ts';

const MARKS: Readonly<Record<Finding['severity'], readonly [mark: string, tone: Tone]>> = {
  blocks: ['✗', 'delete'],
  warning: ['!', 'change'],
  info: ['note', 'dim'],
};

/**
 * A finding as a paragraph, what to do about it beneath. `column` is where it begins.
 *
 * @param document said before it; an empty one, of the plan as a whole, is not.
 */
export function findingLines(finding: Finding, column: number, style: Style, document?: string): readonly Line[] {
  const { severity, code, message, hint } = finding;
  const [mark, tone] = MARKS[severity];
  const subject = document === undefined || document === '' ? '' : `${style.name(document)}: `;
  const label = severity === 'blocks' ? `${style.text(code)}: ` : '';
  return [
    ...paragraph(style, {
      lead: [indent(column), style.say(mark, tone), indent(1)],
      hang: column + 2,
      text: `${subject}${label}${foldLong(message, style)}`,
    }),
    ...hintLines(hint, column + 2, style),
  ];
}

/** A finding of what does not change: JSON that its hint has is left to `explain`. */
export function briefFindingLines(finding: Finding, column: number, style: Style): readonly Line[] {
  const { document, hint = '' } = finding;
  const isLong = document !== '' && hint.split('\n').some((line) => OPENS.test(line));
  const shown = isLong ? { ...finding, hint: `what to set:  trueup explain ${document}` } : finding;
  return findingLines(shown, column, style, document);
}

/** The next command or the line of YAML, under what it answers. JSON stays as it is, however wide: it is there to be copied. */
export function hintLines(hint: string | undefined, column: number, style: Style): readonly Line[] {
  if (hint === undefined) return [];
  let isJson = false;
  return hint.split('\n').flatMap((text) => {
    if (OPENS.test(text)) isJson = true;
    const isVerbatim = isJson;
    if (CLOSES.test(text)) isJson = false;
    if (isVerbatim) return [[indent(column), style.say(text)]];
    return paragraph(style, { lead: [indent(column)], hang: column, text: foldLong(text, style) });
  });
}

/** The first and the last line of JSON as `JSON.stringify` indents it. */
const OPENS = /^[[{]$/;
const CLOSES = /^[\]}]$/;
