import type { Value } from '../engine/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { hintLines } from './finding-text.ts';
import { foldLong, foldName } from './fold.ts';
import { aligned, indent, lineWidth, paragraph } from './layout.ts';
import type { ErrorReport, RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';
import { diagnosticLines } from './validate-text.ts';
import { valueText } from './value-text.ts';

const INDENT = 2;
/** Columns that a field's name may take. */
const LABEL_ROOM = 24;

/** What went wrong, its further facts, the next command. */
export function errorLines(error: ErrorReport, options: RenderOptions, style: Style): readonly Line[] {
  const { code, message, file = null, line = 0, column = 0, hint, ...facts } = error;
  return [
    ...diagnosticLines({ code, message, file, line, column, path: '' }, style.say('error', 'delete'), style),
    ...factLines(facts, style),
    ...hintLines(hint, INDENT, style),
    ...closingLines(style, '1 error.', exitText(options.exitCode)),
  ];
}

/** Further fields of an error, one a line; a list takes a line for each item. */
function factLines(facts: Readonly<Record<string, Value | undefined>>, style: Style): readonly Line[] {
  const known = Object.entries(facts).flatMap(([key, value]) =>
    value === undefined || value === null
      ? []
      : listOf(value).map((item, index) => [index === 0 ? key : '', item] as const),
  );
  const labels = aligned(
    known.map(([key]): Line => [indent(INDENT), style.say(foldName(key, LABEL_ROOM, style), 'dim'), indent(0)]),
    0,
  );
  return known.flatMap(([, item], index) => {
    const lead = [...(labels[index] ?? []), indent(2)];
    return paragraph(style, { lead, hang: lineWidth(lead), text: foldLong(valueText(item), style) });
  });
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [value];
}
