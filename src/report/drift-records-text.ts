import { count } from './format.ts';
import { aligned, indent } from './layout.ts';
import { sidesLines } from './pair.ts';
import { typesAndNames } from './record-lines.ts';
import { movedRecords } from './records.ts';
import type { RecordChange, RecordsData } from './records.ts';
import type { Line, Style } from './style.ts';

/** Drifted records that are shown unless all are asked for. */
const SHOWN = 10;
const INDENT = 4;

/** One record that differs a line: what the source says, what the zone answers. */
export function driftedRecordLines(
  data: RecordsData,
  options: { readonly records: boolean },
  style: Style,
): readonly Line[] {
  const records = data.records ?? [];
  const shown = options.records ? records : records.slice(0, SHOWN);
  const hidden = records.length > 0 ? movedRecords(data) - shown.length : 0;
  const more = `    …${count(hidden)} more${options.records ? '' : ': --records'}`;
  const { type, name } = typesAndNames(shown, style);
  const fronts = aligned(
    shown.map((_, row): Line => [{ text: type[row] ?? '' }, { text: name[row] ?? '' }, { text: '' }]),
  );
  return [
    ...shown.flatMap((record, row) => {
      const front = [indent(INDENT), ...(fronts[row] ?? [])];
      return sidesLines(front, ['wanted', 'found'], [sideText(record, 'after'), sideText(record, 'before')], style);
    }),
    ...(hidden > 0 ? [[style.say(more, 'dim')]] : []),
  ];
}

function sideText(record: RecordChange, side: 'before' | 'after'): string {
  const found = record[side];
  if (!found) return '(none)';
  const { before, after } = record;
  const ttl = before && after && before.ttl !== after.ttl ? ` (TTL ${found.ttl})` : '';
  return `${found.values.join(', ')}${ttl}`;
}
