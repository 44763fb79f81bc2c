import { createHash } from 'node:crypto';
import type { Entry } from './store.ts';

/**
 * The text of an account file: a JSON array, one element a line. The first says the format, every other is what one
 * call left behind. Each line's checksum covers the one before it, so that a line lost, moved or altered shows; the
 * closing bracket shows a cut. A call overwrites the closing with its line and a new closing.
 */
const OPENING = '[\n';
const SEPARATOR = ',\n';
export const CLOSING = '\n]\n';
const VERSION = 1;
const FORMAT = `"format":"trueup/embedded@${VERSION}"}`;
const ANY_FORMAT = /^\[\n\{"sum":"[0-9a-f]{16}","format":"trueup\/embedded@(\d{1,6})"/;
const SUM_PREFIX = '{"sum":"';
const SUM_LENGTH = 16;
const BODY_START = SUM_PREFIX.length + SUM_LENGTH + '",'.length;

/** What a text holds, as far as it is intact. */
export interface Intact {
  readonly entries: readonly Entry[];
  /** Checksum of the last intact line. */
  readonly sum: string;
  /** What follows that line: `CLOSING`, if the text is whole. */
  readonly rest: string;
}

/** A whole file of these entries, and the checksum of its last line. */
export function writeJournal(entries: readonly Entry[]): { readonly text: string; readonly sum: string } {
  const header = line('', FORMAT);
  let { sum } = header;
  let text = OPENING + header.text;
  for (const entry of entries) {
    const next = line(sum, bodyOf(entry));
    text += SEPARATOR + next.text;
    ({ sum } = next);
  }
  return { text: text + CLOSING, sum };
}

/** What to write over the closing to add an entry. */
export function writeEntry(entry: Entry, previousSum: string): { readonly text: string; readonly sum: string } {
  const { text, sum } = line(previousSum, bodyOf(entry));
  return { text: SEPARATOR + text + CLOSING, sum };
}

function bodyOf({ changes, events }: Entry): string {
  return `"changes":${JSON.stringify(changes)},"events":${JSON.stringify(events)}}`;
}

function line(previousSum: string, body: string): { readonly text: string; readonly sum: string } {
  const sum = checksum(previousSum, body);
  return { text: `${SUM_PREFIX}${sum}",${body}`, sum };
}

function checksum(previousSum: string, body: string): string {
  return createHash('sha256').update(previousSum).update(body).digest('hex').slice(0, SUM_LENGTH);
}

/** The number of a format that this version cannot read; undefined: none is named. */
export function foreignVersion(text: string): number | undefined {
  const version = Number(ANY_FORMAT.exec(text)?.[1] ?? VERSION);
  return version === VERSION ? undefined : version;
}

/** Reads a whole file. Undefined: even its first line is not intact. */
export function readJournal(text: string): Intact | undefined {
  const header = OPENING + line('', FORMAT).text;
  if (!text.startsWith(header)) return undefined;
  return readEntries(text.slice(header.length), line('', FORMAT).sum);
}

/** Reads what follows a line with this checksum. */
export function readEntries(text: string, previousSum: string): Intact {
  const entries: Entry[] = [];
  let sum = previousSum;
  let position = 0;
  while (text.startsWith(SEPARATOR, position)) {
    const start = position + SEPARATOR.length;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // An element ends with a brace; behind it stand the separator or what a torn write left of it.
    const element = text.slice(start, text.lastIndexOf('}', end - 1) + 1);
    const body = element.slice(BODY_START);
    const expected = line(sum, body);
    if (expected.text !== element) break;
    entries.push(JSON.parse(element) as Entry);
    ({ sum } = expected);
    position = start + element.length;
  }
  return { entries, sum, rest: text.slice(position) };
}

const TORN_CLOSINGS = ['', '\n', '\n]', ',]\n', ',\n\n'];

/** Is this what a write leaves that was ended in its middle? (A line is in one piece: it has no line break.) */
export function isTorn(rest: string): boolean {
  if (TORN_CLOSINGS.includes(rest)) return true;
  return rest.startsWith(SEPARATOR) && !rest.includes('\n', SEPARATOR.length);
}
