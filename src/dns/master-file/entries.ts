import { DnsSyntaxError } from '../errors.ts';
import { scanWord } from '../presentation.ts';
import type { Word } from '../presentation.ts';

/** One record or directive: a line, or several joined by parentheses (RFC 1035 §5.1). */
export interface Entry {
  /** Never empty. */
  readonly words: readonly [Word, ...Word[]];
  /** A blank opens the line: the owner is the one of the record before. */
  readonly indented: boolean;
}

/** Ends a word outside quotes. */
const STOPS = ' \t\r\n"();';

/**
 * The entries of a master file, without comments and empty lines.
 * @throws DnsSyntaxError with its place for unbalanced quotes or parentheses.
 */
export function* scanEntries(text: string): Generator<Entry> {
  let words: Word[] = [];
  let indented = isBlank(text.charAt(0));
  let line = 1;
  let lineStart = 0;
  let wordEnd = 0;
  const open: { line: number; column: number }[] = [];

  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    const place = { line, column: at - lineStart + 1 };
    if (character === ';') {
      at = endOfLine(text, at);
    } else if (character === '\n') {
      at += 1;
      line += 1;
      lineStart = at;
      if (open.length > 0) continue;
      if (isEntry(words)) yield { words, indented };
      words = [];
      indented = isBlank(text.charAt(at));
    } else if (isBlank(character) || character === '\r') {
      at += 1;
    } else if (character === '(') {
      open.push(place);
      at += 1;
    } else if (character === ')') {
      if (open.pop() === undefined) throw unbalanced('A parenthesis is closed that was not opened.', place);
      at += 1;
    } else {
      const piece = scanWord(text, at, STOPS, place);
      words.push({ text: piece.text, quoted: piece.quoted, glued: words.length > 0 && wordEnd === at, ...place });
      at = piece.end;
      wordEnd = at;
    }
  }
  const [unclosed] = open;
  if (unclosed !== undefined) throw unbalanced('This parenthesis is not closed.', unclosed);
  if (isEntry(words)) yield { words, indented };
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}

function isEntry(words: Word[]): words is [Word, ...Word[]] {
  return words.length > 0;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function unbalanced(message: string, place: { line: number; column: number }): DnsSyntaxError {
  return new DnsSyntaxError(message, { code: 'unbalanced-parentheses', ...place });
}
