import { heightOf, log2Of } from './axes.ts';
import type { Axis } from './axes.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place in pixels, and on which sides of the axes' range the point really lies. */
export interface Place {
  readonly x: number;
  readonly y: number;
  /** -1 left of the range, 1 right of it, 0 within. */
  readonly across: -1 | 0 | 1;
  /** 1 above the range. */
  readonly up: 0 | 1;
}

export interface Frame {
  /** What the marks and names stay within. */
  readonly outer: Box;
  /** The range of the axes, within `outer`: what is left at the sides and above is for points beyond. */
  readonly inner: Box;
  readonly xOf: (log2: number) => number;
  readonly yOf: (height: number) => number;
  readonly placeOf: (coef: number, log10P: number) => Place;
}

/** Pixels between the end of an axis and the edge. */
export const EDGE = 26;
/** Below p = 1 there is room for a mark's lower half. */
const FLOOR = 10;

/** Where points of both axes stand in a box. */
export function frameOf(outer: Box, hazard: Axis, p: Axis): Frame {
  const inner = {
    x: outer.x + EDGE,
    y: outer.y + EDGE,
    width: outer.width - 2 * EDGE,
    height: outer.height - EDGE - FLOOR,
  };
  const xOf = (log2: number): number => inner.x + (inner.width / 2) * (1 + log2 / hazard.limit);
  const yOf = (height: number): number => inner.y + inner.height * (1 - height / p.limit);
  return {
    outer,
    inner,
    xOf,
    yOf,
    placeOf(coef, log10P) {
      const [log2, height] = [log2Of(coef), heightOf(log10P)];
      const across = log2 > hazard.limit ? 1 : log2 < -hazard.limit ? -1 : 0;
      const up = height > p.limit ? 1 : 0;
      return {
        x: across === 0 ? xOf(log2) : across === 1 ? inner.x + inner.width + EDGE / 2 : inner.x - EDGE / 2,
        y: up === 1 ? inner.y - EDGE / 2 : yOf(height),
        across,
        up,
      };
    },
  };
}
