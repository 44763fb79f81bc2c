import type { Effect } from '../engine/types.ts';
import { fold } from './fold.ts';
import { aligned, indent, lineWidth } from './layout.ts';
import { recordsOf } from './records.ts';
import { recordsLines } from './records-text.ts';
import type { Line, Style } from './style.ts';
import { valueText } from './value-text.ts';

const INDENT = 4;

/** What a change does in the world. Codes that have no words of their own show their data. */
export function effectLines(effect: Effect, options: { readonly records: boolean }, style: Style): readonly Line[] {
  const records = recordsOf(effect);
  if (records) return recordsLines(records, options, style);
  const rows = aligned(
    Object.entries(effect.data).map(([key, value], index): Line => {
      const label = style.say(index === 0 ? effect.code : '');
      return [label, { text: style.name(key) }, { text: valueText(value) }];
    }),
  );
  if (rows.length === 0) return [[indent(INDENT), style.say(effect.code)]];
  return rows.map(([label, key, value]) => {
    const front: Line = [indent(INDENT), ...(label ? [label] : []), ...(key ? [key] : [])];
    return [...front, { text: fold(value?.text ?? '', style.width - lineWidth(front), style) }];
  });
}
