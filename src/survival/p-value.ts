/** Two-sided p-values of the normal distribution, with the relative accuracy of doubles out to the smallest of them. */

/** Distance of the nodes below: with it the rule is exact to e^(-π²/STEP²), 7e-18. */
const STEP = 0.5;
/** The next node would add less than 1e-19. */
const NODES = 13;
const SQUARES = Float64Array.from({ length: NODES }, (_, k) => ((k + 0.5) * STEP) ** 2);
const GAUSSIANS = SQUARES.map((square) => Math.exp(-square));

/** Below it p is taken from 1 − erf: there erf is what is small. */
const SMALL_Z = 0.5;
/** Its square is still a number, and so are the parts by which it is squared exactly. */
const LARGE_Z = 1e150;
/** 2^27 + 1: parts a double into two of at most 26 bits (Veltkamp, Dekker 1971). */
const SPLITTER = 134_217_729;

/** P(|Z| ≥ |z|) of a standard normal Z. 0 beyond |z| = 38.5, where the smallest number is. */
export function pTwoSided(z: number): number {
  const size = Math.abs(z);
  if (size < SMALL_Z) return 1 - erf(size * Math.SQRT1_2);
  if (size > LARGE_Z) return 0;
  const square = size * size;
  // In two halves, so that digits are lost once, where p itself has fewer of them.
  const root = Math.exp(-square / 4);
  return root * correction(size, square) * mills(size) * root + poles(size);
}

/** Its decimal logarithm, for every |z| below 1e150; NaN beyond. */
export function log10PTwoSided(z: number): number {
  const size = Math.abs(z);
  if (size < SMALL_Z) return Math.log1p(-erf(size * Math.SQRT1_2)) * Math.LOG10E;
  if (size > LARGE_Z) return Number.NaN;
  if (size < 10) return Math.log10(pTwoSided(size));
  return (Math.log(mills(size)) - (size * size) / 2) * Math.LOG10E;
}

/**
 * erfc(x) = 2/π · x e^(-x²) ∫₀^∞ e^(-t²)/(x² + t²) dt, by the midpoint rule: it converges faster than any power of its step
 * once the poles at t = ±ix are accounted for (Hunter & Regan 1972). All terms are positive: none takes digits of another.
 * Here: the sum, without e^(-x²), for x = z/√2.
 */
function mills(z: number): number {
  const square = (z * z) / 2;
  let sum = 0;
  for (let k = NODES - 1; k >= 0; k -= 1) sum += (GAUSSIANS[k] as number) / (square + (SQUARES[k] as number));
  return ((2 * STEP) / Math.PI) * (z * Math.SQRT1_2) * sum;
}

/** The share of the poles, once they are nearer to the axis than the rule can see. */
function poles(z: number): number {
  const x = z * Math.SQRT1_2;
  return x < Math.PI / STEP ? 2 / (1 + Math.exp(((2 * Math.PI) / STEP) * x)) : 0;
}

/** e^(-x²) has an error of x² times that of x²: `square` is z² rounded, and what it was rounded by is known exactly. */
function correction(z: number, square: number): number {
  const scaled = z * SPLITTER;
  const high = scaled - (scaled - z);
  const low = z - high;
  return 1 - (high * high - square + 2 * high * low + low * low) / 2;
}

/** By 2/√π · x e^(-x²) Σ (2x²)^k / (1·3·5 ⋯ (2k + 1)), all of one sign; for small x. */
function erf(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-18; k += 1) {
    term *= (2 * x * x) / (2 * k + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x) * sum;
}
