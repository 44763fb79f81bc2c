import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, foldKey, foldLong, foldName, foldPair } from './fold.ts';
import { createStyle } from './style.ts';
import { widthOf } from './width.ts';

const style = createStyle({ color: false, width: 80, unicode: true });
const anyText = fc.string({ unit: 'grapheme', maxLength: 300 });
const rooms = fc.integer({ min: 12, max: 120 });

describe('fold', () => {
  it.each([
    ['short', 40, 'short'],
    ['a'.repeat(40), 40, 'a'.repeat(40)],
    ['a'.repeat(50) + 'z'.repeat(50), 40, `${'a'.repeat(17)}…${'z'.repeat(10)} (100 bytes)`],
    ['a'.repeat(50) + 'z'.repeat(50), 20, `${'a'.repeat(12)}…${'z'.repeat(7)}`],
    ['ü'.repeat(50), 40, `${'ü'.repeat(17)}…${'ü'.repeat(10)} (100 bytes)`],
  ])('%j in %i columns keeps both ends and says its length', (text, room, folded) => {
    expect(fold(text, room, style)).toBe(folded);
  });

  it('never takes more room than it is given', () => {
    fc.assert(
      fc.property(anyText, rooms, (text, room) => {
        expect(widthOf(fold(text, room, style))).toBeLessThanOrEqual(room);
        expect(widthOf(foldName(text, room, style))).toBeLessThanOrEqual(room);
        expect(widthOf(foldKey(text, room, style))).toBeLessThanOrEqual(room);
      }),
    );
  });
});

describe('foldPair', () => {
  it('shows the place where two long texts begin to differ', () => {
    const [one, other] = foldPair(
      [`${'x'.repeat(500)}red${'y'.repeat(500)}`, `${'x'.repeat(500)}blue${'y'.repeat(500)}`],
      60,
      style,
    );
    expect(one).toContain('…xxxxxxxxxxxxred');
    expect(other).toContain('…xxxxxxxxxxxxblue');
  });

  it('two texts that differ never look the same', () => {
    fc.assert(
      fc.property(anyText, anyText, rooms, (one, other, room) => {
        fc.pre(style.text(one) !== style.text(other));
        const [first, second] = foldPair([one, other], room, style);
        expect(first).not.toBe(second);
        expect(Math.max(widthOf(first), widthOf(second))).toBeLessThanOrEqual(room);
      }),
    );
  });
});

describe('foldLong', () => {
  it('T22 shows 2,000 characters of a megabyte and its length', () => {
    const text = foldLong('a'.repeat(1_048_576), style);
    expect(text).toHaveLength(2_000 + '… (1,048,576 bytes)'.length);
    expect(text.endsWith(' (1,048,576 bytes)')).toBe(true);
  });
});

describe('foldKey', () => {
  it.each([
    ['Müller.pdf', 40, 'Müller.pdf'],
    [' Mu\u0308ller.pdf', 40, '<U+0020>Mu<U+0308>ller.pdf'],
    [` ${'ü'.repeat(50)} `, 40, `<U+0020>${'ü'.repeat(9)}…${'ü'.repeat(2)}<U+0020> (102 bytes)`],
  ])('%j in %i columns', (key, room, shown) => {
    expect(foldKey(key, room, style)).toBe(shown);
  });

  it('has a plain form where a terminal has no letters', () => {
    expect(foldKey('Müller.pdf', 40, createStyle({ color: false, width: 80, unicode: false }))).toBe(
      'M<U+00FC>ller.pdf',
    );
  });
});
