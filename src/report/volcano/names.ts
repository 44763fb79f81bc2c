import { isSignificant } from '../../survival/run-result.ts';
import { foldName } from '../fold.ts';
import { createStyle } from '../style.ts';
import { px, textWidth } from './figures.ts';
import type { Box, Place } from './frame.ts';
import { placeLabels } from './labels.ts';
import type { VolcanoPoints } from './points.ts';
import { DIM, textElement } from './text.ts';
import { beyondText, figuresText } from './words.ts';

/** Pixels. */
const SIZE = 11;
const HEIGHT = 14;
/** From a name's top to its letters' feet. */
const BASELINE = 11;
/** Columns of a name; a longer one is folded. */
const ROOM = 28;

const style = createStyle({ color: false, width: 2 * ROOM, unicode: true });

export interface Name {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** As it is shown: escaped and folded. */
  readonly text: string;
  /** With the figures of its row. */
  readonly sentence: string;
  readonly isHit: boolean;
}

export function nameOf(points: VolcanoPoints, index: number, place: Place): Name {
  const [coef, log10P, q] = [points.coef[index] ?? NaN, points.log10P[index] ?? NaN, points.q[index] ?? NaN];
  const name = foldName(points.label(index), ROOM, style);
  const text = `${name}${beyondText(place, coef, log10P)}`;
  return {
    x: place.x,
    y: place.y,
    width: textWidth(text, SIZE),
    height: HEIGHT,
    text,
    sentence: `${name}: ${figuresText(coef, log10P, q)}`,
    isHit: isSignificant(q),
  };
}

/** Names beside their points, and how many found no place. */
export function drawNames(
  names: readonly Name[],
  frame: Box,
  marksIn: (box: Box) => number,
): { readonly elements: readonly string[]; readonly unplaced: number } {
  const leaders: string[] = [];
  const texts: string[] = [];
  for (const [index, place] of placeLabels(names, frame, marksIn).entries()) {
    const name = names[index];
    if (name === undefined || place === undefined) continue;
    const { box, leader } = place;
    const attributes = name.isHit ? 'class="name"' : `class="name" fill="${DIM}"`;
    const { text, sentence } = name;
    texts.push(textElement({ x: box.x, y: box.y + BASELINE, text, size: SIZE, attributes, tip: sentence }));
    if (leader === undefined) continue;
    leaders.push(`M${px(leader.from.x)} ${px(leader.from.y)}L${px(leader.to.x)} ${px(leader.to.y)}`);
  }
  const lines = `<path class="leaders" fill="none" stroke="${DIM}" stroke-width=".7" d="${leaders.join('')}"/>`;
  return {
    elements: [
      ...(leaders.length === 0 ? [] : [lines]),
      // Letters stand on a white rim, so that they can be read over marks.
      '<g paint-order="stroke" stroke="#fff" stroke-width="2.5" stroke-linejoin="round">',
      ...texts,
      '</g>',
    ],
    unplaced: names.length - texts.length,
  };
}
