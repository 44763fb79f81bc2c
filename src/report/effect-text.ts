import type { Effect } from '../engine/types.ts';
import { callersLines, callersOf } from './callers.ts';
import { foldName } from './fold.ts';
import { functionDocumentOf } from './function-documents.ts';
import { functionDocumentsLines } from './function-documents-text.ts';
import { aligned, indent } from './layout.ts';
import { valueLines } from './pair.ts';
import { permissionsOf } from './permissions.ts';
import { permissionsLines } from './permissions-text.ts';
import { recordsOf } from './records.ts';
import { recordsLines } from './records-text.ts';
import type { Line, Style } from './style.ts';
import { timelinesOf } from './timelines.ts';
import { timelinesLines } from './timelines-text.ts';
import { valueText } from './value-text.ts';

const INDENT = 4;
/** Columns of a code and of a field's name. */
const LABEL_ROOM = 24;

/** What a change does in the world. Codes that have no words of their own show their data. */
export function effectLines(effect: Effect, options: { readonly records: boolean }, style: Style): readonly Line[] {
  const records = recordsOf(effect);
  if (records) return recordsLines(records, options, style);
  const permissions = permissionsOf(effect);
  if (permissions) return permissionsLines(permissions, style);
  const callers = callersOf(effect);
  if (callers) return callersLines(callers, style);
  const document = functionDocumentOf(effect);
  if (document) return functionDocumentsLines([document], style);
  const timelines = timelinesOf(effect);
  if (timelines) return timelinesLines(timelines, style);
  const code = foldName(effect.code, LABEL_ROOM, style);
  const fields = Object.entries(effect.data);
  if (fields.length === 0) return [[indent(INDENT), { text: code }]];
  const fronts = aligned(
    fields.map(([key], index): Line => [
      { text: index === 0 ? code : '' },
      { text: foldName(key, LABEL_ROOM, style) },
      { text: '' },
    ]),
    0,
  );
  return fields.flatMap(([, value], index) => {
    const [label = indent(0), key = indent(0)] = fronts[index] ?? [];
    return valueLines([indent(INDENT), label, indent(2), key], valueText(value), style);
  });
}
