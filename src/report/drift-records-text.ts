import { fold } from './fold.ts';
import { count } from './format.ts';
import { aligned, indent } from './layout.ts';
import { movedRecords } from './records.ts';
import type { RecordChange, RecordsData } from './records.ts';
import { sidesLines } from './sides.ts';
import type { Line, Style } from './style.ts';

/** Drifted records that are shown unless all are asked for. */
const SHOWN = 10;
const NAME_SHARE = 0.45;
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
  const nameRoom = Math.floor(style.width * NAME_SHARE);
  const fronts = aligned(
    shown.map(({ type, name }): Line => [
      style.say(type),
      { text: fold(style.name(name), nameRoom, style) },
      { text: '' },
    ]),
  );
  return [
    ...shown.flatMap((record, index) => {
      const front = [indent(INDENT), ...(fronts[index] ?? [])];
      return sidesLines(front, ['wanted', sideText(record, 'after')], ['found', sideText(record, 'before')], style);
    }),
    ...(hidden > 0 ? [[style.say(more, 'dim')]] : []),
  ];
}

function sideText(record: RecordChange, side: 'before' | 'after'): string | null {
  const found = record[side];
  if (!found) return null;
  const { before, after } = record;
  const ttl = before && after && before.ttl !== after.ttl ? ` (TTL ${found.ttl})` : '';
  return `${found.values.join(', ')}${ttl}`;
}
