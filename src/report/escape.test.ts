import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { disarmCommand, escapeKey, escapeName, escapeText, wellFormed } from './escape.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;

describe('escapeText', () => {
  it('T20 every control code point is shown as a code point', () => {
    const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, index) => 0x7f + index)];
    for (const control of controls) {
      const hex = control.toString(16).toUpperCase().padStart(4, '0');
      expect(escapeText(`a${String.fromCodePoint(control)}b`)).toBe(`a<U+${hex}>b`);
    }
  });

  it.each([
    ['bidi', '\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'],
    ['zero width', '\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad'],
    ['tag block', '\u{e0001}\u{e0041}\u{e007f}'],
    ['variation selectors', '\ufe0f\u{e0100}'],
    ['fillers', '\u115f\u3164\uffa0'],
    ['separators', '\u2028\u2029\u0085'],
    ['blanks that are no space', '\u00a0\u2003\u3000'],
    ['private use', '\ue000\u{f0000}'],
  ])('T21 %s characters are shown', (_, text) => {
    const codes = Array.from(
      text,
      (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
    );
    expect(escapeText(text)).toBe(codes.join(''));
  });

  it('T22 a pile of combining marks is cut, a living script is not', () => {
    expect(escapeText(`z${'\u0301'.repeat(1_000)}`)).toBe(`z${'\u0301'.repeat(4)}<+996 marks>`);
    expect(escapeText('a\u0323\u0302 \u0e01\u0e35\u0e49')).toBe('a\u0323\u0302 \u0e01\u0e35\u0e49');
    expect(escapeText('\u0301a')).toBe('<U+0301>a');
  });

  it('T30 lone surrogates are replaced, pairs stay', () => {
    expect(wellFormed('a\ud800b\udc00c😀')).toBe('a\ufffdb\ufffdc😀');
    expect(escapeText('a\ud800')).toBe('a\ufffd');
  });

  it('ascii shows everything else as a code point, and plain forms of our own glyphs', () => {
    expect(escapeText('é → … ± ✗ ·', 'ascii')).toBe('<U+00E9> -> ... +- x |');
  });

  it('nothing harmful is left, and a second pass changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(HARMFUL);
        expect(escapeText(escaped)).toBe(escaped);
        expect(escapeText(text, 'ascii')).toMatch(/^[\x20-\x7e]*$/u);
      }),
    );
  });
});

describe('escapeName', () => {
  it.each([
    ['plain.example.com', 'plain.example.com'],
    ['p\u0430ypal', 'p\u0430ypal (p<U+0430>ypal)'],
    ['a\u202eb', 'a<U+202E>b'],
  ])('T21 %j tells its letters apart', (name, shown) => {
    expect(escapeName(name, 'unicode')).toBe(shown);
  });
});

describe('disarmCommand', () => {
  it.each([
    ['::error::x', '<U+003A>:error::x'],
    ['  ::add-mask::e', '  <U+003A>:add-mask::e'],
    ['\t::stop-commands::t', '\t<U+003A>:stop-commands::t'],
    ['value ##[error]x', 'value ##<U+005B>error]x'],
    ['AAAA 2001:db8::1', 'AAAA 2001:db8::1'],
    ['##', '##'],
  ])('T26 %j is no command to the runner', (line, disarmed) => {
    expect(disarmCommand(line)).toBe(disarmed);
  });
});

describe('escapeKey', () => {
  it.each([
    [
      'letters of any script',
      '2026/Müller & Söhne 東京 فاتورة счёт 😀.pdf',
      '2026/Müller & Söhne 東京 فاتورة счёт 😀.pdf',
    ],
    ['blanks within', 'a  b .pdf', 'a  b .pdf'],
    ['blanks at the ends', '  a b ', '<U+0020><U+0020>a b<U+0020>'],
    ['nothing but a blank', ' ', '<U+0020>'],
    ['a letter and its mark', 'Mu\u0308ller', 'Mu<U+0308>ller'],
    ['marks one after the other', 'a\u0302\u0323', 'a<U+0302><U+0323>'],
    ['another sign for a letter', '5 \u212b', '5 <U+212B>'],
    ['parts of a syllable', '\u1112\u1161\u11ab', '\u1112<U+1161><U+11AB>'],
    ['a mark that composes with nothing', '\u0e01\u0e35', '\u0e01\u0e35'],
    ['controls and bidi', 'a\nb\u202e', 'a<U+000A>b<U+202E>'],
  ])('%s', (_, key, shown) => {
    expect(escapeKey(key)).toBe(shown);
    expect(escapeKey(shown)).toBe(shown);
  });

  it('shows two keys that S3 tells apart and a reader would not, in two ways', () => {
    const accented = fc.string({
      unit: fc.constantFrom('ü', 'é', 'ệ', '각', 'a', '/', ' '),
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(accented, (key) => {
        const composed = key.normalize('NFC');
        fc.pre(key.normalize('NFD') !== composed);
        expect(escapeKey(key.normalize('NFD'))).not.toBe(escapeKey(composed));
        expect(escapeKey(composed).replaceAll('<U+0020>', ' ')).toBe(composed);
      }),
    );
  });
});
