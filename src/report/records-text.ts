import { fold } from './fold.ts';
import { count, duration, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import { recordLines } from './record-lines.ts';
import { movedRecords } from './records.ts';
import type { RecordChange, RecordsData } from './records.ts';
import type { Line, Style, Tone } from './style.ts';

/** Record lines that are shown unless all are asked for. */
const SHOWN = 3;
/** The order in which people read them; a sample shows each of them first. */
const ORDER: readonly RecordChange['action'][] = ['add', 'change', 'remove'];
const LABEL = '    records   ';
const MARK_INDENT = 4;
/** Rows that a list of names may take. */
const NAME_ROWS = 4;

/** The effect `dns.records` of a plan. */
export function recordsLines(data: RecordsData, options: { readonly records: boolean }, style: Style): readonly Line[] {
  const records = data.records ?? [];
  const shown = options.records ? records : sample(records);
  const hidden = records.length > 0 ? movedRecords(data) - shown.length : 0;
  const more = `      …${count(hidden)} more${options.records ? '' : ': --records'}`;
  return [
    ...paragraph(style, { lead: [style.say(LABEL)], hang: LABEL.length, text: style.text(serialText(data)) }),
    [indent(LABEL.length), ...countLine(data, style)],
    ...recordLines(shown, style),
    ...(hidden > 0 ? [[style.say(more, 'dim')]] : []),
    ...notes(data, style),
    ...warnings(data, style),
  ];
}

/** The first of each action, then the next ones: a removal is never hidden behind additions. */
function sample(records: readonly RecordChange[]): readonly RecordChange[] {
  const firsts = ORDER.flatMap((action) => records.find((record) => record.action === action) ?? []);
  const others = records.filter((record) => !firsts.includes(record)).slice(0, SHOWN - firsts.length);
  return [...firsts, ...others].sort((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action));
}

function serialText({ serial, primary, tsig }: RecordsData): string {
  const way = serial.from === serial.to ? `${serial.to}, not moved,` : `${serial.from ?? '(none)'} → ${serial.to}`;
  return `serial ${way} at ${primary}${tsig === 'none' ? '' : ', signed'}`;
}

function countLine(data: RecordsData, style: Style): Line {
  if (data.unchanged === null) {
    const why = data.serial.from === data.serial.to ? 'the serial has not moved' : 'the serial went backwards';
    return [style.say(`not listed: ${why}`, 'dim')];
  }
  const kept = data.kept ? `   kept, not ours: ${count(data.kept)}` : '';
  return [
    style.say(`+ ${count(data.add)}`, data.add > 0 ? 'add' : 'dim'),
    style.say(`   ~ ${count(data.change)}`, data.change > 0 ? 'change' : 'dim'),
    style.say(`   - ${count(data.remove)}`, data.remove > 0 ? 'delete' : 'dim'),
    style.say(`   = ${count(data.unchanged)} unchanged${kept}`),
  ];
}

function notes(data: RecordsData, style: Style): readonly Line[] {
  const stale = `; old answers may live on for up to ${duration(data.maxStaleSeconds * 1_000)}`;
  const writes = `${plural(data.batches, 'batch', 'batches')}, ${plural(data.calls, 'call')}`;
  const texts = [
    data.batches > 0 && `${writes}${data.maxStaleSeconds > 0 ? stale : ''}`,
    data.live && movedRecords(data) > 0 && 'live: shown, not sealed; the source may move on before apply',
  ];
  return texts.flatMap((text) =>
    text === false
      ? []
      : paragraph(style, { lead: [indent(LABEL.length)], hang: LABEL.length, text: style.text(text) }),
  );
}

function warnings({ tsig, blocked }: RecordsData, style: Style): readonly Line[] {
  const names = blocked.map((name) => style.name(name)).join(', ');
  const blockedText = `${plural(blocked.length, 'name')} cannot be written: ${names}`;
  return [
    ...(tsig === 'none'
      ? marked('!', 'change', 'tsig: none: the transfer is not signed, and can be forged on its way')
      : []),
    ...(blocked.length > 0 ? marked('✗', 'delete', fold(blockedText, style.width * NAME_ROWS, style)) : []),
  ];

  function marked(symbol: string, tone: Tone, text: string): readonly Line[] {
    const lead = [indent(MARK_INDENT), style.say(symbol, tone), indent(1)];
    return paragraph(style, { lead, hang: MARK_INDENT + 2, text: style.text(text) });
  }
}
