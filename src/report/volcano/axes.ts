import { nearOneText, powerText } from './figures.ts';
import type { Sorted, VolcanoPoints } from './points.ts';

export interface Tick {
  /** In the axis' own unit. */
  readonly at: number;
  readonly text: string;
}

/** One axis: log2 of the hazard ratio from -limit to limit, or -log10 p from 0 to limit. */
export interface Axis {
  readonly limit: number;
  /** Whether points lie beyond the limit; they are drawn at the edge. */
  readonly isBroken: boolean;
  readonly ticks: readonly Tick[];
}

/** The part of the rows that sets an axis' scale: a few extreme ones must not press the others together. */
const BULK = 0.95;
/** The axis reaches this many times as far as the bulk, where there are points to show. */
const REACH_HAZARD = 8;
const REACH_P = 12;
/** Down to 1e-24 p is always shown in place. */
const LEAST_P_REACH = 24;
/** Where an axis of p is broken it goes down to 1e-3 at least. */
const LEAST_P_LIMIT = 3;
/** Log2 of a ratio from which powers of two are marked, and from which powers of ten are. */
const POWERS_OF_TWO_FROM = 1.5;
const POWERS_OF_TEN_FROM = 10;
/** A break hides how far points are: it must give a third of the axis, or the axis goes on to the last one. */
const BREAK_FROM = 1.5;
const TICKS_A_SIDE = 4;
const P_TICKS = 6;
/** Farther away, or nearer to 1, nothing can be marked on an axis. */
const FARTHEST = 1e6;
const NEAREST = 1e-300;

/** Both axes for the rows whose p can be trusted; for the others where there are none of these. */
export function axesOf(points: VolcanoPoints, { rows }: Sorted): { readonly hazard: Axis; readonly p: Axis } {
  const trusted = [rows.up, rows.down, rows.plain];
  const drawn = trusted.some(({ length }) => length > 0) ? trusted : [rows.few];
  const log2 = valuesOf(drawn, (index) => Math.abs(log2Of(points.coef[index] ?? NaN)));
  const p = valuesOf(drawn, (index) => heightOf(points.log10P[index] ?? NaN));
  const few = {
    log2: largest(rows.few, (index) => Math.abs(log2Of(points.coef[index] ?? NaN))),
    p: largest(rows.few, (index) => heightOf(points.log10P[index] ?? NaN)),
  };
  return { hazard: hazardAxis(log2, few.log2), p: pAxis(p, few.p) };
}

/** Where a coefficient stands on the axis of the hazard ratio. */
export function log2Of(coef: number): number {
  return Math.min(Math.max(coef / Math.LN2, -FARTHEST), FARTHEST);
}

/** Where a p, at most 1, stands on its axis. */
export function heightOf(log10P: number): number {
  return Math.min(Math.max(-log10P, 0), FARTHEST);
}

function valuesOf(drawn: readonly (readonly number[])[], valueOf: (index: number) => number): Float64Array {
  const values = new Float64Array(drawn.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const rows of drawn) {
    for (const index of rows) values[place++] = valueOf(index);
  }
  return values.sort();
}

function largest(rows: readonly number[], valueOf: (index: number) => number): number {
  return rows.reduce((most, index) => Math.max(most, valueOf(index)), 0);
}

function bulkOf(sorted: Float64Array): number {
  return sorted[Math.ceil(sorted.length * BULK) - 1] ?? 0;
}

/** A broken axis ends where the last point stands that is within reach: nothing is gained by empty paper. */
function lastWithin(sorted: Float64Array, reach: number): number {
  const last = sorted.findLast((value) => value <= reach) ?? 0;
  return last < NEAREST ? reach : last;
}

function hazardAxis(sorted: Float64Array, untrusted: number): Axis {
  const most = Math.max(sorted.at(-1) ?? 0, untrusted);
  if (most < NEAREST) return { limit: 1, isBroken: false, ticks: hazardTicks(1) };
  const reach = Math.min(bulkOf(sorted) * REACH_HAZARD, FARTHEST / 2);
  const isBroken = reach >= NEAREST && most > BREAK_FROM * reach;
  const limit = isBroken ? roundRatio(lastWithin(sorted, reach) * 1.05) : most * 1.05;
  return { limit, isBroken, ticks: hazardTicks(limit) };
}

/** A broken axis ends at a ratio of two digits, so that the mark beside the break says it exactly. */
function roundRatio(log2: number): number {
  const difference = Math.expm1(log2 * Math.LN2);
  if (difference < 1) return Math.log1p(Number(difference.toPrecision(2))) / Math.LN2;
  const log10 = log2 * Math.log10(2);
  const exponent = Math.floor(log10);
  return (exponent + Math.log10(Number((10 ** (log10 - exponent)).toPrecision(2)))) / Math.log10(2);
}

function pAxis(sorted: Float64Array, untrusted: number): Axis {
  const most = Math.max(sorted.at(-1) ?? 0, untrusted);
  const reach = Math.min(Math.ceil(Math.max(bulkOf(sorted) * REACH_P, LEAST_P_REACH)), FARTHEST / 2);
  const isBroken = most > BREAK_FROM * reach;
  const limit = isBroken ? Math.max(Math.ceil(lastWithin(sorted, reach)), LEAST_P_LIMIT) : Math.max(most * 1.05, 2);
  const step = niceStep(limit / P_TICKS);
  const ticks = Array.from({ length: Math.floor(limit / step) + 1 }, (_, index) => {
    return { at: index * step, text: figure(index * step) };
  });
  return { limit, isBroken, ticks };
}

function hazardTicks(limit: number): readonly Tick[] {
  if (limit >= POWERS_OF_TEN_FROM) {
    const step = niceStep((limit * Math.LOG10E * Math.LN2) / TICKS_A_SIDE, 1);
    return around(limit, (index) => ({ at: (index * step) / Math.log10(2), text: powerText(index * step) }));
  }
  if (limit >= POWERS_OF_TWO_FROM) {
    const step = Math.ceil(limit / (TICKS_A_SIDE + 1));
    return around(limit, (index) => ({ at: index * step, text: figure(2 ** (index * step)) }));
  }
  // Near 1 the logarithm is nearly linear: round differences from 1 stand evenly.
  const step = niceStep(-Math.expm1(-limit * Math.LN2) / (TICKS_A_SIDE - 1));
  const decimals = -Math.floor(Math.log10(step) + 1e-9);
  return around(limit, (index) => {
    return { at: Math.log1p(index * step) / Math.LN2, text: nearOneText(index * step, decimals) };
  });
}

/** The ticks of every whole index on both sides of 1, as far as the axis goes. */
function around(limit: number, tickOf: (index: number) => Tick): readonly Tick[] {
  const ticks = [tickOf(0)];
  for (const side of [-1, 1]) {
    for (let index = side; Math.abs(tickOf(index).at) <= limit; index += side) ticks.push(tickOf(index));
  }
  return ticks.sort((one, other) => one.at - other.at);
}

/** 1, 2 or 5 times a power of ten, not below `least`. */
function niceStep(least: number, smallest = 0): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least * 0.999);
  return Math.max(step ?? 10 * power, smallest);
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}
