/** Below this a number is written with a power of ten. */
const SMALLEST_PLAIN = -3;
const LARGEST_PLAIN = 4;
/** Beyond this many digits of an exponent the mantissa is not known. */
const LARGEST_EXPONENT = 1e9;

/** 10 to a power with two digits: `0.0031`, `2.8e-1235`, `16`; `0` for minus infinity. */
export function powerText(log10: number): string {
  if (log10 === -Infinity) return '0';
  if (log10 >= SMALLEST_PLAIN && log10 < LARGEST_PLAIN) return String(Number((10 ** log10).toPrecision(2)));
  if (Math.abs(log10) > LARGEST_EXPONENT) return `10^${short(log10)}`;
  const exponent = Math.floor(log10);
  const mantissa = Number((10 ** (log10 - exponent)).toPrecision(2));
  // 9.96 is 10 when it is rounded.
  return mantissa === 10 ? `1e${exponent + 1}` : `${mantissa}e${exponent}`;
}

/** The hazard ratio of a coefficient. Near 1 every digit up to the first two that differ from it: `1.00032`. */
export function hazardText(coef: number): string {
  const ratio = Math.exp(coef);
  if (ratio < 0.5 || ratio > 2) return powerText(coef / Math.LN10);
  const difference = Math.expm1(coef);
  return nearOneText(difference, 1 - Math.floor(Math.log10(Math.abs(difference)) + 1e-9));
}

/** Decimals of a ratio that are written out. */
const MOST_DECIMALS = 8;

/** 1 and a difference, to so many decimals: `1.02`, `0.98`; where they are too many `1 + 2e-9`. */
export function nearOneText(difference: number, decimals: number): string {
  if (difference === 0) return '1';
  if (decimals > MOST_DECIMALS) return `1 ${difference < 0 ? '−' : '+'} ${short(Math.abs(difference))}`;
  return String(Number((1 + difference).toFixed(Math.max(decimals, 0))));
}

/** Two digits: `1500`, `1.5e6`. */
function short(value: number): string {
  return String(Number(value.toPrecision(2))).replace('+', '');
}

/** Widths in em, each as in the widest font that the drawing may be shown with (DejaVu Sans) or a little more. */
const WIDTHS: readonly (readonly [characters: RegExp, em: number])[] = [
  [/[ijlI.,:;'|! ]/u, 0.34],
  [/[frt()[\]\\/-]/u, 0.43],
  [/[MW@%mw]/u, 1.01],
  [/[<>=+~^#_&]/u, 0.84],
  [/[A-Z]/u, 0.79],
  [/[\x20-\x7e·≤−]/u, 0.64],
  [/…/u, 1],
];
/** Another script's letter; such a text is held to its width by the drawing itself. */
const WIDEST = 1.1;

const PLAIN = /^[\x20-\x7e·≤−…]*$/u;

/** Whether the widths of a text's letters are known. */
export function isMeasured(text: string): boolean {
  return PLAIN.test(text);
}

/** Pixels that a text takes at most; of letters of other scripts, what it is given. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const character of text) em += WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? WIDEST;
  return em * size;
}

/** Pixels with at most one decimal. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}
