import type { Problem } from './cox.ts';

/** Uniform numbers in [0, 1) from a seed (a Weyl sequence through a mixing function of 32 bits). */
function uniforms(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

interface Draw {
  readonly uniform: () => number;
  /** A whole number from 0 to below `count`. */
  readonly below: (count: number) => number;
  readonly normal: () => number;
  readonly oneOf: <T>(choices: readonly T[]) => T;
}

function drawFrom(seed: number): Draw {
  const uniform = uniforms(seed);
  const below = (count: number): number => Math.floor(uniform() * count);
  return {
    uniform,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    oneOf: (choices) => choices[below(choices.length)]!,
  };
}

/** How one subject's predictor is drawn. */
const PREDICTORS: readonly ((draw: Draw) => number)[] = [
  ({ normal }) => normal(),
  ({ normal }) => Math.round(normal() * 4) / 4,
  ({ normal }) => Math.exp(normal()),
  ({ normal }) => Math.exp(3 * normal()),
  ({ normal, uniform }) => (uniform() < 0.1 ? 100 * normal() : normal()),
  ({ below }) => below(2),
  ({ uniform }) => (uniform() < 0.1 ? 1 : 0),
  ({ below }) => below(3),
  ({ below }) => below(3) - 1,
  ({ below, uniform }) => Math.floor(below(50) ** 2 * uniform()),
];

/** How one subject's time is drawn; `hazard` is what the predictor does to it. */
const TIMES: readonly ((draw: Draw, hazard: number) => number)[] = [
  ({ uniform }, hazard) => -Math.log(1 - uniform()) / hazard,
  ({ uniform }, hazard) => Math.round((-10 * Math.log(1 - uniform())) / hazard) / 10,
  ({ uniform }, hazard) => Math.floor((-3 * Math.log(1 - uniform())) / hazard),
  ({ below }) => below(4),
  ({ below }) => 365 * below(60),
  // Within and beyond the tolerance in which times are one.
  ({ below }) => 1 + below(8) * 0.01 + below(3) * 4e-9,
  ({ below }) => 3e6 + below(8) + below(3) * 0.01,
];

const SCALES = [1, 1, 1, 1e-8, 1e-3, 10, 1e4, 1e9];
const SHIFTS = [0, 0, 0, 1, -20, 1000, 1e6];

/** The problem of this number: 2 to 40 subjects, ties, few events, skewed and lattice values, shifts and scales. */
export function problemOf(seed: number): Problem {
  const draw = drawFrom(seed);
  const { uniform, normal, oneOf } = draw;
  const n = 2 + Math.floor(39 * uniform() ** 1.5);
  const predictor = oneOf(PREDICTORS);
  const drawn = Array.from({ length: n }, () => predictor(draw));
  const spread = Math.sqrt(drawn.reduce((total, x) => total + x * x, 0) / n) || 1;
  const effect = oneOf([0, 0, 0.3, 1, -1]) / spread;
  const time = oneOf(TIMES);
  const times = drawn.map((x) => time(draw, Math.exp(Math.max(-5, Math.min(5, effect * x)))));
  const share = oneOf([0.05, 0.2, 0.5, 0.8, 1]);
  const events = drawn.map(() => (uniform() < share ? 1 : 0));
  if (!events.includes(1)) events[draw.below(n)] = 1;
  const scale = oneOf(SCALES) * (uniform() < 0.5 ? 1 : Math.exp(normal()));
  const shift = oneOf(SHIFTS) * (uniform() < 0.5 ? 1 : Math.exp(normal()));
  const missing = oneOf([0, 0, 0, 0.1]);
  const values = drawn.map((x) => (uniform() < missing ? null : (x + shift) * scale));
  return { times, events, values, minEvents: oneOf([1, 3, 5, 5]) };
}
