import { foldPair } from './fold.ts';
import { indent, lineWidth } from './layout.ts';
import type { Line, Style } from './style.ts';
import { widthOf } from './width.ts';

/** `before → after` behind what stands in front, or one below the other where they are long. */
export function pairLines(front: Line, before: string, after: string, room: number, style: Style): readonly Line[] {
  const arrow = style.say('→ ', 'dim');
  const [one, other] = foldPair(before, after, room, style);
  const isWhole = before.length + after.length < room;
  if (isWhole && widthOf(`${one} ${arrow.text}${other}`) <= room) {
    return [[...front, { text: `${one} ` }, arrow, { text: other }]];
  }
  const column = lineWidth(front);
  return [
    [...front, { text: one }],
    [indent(column - widthOf(arrow.text)), arrow, { text: other }],
  ];
}
