import type { Change } from '../engine/types.ts';
import { foldPair } from './fold.ts';
import { indent, lineWidth } from './layout.ts';
import type { Line, Style } from './style.ts';
import { valueText } from './value-text.ts';
import { padEnd, widthOf } from './width.ts';

type Side = readonly [word: string, value: Change['after']];

const GAP = 3;

/** `wanted 10.1.0.4   found 10.9.9.9` behind what stands in front, or below each other where they are long. */
export function sidesLines(front: Line, one: Side, other: Side, style: Style): readonly Line[] {
  const column = lineWidth(front);
  const words = Math.max(one[0].length, other[0].length) + 1;
  const texts = foldPair(valueText(one[1]), valueText(other[1]), style.width - column - words, style);
  const inline = `${one[0]} ${texts[0]}${' '.repeat(GAP)}${other[0]} ${texts[1]}`;
  if (widthOf(inline) <= style.width - column) return [[...front, { text: inline }]];
  return [
    [...front, { text: `${padEnd(one[0], words)}${texts[0]}` }],
    [indent(column), { text: `${padEnd(other[0], words)}${texts[1]}` }],
  ];
}
