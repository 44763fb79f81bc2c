import { htmlText } from '../markdown.ts';
import { isMeasured, px, textWidth } from './figures.ts';

/** Colours of letters and lines on white. */
export const INK = '#1f2328';
export const DIM = '#59636e';
export const RULE = '#818b98';

export interface Words {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Pixels. */
  readonly size: number;
  /** Pixels that the text may take; more is pressed together. */
  readonly most?: number;
  readonly attributes?: string;
  /** What is shown to who points at it. */
  readonly tip?: string;
}

/** A text element. Letters whose widths are not known are held to the width that is kept free for them. */
export function textElement({ x, y, text, size, most = Infinity, attributes = '', tip }: Words): string {
  const width = textWidth(text, size);
  const held =
    isMeasured(text) && width <= most
      ? ''
      : ` textLength="${px(Math.min(width, most))}" lengthAdjust="spacingAndGlyphs"`;
  const title = tip === undefined ? '' : `<title>${htmlText(tip)}</title>`;
  const more = attributes === '' ? '' : ` ${attributes}`;
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}"${more}${held}>${title}${htmlText(text)}</text>`;
}
