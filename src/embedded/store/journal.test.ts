import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSING, foreignVersion, isTorn, readEntries, readJournal, writeEntry, writeJournal } from './journal.ts';
import type { Entry } from './store.ts';

const entry = fc.record({
  changes: fc.array(
    fc.oneof(
      fc.tuple(fc.constant('t'), fc.string()),
      fc.tuple(fc.constant('t'), fc.string({ unit: 'binary' }), fc.jsonValue()),
    ),
  ),
  events: fc.constant([]),
}) as fc.Arbitrary<Entry>;
const journals = fc.array(entry, { maxLength: 4 });

function plain(entries: readonly Entry[]): unknown {
  return JSON.parse(JSON.stringify(entries.map(({ changes, events }) => ({ changes, events }))));
}

describe('a journal', () => {
  it('is JSON, and gives back what was written, at once or line by line', () => {
    fc.assert(
      fc.property(journals, journals, (first, later) => {
        const whole = writeJournal(first);
        let { text, sum } = whole;
        for (const added of later) {
          const line = writeEntry(added, sum);
          text = text.slice(0, -CLOSING.length) + line.text;
          ({ sum } = line);
        }
        const read = readJournal(text);

        expect(JSON.parse(text)).toHaveLength(1 + first.length + later.length);
        expect(plain(read!.entries)).toEqual(plain([...first, ...later]));
        expect(read).toMatchObject({ sum, rest: CLOSING });
        const tail = text.slice(whole.text.length - CLOSING.length);
        expect(plain(readEntries(tail, whole.sum).entries)).toEqual(plain(later));
      }),
    );
  });

  const TEXT = writeJournal([
    { changes: [['t', 'a', 1]], events: [] },
    { changes: [['t', 'a']], events: [] },
    { changes: [['t', 'ä', { n: null }]], events: [] },
  ]).text;

  it('T121 is whole at no cut', () => {
    for (let length = 0; length < TEXT.length; length += 1) {
      expect(readJournal(TEXT.slice(0, length))?.rest, `cut at ${length}`).not.toBe(CLOSING);
    }
  });

  it('T121 is whole with no character altered', () => {
    for (let position = 0; position < TEXT.length; position += 1) {
      const altered = String.fromCharCode(TEXT.charCodeAt(position) ^ 1);
      const text = TEXT.slice(0, position) + altered + TEXT.slice(position + 1);
      expect(readJournal(text)?.rest, `altered at ${position}`).not.toBe(CLOSING);
    }
  });

  it('T121 is whole with no line lost, doubled or exchanged', () => {
    const [open, header, first, second, third, close] = TEXT.replace(/\n$/, '').split('\n');
    const variants = [
      [open, header, first, third, close],
      [open, header, first, first, second, third, close],
      [open, header, second, first, third, close],
      [open, header, first, `${third},`, second?.replace(/,$/, ''), close],
    ];
    for (const lines of variants) expect(readJournal(`${lines.join('\n')}\n`)?.rest).not.toBe(CLOSING);
  });

  it('F02 is torn, or whole with the old or the new line, wherever a write over the closing stops', () => {
    const { sum } = readJournal(TEXT)!;
    const start = TEXT.length - CLOSING.length;
    const added = writeEntry({ changes: [['t', 'new', 'x']], events: [] }, sum).text;
    for (let written = 0; written <= added.length; written += 1) {
      const text = TEXT.slice(0, start) + added.slice(0, written) + TEXT.slice(start + written);
      const read = readJournal(text)!;
      expect(read.rest === CLOSING || isTorn(read.rest), `stopped after ${written}`).toBe(true);
      expect([3, 4]).toContain(read.entries.length);
    }
  });

  it.each([
    ['a line altered before the last', `,\n{"sum":"0000000000000000","changes":[],"events":[]},\n{}\n]\n`],
    ['something behind the end', `${CLOSING} `],
    ['other text', 'x'],
  ])('is not torn but altered by %s', (_what, rest) => {
    expect(isTorn(rest)).toBe(false);
  });

  it('F39 says which newer format it has', () => {
    expect(foreignVersion(TEXT.replace('embedded@1', 'embedded@2'))).toBe(2);
    expect(foreignVersion(TEXT)).toBeUndefined();
    expect(foreignVersion('')).toBeUndefined();
  });
});
