import { fold } from './fold.ts';
import { indent, lineWidth } from './layout.ts';
import { pairLines } from './pair.ts';
import type { RecordChange } from './records.ts';
import type { Line, Style, Tone } from './style.ts';
import { padEnd, padStart, widthOf } from './width.ts';

const SYMBOLS: Readonly<Record<RecordChange['action'], readonly [symbol: string, tone: Tone]>> = {
  add: ['+', 'add'],
  change: ['~', 'change'],
  remove: ['-', 'delete'],
};

/** Share of the line that names may take. */
const NAME_SHARE = 0.45;
const MARGIN = 6;
const GAP = 2;
/** In front of the values there is room for the arrow of a second line. */
const VALUE_GAP = 3;

interface Columns {
  readonly type: readonly string[];
  readonly name: readonly string[];
  readonly ttl: readonly string[];
}

/** One changed RRset a line: symbol, type, name, TTL, values, in columns. */
export function recordLines(records: readonly RecordChange[], style: Style): readonly Line[] {
  const nameRoom = Math.floor(style.width * NAME_SHARE);
  const columns = {
    type: records.map(({ type }) => style.text(type)),
    name: records.map(({ name }) => fold(style.name(name), nameRoom, style)),
    ttl: records.map((record) => style.text(ttlText(record))),
  };
  const widths = { type: widest(columns.type), name: widest(columns.name), ttl: widest(columns.ttl) };
  return records.flatMap((record, row) => withValues(frontOf(record, row), record, style));

  function frontOf({ action }: RecordChange, row: number): Line {
    const cell = (column: keyof Columns): string => columns[column][row] ?? '';
    const type = padEnd(cell('type'), widths.type + GAP);
    const name = padEnd(cell('name'), widths.name + GAP);
    const [symbol, tone] = SYMBOLS[action];
    const rest = ` ${type}${name}${padStart(cell('ttl'), widths.ttl)}`;
    return [indent(MARGIN), style.say(symbol, tone), { text: rest }, indent(VALUE_GAP)];
  }
}

function withValues(front: Line, { before, after }: RecordChange, style: Style): readonly Line[] {
  const room = style.width - lineWidth(front);
  const one = before?.values.join(', ') ?? '';
  const other = after?.values.join(', ') ?? '';
  if (one === '' || other === '' || one === other) return [[...front, { text: fold(other || one, room, style) }]];
  return pairLines(front, one, other, room, style);
}

function ttlText({ before, after }: RecordChange): string {
  if (before && after && before.ttl !== after.ttl) return `${before.ttl} → ${after.ttl}`;
  return String((after ?? before)?.ttl ?? '');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, widthOf(text)), 0);
}
