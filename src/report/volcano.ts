import { SIGNIFICANT_Q } from '../survival/run-result.ts';
import { fold } from './fold.ts';
import { count, plural } from './format.ts';
import { htmlText } from './markdown.ts';
import { createStyle } from './style.ts';
import { axesOf } from './volcano/axes.ts';
import { createDensity } from './volcano/density.ts';
import { textWidth } from './volcano/figures.ts';
import { frameOf } from './volcano/frame.ts';
import type { Box, Place } from './volcano/frame.ts';
import { drawGrid } from './volcano/grid.ts';
import { createMarks, markAt, sizeFor } from './volcano/marks.ts';
import { drawNames, nameOf } from './volcano/names.ts';
import { sortPoints } from './volcano/points.ts';
import type { Sorted, VolcanoClass, VolcanoPoints } from './volcano/points.ts';
import { DIM, INK, textElement } from './volcano/text.ts';
import { sentences, wrap } from './volcano/words.ts';

export type { VolcanoPoints } from './volcano/points.ts';

export interface VolcanoOptions {
  /** The drawing's heading. */
  readonly title?: string;
  /**
   * How many rows are named: significant ones, those with the smallest p. 20 unless told, 200 at most. Where none is, the five
   * smallest p of status `ok`, or fewer where told so.
   */
  readonly labels?: number;
}

const LABELS = 20;

/** Pixels. */
const WIDTH = 960;
const MARGIN = 16;
const ROOM = WIDTH - 2 * MARGIN;
const OUTER: Box = { x: 66, y: 78, width: 820, height: 500 };
const SIZE = 12;
const TITLE_SIZE = 16;
const CAPTION_LINE = 17;
/** Columns. */
const TITLE_ROOM = 90;

const FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Names keep clear of a hit's mark first of all. */
const WEIGHTS: Readonly<Record<VolcanoClass, number>> = { plain: 0.1, few: 0.2, up: 1, down: 1 };

/** In the order in which they are painted: hits over the others. */
const KINDS = ['plain', 'few', 'up', 'down'] as const;

const style = createStyle({ color: false, width: TITLE_ROOM, unicode: true });

/**
 * A volcano plot as an SVG document: hazard ratio on an axis of log2 against -log10 p, hits by shape and colour, those
 * with the smallest p by name. One file without scripts, fonts or links, on a light ground; the same bytes for the same rows.
 */
export function renderVolcano(points: VolcanoPoints, options: VolcanoOptions = {}): string {
  const sorted = sortPoints(points, options.labels ?? LABELS);
  const { hazard, p } = axesOf(points, sorted);
  const frame = frameOf(OUTER, hazard, p);
  const placeOf = (index: number): Place => frame.placeOf(points.coef[index] ?? NaN, points.log10P[index] ?? NaN);
  const density = createDensity(OUTER);
  const beyond = { all: 0, across: 0, up: 0 };
  const drawn = KINDS.reduce((sum, kind) => sum + sorted.rows[kind].length, 0);
  const marks = KINDS.map((kind) => {
    const ofKind = createMarks(kind, sizeFor(drawn));
    for (const index of sorted.rows[kind]) {
      const place = placeOf(index);
      ofKind.add(place);
      density.add(place, WEIGHTS[kind]);
      beyond.all += place.across !== 0 || place.up !== 0 ? 1 : 0;
      beyond.across += Math.abs(place.across);
      beyond.up += place.up;
    }
    return ofKind;
  });
  const wanted = sorted.labelled.map((index) => nameOf(points, index, placeOf(index)));
  const names = drawNames(wanted, OUTER, density.within);

  const { unplaced } = names;
  const caption = sentences({ count: points.count, sorted, hazard, p, beyond, named: wanted.length, unplaced });
  const lines = wrap(caption, SIZE, ROOM);
  const foot = OUTER.y + OUTER.height + 62;
  const height = foot + lines.length * CAPTION_LINE;
  const title = fold(options.title ?? `Hazard ratio and p of ${plural(points.count, 'row')}`, TITLE_ROOM, style);
  const described = [...caption, ...wanted.map(({ sentence }) => `${sentence}.`)].join(' ');
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="volcano-title volcano-desc" font-family="${FONTS}" fill="${INK}">`,
    `<title id="volcano-title">${htmlText(title)}</title>`,
    `<desc id="volcano-desc">${htmlText(described)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    textElement({ x: MARGIN, y: 28, text: title, size: TITLE_SIZE, most: ROOM }),
    legend(sorted, beyond.all),
    ...drawGrid(frame, hazard, p, sorted.threshold),
    ...marks.flatMap((ofKind) => ofKind.paths()),
    ...names.elements,
    ...lines.map((text, index) => {
      const y = foot + index * CAPTION_LINE;
      return textElement({ x: MARGIN, y, text, size: SIZE, attributes: `class="caption" fill="${DIM}"` });
    }),
    '</svg>',
    '',
  ].join('\n');
}

function legend({ rows }: Sorted, beyond: number): string {
  const entries = [
    { kind: 'up', text: `${count(rows.up.length)} raising the hazard (q ≤ ${SIGNIFICANT_Q})` },
    { kind: 'down', text: `${count(rows.down.length)} lowering it` },
    { kind: 'plain', text: `${count(rows.plain.length)} not significant` },
    { kind: 'few', text: `${count(rows.few.length)} with few events` },
    ...(beyond === 0 ? [] : [{ kind: 'beyond', text: `${count(beyond)} beyond the axes` } as const]),
  ] as const;
  let x = MARGIN + 6;
  const drawn = entries.map(({ kind, text }) => {
    const entry = markAt(kind, x, 52) + textElement({ x: x + 10, y: 56, text, size: SIZE });
    x += 10 + textWidth(text, SIZE) + 14;
    return entry;
  });
  return `<g class="legend">${drawn.join('')}</g>`;
}
