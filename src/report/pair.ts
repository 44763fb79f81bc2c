import { fold, foldPair } from './fold.ts';
import { indent, lineWidth } from './layout.ts';
import type { Line, Span, Style } from './style.ts';
import { padEnd, padStart, widthOf } from './width.ts';

type Pair = readonly [one: string, other: string];

/** Between what stands in front and a value: the arrow of a second line has its place there. */
const GAP = 3;
/** Where values stand that have no room behind what they belong to. */
const DEEP = 8;

interface Room {
  /** Columns that the first line keeps free at its end. */
  readonly reserve?: number;
  /** Where the values stand that have no room behind. */
  readonly deep?: number;
  /** In place of values that no line can hold whole. */
  readonly differing?: () => Pair;
}

/** One value behind what stands in front, or on its own line where it is long. */
export function valueLines(front: Line, value: string, style: Style): readonly Line[] {
  const room = style.width - lineWidth(front) - GAP;
  if (fits(value, room, style)) return [[...front, indent(GAP), style.say(value)]];
  const deep = DEEP + GAP;
  return [front, [indent(deep), { text: fold(value, style.width - deep, style) }]];
}

/** `before → after` behind what stands in front, or below each other. */
export function pairLines(front: Line, values: Pair, style: Style, room: Room = {}): readonly Line[] {
  const { reserve = 0 } = room;
  const [before, after] = values;
  const inline = `${before} → ${after}`;
  if (fits(inline, style.width - lineWidth(front) - GAP - reserve, style)) {
    return [[...front, indent(GAP), style.say(`${before} `), style.say('→', 'dim'), style.say(` ${after}`)]];
  }
  const arrow = { ...style.say('', 'dim'), text: padStart(style.text('→ '), GAP) };
  return stacked(front, [indent(GAP), arrow], values, style, room);
}

/** `wanted 10.1.0.4   found 10.9.9.9` behind what stands in front, or below each other. */
export function sidesLines(front: Line, words: Pair, values: Pair, style: Style, room: Room = {}): readonly Line[] {
  const inline = `${words[0]} ${values[0]}${' '.repeat(GAP)}${words[1]} ${values[1]}`;
  if (fits(inline, style.width - lineWidth(front), style)) return [[...front, style.say(inline)]];
  const widest = Math.max(words[0].length, words[1].length) + 1;
  const spans = [style.say(padEnd(words[0], widest)), style.say(padEnd(words[1], widest))] as const;
  return stacked(front, spans, values, style, room);
}

function stacked(
  front: Line,
  words: readonly [Span, Span],
  values: Pair,
  style: Style,
  { reserve = 0, deep = DEEP, differing }: Room,
): readonly Line[] {
  const wordWidth = widthOf(words[0].text);
  const room = style.width - lineWidth(front) - wordWidth - reserve;
  if (values.every((value) => fits(value, room, style))) {
    return [
      [...front, words[0], style.say(values[0])],
      [indent(lineWidth(front)), words[1], style.say(values[1])],
    ];
  }
  const deepRoom = style.width - deep - wordWidth;
  const isWhole = values.every((value) => fits(value, deepRoom, style));
  const [one, other] = foldPair(isWhole ? values : (differing?.() ?? values), deepRoom, style);
  return [front, [indent(deep), words[0], { text: one }], [indent(deep), words[1], { text: other }]];
}

function fits(value: string, room: number, style: Style): boolean {
  return value.length <= room && widthOf(style.text(value)) <= room;
}
