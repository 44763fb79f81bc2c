import { SIGNIFICANT_Q } from '../../survival/run-result.ts';
import { heightOf } from './axes.ts';
import type { Axis } from './axes.ts';
import { hazardText, px, textWidth } from './figures.ts';
import { EDGE } from './frame.ts';
import type { Frame } from './frame.ts';
import { RULE, textElement } from './text.ts';

/** Pixels. */
const SIZE = 11;
const TITLE_SIZE = 12;
const TICK = 5;
/** Between two texts of an axis. */
const APART = 6;

/** Axes with their ticks and breaks, the line of no effect and the one that parts hits from the others. */
export function drawGrid(frame: Frame, hazard: Axis, p: Axis, threshold: number | undefined): readonly string[] {
  const { outer, xOf, yOf } = frame;
  const [right, bottom] = [outer.x + outer.width, outer.y + outer.height];
  const rules = p.ticks.map(({ at }) => `M${outer.x} ${px(yOf(at))}h${outer.width}`).join('');
  const ticks = [
    ...hazard.ticks.map(({ at }) => `M${px(xOf(at))} ${bottom}v${TICK}`),
    ...p.ticks.map(({ at }) => `M${outer.x} ${px(yOf(at))}h-${TICK}`),
  ].join('');
  return [
    ...edges(frame, hazard, p),
    `<path fill="none" stroke="${RULE}" stroke-opacity=".3" d="${rules}"/>`,
    `<path fill="none" stroke="${RULE}" stroke-dasharray="1 3" d="M${px(xOf(0))} ${outer.y}V${bottom}"/>`,
    `<path fill="none" stroke="${RULE}" d="M${outer.x} ${outer.y}H${right}V${bottom}H${outer.x}z${ticks}"/>`,
    ...slashes(frame, hazard, p),
    ...hazardFigures(frame, hazard),
    ...pFigures(frame, p),
    ...titles(frame),
    ...(threshold === undefined ? [] : thresholdLine(frame, yOf(Math.min(heightOf(threshold), p.limit)))),
  ];
}

/** Ground of the places for points beyond the axes. */
function edges({ outer, inner }: Frame, hazard: Axis, p: Axis): readonly string[] {
  const right = inner.x + inner.width;
  const boxes = [
    ...(p.isBroken ? [`M${outer.x} ${outer.y}h${outer.width}v${EDGE}h-${outer.width}z`] : []),
    ...(hazard.isBroken ? [outer.x, right].map((x) => `M${x} ${outer.y}h${EDGE}v${outer.height}h-${EDGE}z`) : []),
  ];
  return boxes.length === 0 ? [] : [`<path class="edge" fill="#eff2f5" d="${boxes.join('')}"/>`];
}

/** Two strokes through an axis where it is broken. */
function slashes({ outer, inner }: Frame, hazard: Axis, p: Axis): readonly string[] {
  const bottom = outer.y + outer.height;
  const paths = [
    ...(p.isBroken ? [0, 4].map((by) => `M${outer.x - 5} ${inner.y - 1 - by}l10-4`) : []),
    ...(hazard.isBroken
      ? [inner.x - 4, inner.x + inner.width].flatMap((x) => [0, 4].map((by) => `M${x + by - 2} ${bottom + 5}l4-10`))
      : []),
  ];
  return paths.length === 0 ? [] : [`<path fill="none" stroke="#1f2328" d="${paths.join('')}"/>`];
}

/** The figures that have room, those at the breaks before the others and the middle before the ends. */
function hazardFigures({ outer, inner, xOf }: Frame, hazard: Axis): readonly string[] {
  const ratio = hazardText(hazard.limit * Math.LN2);
  const breaks = [
    { x: inner.x - EDGE / 2, text: `< 1/${ratio}` },
    { x: inner.x + inner.width + EDGE / 2, text: `> ${ratio}` },
  ];
  const ticks = hazard.ticks
    .toSorted((one, other) => Math.abs(one.at) - Math.abs(other.at))
    .map(({ at, text }) => ({ x: xOf(at), text }));
  const shown: { readonly x: number; readonly text: string; readonly half: number }[] = [];
  for (const { x, text } of [...(hazard.isBroken ? breaks : []), ...ticks]) {
    const half = textWidth(text, SIZE) / 2;
    if (shown.every((other) => Math.abs(other.x - x) >= other.half + half + APART)) shown.push({ x, text, half });
  }
  const y = outer.y + outer.height + 18;
  return shown.map(({ x, text }) => textElement({ x, y, text, size: SIZE, attributes: 'text-anchor="middle"' }));
}

function pFigures({ outer, inner, yOf }: Frame, p: Axis): readonly string[] {
  const attributes = 'text-anchor="end"';
  const figures = p.ticks.map(({ at, text }) => ({ y: yOf(at), text }));
  const broken = { y: inner.y - EDGE / 2, text: `> ${Number(p.limit.toPrecision(3))}` };
  return [...figures.filter(({ y }) => !p.isBroken || y - broken.y > SIZE), ...(p.isBroken ? [broken] : [])].map(
    ({ y, text }) => textElement({ x: outer.x - TICK - 3, y: y + 4, text, size: SIZE, attributes }),
  );
}

function titles({ outer }: Frame): readonly string[] {
  const [middle, bottom] = [outer.x + outer.width / 2, outer.y + outer.height];
  const hazard = {
    x: middle,
    y: bottom + 37,
    text: 'hazard ratio for one unit of the predictor (log scale)',
    size: TITLE_SIZE,
    attributes: 'text-anchor="middle"',
  };
  const turn = `translate(20 ${outer.y + outer.height / 2}) rotate(-90)`;
  return [
    textElement(hazard),
    `<text transform="${turn}" font-size="${TITLE_SIZE}" text-anchor="middle">−log<tspan font-size="9" dy="3">10</tspan><tspan dy="-3"> p, robust Wald test</tspan></text>`,
  ];
}

function thresholdLine({ outer }: Frame, y: number): readonly string[] {
  const right = outer.x + outer.width;
  return [
    `<path class="threshold" fill="none" stroke="#1f2328" stroke-dasharray="6 3" d="M${outer.x} ${px(y)}H${right}"/>`,
    textElement({ x: right + 6, y: y + 4, text: `q ≤ ${SIGNIFICANT_Q}`, size: SIZE }),
  ];
}
