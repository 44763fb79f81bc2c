import { foldName } from './fold.ts';
import { indent } from './layout.ts';
import { pairLines, valueLines } from './pair.ts';
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
/** The longest type that Route 53 holds has five letters; unknown ones are `TYPE65535` (RFC 3597 §5). */
const TYPE_ROOM = 9;
const MARGIN = 6;
const GAP = 2;

interface Columns {
  readonly type: readonly string[];
  readonly name: readonly string[];
  readonly ttl: readonly string[];
}

/** One changed RRset a line: symbol, type, name, TTL, values, in columns. */
export function recordLines(records: readonly RecordChange[], style: Style): readonly Line[] {
  const columns: Columns = {
    ...typesAndNames(records, style),
    ttl: records.map((record) => style.text(ttlText(record))),
  };
  const widths = { type: widest(columns.type), name: widest(columns.name), ttl: widest(columns.ttl) };
  return records.flatMap((record, row) => {
    const cell = (column: keyof Columns): string => columns[column][row] ?? '';
    const type = padEnd(cell('type'), widths.type + GAP);
    const name = padEnd(cell('name'), widths.name + GAP);
    const [symbol, tone] = SYMBOLS[record.action];
    const rest = ` ${type}${name}${padStart(cell('ttl'), widths.ttl)}`;
    return withValues([indent(MARGIN), style.say(symbol, tone), { text: rest }], record, style);
  });
}

/** Types and names, folded to their columns. */
export function typesAndNames(records: readonly RecordChange[], style: Style): Omit<Columns, 'ttl'> {
  const nameRoom = Math.floor(style.width * NAME_SHARE);
  return {
    type: records.map(({ type }) => foldName(type, TYPE_ROOM, style)),
    name: records.map(({ name }) => foldName(name, nameRoom, style)),
  };
}

function withValues(front: Line, { before, after }: RecordChange, style: Style): readonly Line[] {
  const one = before?.values.join(', ') ?? '';
  const other = after?.values.join(', ') ?? '';
  if (one === '' || other === '' || one === other) return valueLines(front, other || one, style);
  return pairLines(front, [one, other], style);
}

function ttlText({ before, after }: RecordChange): string {
  if (before && after && before.ttl !== after.ttl) return `${before.ttl} → ${after.ttl}`;
  return String((after ?? before)?.ttl ?? '');
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, widthOf(text)), 0);
}
