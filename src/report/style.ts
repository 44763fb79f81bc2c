import { VALUE_LIMIT, disarmCommand, escapeName, escapeText } from './escape.ts';
import type { Charset } from './escape.ts';

/** What the terminal can do; decided by the caller, never read from the environment here. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** False: every character outside ASCII has a plain form. */
  readonly unicode: boolean;
}

export type Tone = 'add' | 'change' | 'delete' | 'dim' | 'strong';

/** A piece of one line, escaped: made by `Style.say` and nowhere else. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

export type Line = readonly Span[];

export interface Style {
  readonly width: number;
  /** False: what is drawn takes ASCII. */
  readonly unicode: boolean;
  /** Escapes any text. */
  text(raw: string): string;
  /** Escapes a name: letters that pass for others are told apart. */
  name(raw: string): string;
  /** Escapes any text and gives it a tone. */
  say(raw: string, tone?: Tone): Span;
  /** Lines as one string, each closed by a newline. */
  paint(lines: readonly Line[]): string;
}

/** SGR parameters that switch a tone on and off (ECMA-48 §8.3.117). */
const SGR: Readonly<Record<Tone, readonly [on: number, off: number]>> = {
  add: [32, 39],
  change: [33, 39],
  delete: [31, 39],
  dim: [2, 22],
  strong: [1, 22],
};

/** A wider terminal does not tear a line apart. */
const WIDEST = 120;
/** Below this nothing can be laid out; the terminal wraps. */
const NARROWEST = 60;

export function createStyle({ color, width, unicode }: TerminalOptions): Style {
  const charset: Charset = unicode ? 'unicode' : 'ascii';

  function say(raw: string, tone?: Tone): Span {
    const text = escapeText(raw, charset);
    return tone === undefined ? { text } : { text, tone };
  }

  function paintSpan({ text, tone }: Span): string {
    if (!color || tone === undefined || text === '') return text;
    const [on, off] = SGR[tone];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }

  return {
    width: Math.min(Math.max(width, NARROWEST), WIDEST),
    unicode,
    text: (raw) => escapeText(raw, charset),
    name: (raw) => escapeName(shortened(raw), charset),
    say,
    paint: (lines) => lines.map((line) => `${disarmCommand(line.map(paintSpan).join('').trimEnd())}\n`).join(''),
  };
}

/** No name is longer than what is shown of a value. */
function shortened(name: string): string {
  const half = VALUE_LIMIT / 2;
  return name.length <= VALUE_LIMIT ? name : `${name.slice(0, half)}…${name.slice(-half)}`;
}
