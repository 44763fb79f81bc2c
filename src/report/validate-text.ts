import type { Diagnostic, ValidateResult } from '../engine/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { fold, foldLong } from './fold.ts';
import { frameLines } from './frame-text.ts';
import { count, plural } from './format.ts';
import { indent, lineWidth, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Span, Style } from './style.ts';

/** Columns that a code may take, and a code with its severity. */
const CODE_ROOM = 28;
const LABEL_ROOM = 40;

/** Everything that is wrong with the configuration, as a compiler says it. */
export function validateLines(result: ValidateResult, options: RenderOptions, style: Style): readonly Line[] {
  return [
    ...result.errors.flatMap((error) => diagnosticLines(error, style.say('error', 'delete'), style)),
    ...result.warnings.flatMap((warning) => diagnosticLines(warning, style.say('warning', 'change'), style)),
    ...closingLines(style, validateCount(result), exitText(options.exitCode)),
  ];
}

/** `2 errors in 2 of 12 files. Nothing was sent.` or `12 documents in 9 files are valid.` */
function validateCount({ ok, documents, files, errors, warnings }: ValidateResult): string {
  const also = warnings.length > 0 ? [plural(warnings.length, 'warning')] : [];
  if (ok) {
    const are = documents === 1 ? 'is' : 'are';
    return `${[`${plural(documents, 'document')} in ${plural(files, 'file')} ${are} valid`, ...also].join(', ')}.`;
  }
  const faulty = new Set(errors.flatMap(({ file }) => file ?? [])).size;
  const where = faulty > 0 ? ` in ${count(faulty)} of ${plural(files, 'file')}` : '';
  return `${[plural(errors.length, 'error'), ...also].join(' and ')}${where}. Nothing was sent.`;
}

/** One fault with its frame and its hint. */
export function diagnosticLines(
  { file, line, column, code, message, hint, frame }: Diagnostic,
  severity: Span,
  style: Style,
): readonly Line[] {
  const place = file === null ? '' : `${fold(placeText(file, line, column), style.width - LABEL_ROOM, style)} `;
  const lead = [style.say(place, 'strong'), severity, style.say(` ${fold(code, CODE_ROOM, style)}: `)];
  const hang = lineWidth(lead) > style.width / 2 ? 4 : 2;
  return [
    ...paragraph(style, { lead, hang, text: foldLong(message, style) }),
    ...(frame ? frameLines(frame, line, column, style) : []),
    ...(hint === undefined ? [] : paragraph(style, { lead: [indent(2)], hang: 2, text: foldLong(hint, style) })),
  ];
}

function placeText(file: string, line: number, column: number): string {
  if (line === 0) return file;
  return column === 0 ? `${file}:${line}` : `${file}:${line}:${column}`;
}
