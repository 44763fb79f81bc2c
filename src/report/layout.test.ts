import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aligned, lineWidth, paragraph, spread } from './layout.ts';
import { createStyle } from './style.ts';
import { headOf, padEnd, padStart, tailOf, widthOf } from './width.ts';

const style = createStyle({ color: false, width: 80, unicode: true });
const anyText = fc.string({ unit: 'grapheme', maxLength: 400 });

describe('widthOf', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['ｗ', 2],
    ['→…', 2],
  ])('%j takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('wide characters are cut and padded by columns', () => {
    expect([headOf('日本語', 5), tailOf('日本語', 5), padEnd('日', 3), padStart('日', 3)]).toEqual([
      '日本',
      '本語',
      '日 ',
      ' 日',
    ]);
  });

  it('a mark goes with its letter', () => {
    expect(tailOf('xe\u0301b', 1)).toBe('b');
  });
});

describe('spread', () => {
  it('the right side ends at the margin, on its own line where there is no room', () => {
    const [one] = spread(style, [style.say('left')], style.say('right'));
    expect(style.paint([one!])).toBe(`left${' '.repeat(71)}right\n`);
    const two = spread(style, [style.say('l'.repeat(76))], style.say('right'));
    expect(style.paint(two)).toBe(`${'l'.repeat(76)}\n${' '.repeat(75)}right\n`);
  });
});

describe('aligned', () => {
  it('columns are as wide as their widest cell', () => {
    const rows = aligned([
      ['A', '日', 'x'].map((text) => style.say(text)),
      ['CNAME', 'b', 'y'].map((text) => style.say(text)),
    ]);
    expect(style.paint(rows)).toBe('A      日  x\nCNAME  b   y\n');
  });
});

describe('paragraph', () => {
  it('no line is wider than the terminal and no word is lost', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = paragraph(style, { lead: [style.say('lead: ')], hang: 4, text: style.text(text) });
        for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(80);
        const words = lines.flatMap((line) => line.slice(1).map((span) => span.text)).join('');
        expect(words.replaceAll(' ', '')).toBe(style.text(text).replaceAll(' ', ''));
      }),
    );
  });
});
