import { DnsSyntaxError } from '../errors.ts';
import type { Word } from '../presentation.ts';
import type { EscapeStyle, WireName } from '../types.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Hands out the words of one RDATA, from the left, and knows the place of the last one for errors. */
export class WordReader {
  readonly style: EscapeStyle;
  /** Taken by relative names. */
  readonly origin: WireName;
  readonly #words: readonly Word[];
  #at = 0;
  #place: Place;

  constructor(words: readonly Word[], context: { style: EscapeStyle; origin: WireName; place: Place }) {
    this.#words = words;
    this.style = context.style;
    this.origin = context.origin;
    this.#place = context.place;
  }

  get done(): boolean {
    return this.#at === this.#words.length;
  }

  /** Of the word taken last. */
  get place(): Place {
    return this.#place;
  }

  peek(): Word | undefined {
    return this.#words[this.#at];
  }

  /** The next word, quoted or not; `what` names it when it is missing. */
  next(what: string): Word {
    const word = this.peek();
    if (word === undefined) throw new DnsSyntaxError(`The record ends before its ${what}.`, { code: 'missing-field' });
    this.#at += 1;
    this.#place = { line: word.line, column: word.column };
    return word;
  }

  /** The text of the next word, which must not be quoted. */
  plain(what: string): string {
    const word = this.next(what);
    if (!word.quoted) return word.text;
    throw new DnsSyntaxError(`"${word.text}" stands in quotes where a ${what} is wanted.`, {
      code: 'unexpected-quotes',
    });
  }

  /** All further plain words, joined: hex and base64 may be split by blanks. */
  joined(what: string): string {
    let text = this.plain(what);
    while (!this.done) text += this.plain(what);
    return text;
  }

  end(): void {
    if (this.done) return;
    throw new DnsSyntaxError(`The record goes on after its last field: ${this.next('field').text}.`, {
      code: 'unexpected-field',
    });
  }
}
