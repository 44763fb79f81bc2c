import { escapeText } from '../../report/escape.ts';
import { fold, foldName } from '../../report/fold.ts';
import { instant } from '../../report/format.ts';
import { codeSpan, fence, fenceLength } from '../../report/markdown.ts';
import { createStyle } from '../../report/style.ts';
import type { Line } from '../../report/style.ts';
import type { RunFacts } from './facts.ts';
import { sizeOf } from './room.ts';

/** Columns of what stands in a fence on a page. */
const WIDTH = 100;
/** Columns that a name and a sentence take in a row. */
const NAME_ROOM = 120;
const SENTENCE_ROOM = 300;
/** What of a URL may stand in a link without being read as anything else. */
const PLAIN_URL = /^https?:\/\/[\w.:/-]{1,300}$/u;

/** A page is UTF-8 and has no colours of its own. */
export const PAGE = createStyle({ color: false, width: WIDTH, unicode: true });

/** A name in a row. */
export function nameSpan(name: string): string {
  return codeSpan(foldName(name, NAME_ROOM, PAGE));
}

/** A name in a cell: a pipe ends cells before spans are read (GFM §4.10). */
export function nameCell(name: string): string {
  return codeSpan(foldName(name, NAME_ROOM, PAGE).replaceAll('|', '<U+007C>'));
}

/** A stranger's sentence in a row. */
export function sentenceSpan(sentence: string): string {
  return codeSpan(fold(sentence, SENTENCE_ROOM, PAGE));
}

/** A stranger's sentence in a cell. */
export function sentenceCell(sentence: string): string {
  return codeSpan(fold(sentence, SENTENCE_ROOM, PAGE).replaceAll('|', '<U+007C>'));
}

/** Lines in a fence, and an empty line after it; nothing for no lines. */
export function fenced(lines: readonly Line[]): string {
  return lines.length === 0 ? '' : `${fence(PAGE.paint(lines))}\n`;
}

/** As many of some lines as have room in a fence, from the first on, and how many have none. */
export function fitLines(
  lines: readonly Line[],
  room: number,
): { readonly lines: readonly Line[]; readonly left: number } {
  let size = FENCE_WORDS;
  let marks = 0;
  const end = lines.findIndex((line) => {
    const text = PAGE.paint([line]);
    size += sizeOf(text);
    marks = Math.max(marks, fenceLength(text));
    return size + 2 * marks > room;
  });
  return end < 0 ? { lines, left: 0 } : { lines: lines.slice(0, end), left: lines.length - end };
}

/** Octets of a fence besides its lines and backticks. */
const FENCE_WORDS = 'text\n\n\n'.length;

/** A link of the program's own, or its bare text where the URL is not plain. */
export function link(text: string, url: string | undefined): string {
  return url !== undefined && PLAIN_URL.test(url) ? `[${text}](${url})` : text;
}

export function runLink(run: RunFacts | undefined): string {
  return link('run', run?.url);
}

/** Parts beside each other; those that are empty are left out. */
export function dotted(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}

/** A commit as people copy it. */
export function shortSha(sha: string): string {
  return codeSpan(escapeText(sha.slice(0, SHORT_SHA)));
}

const SHORT_SHA = 7;

/** `> - row` for each of some rows. */
export function warningBlock(rows: string): string {
  return rows === '' ? '' : `> [!WARNING]\n${rows}\n`;
}

export function warningRow(text: string): string {
  return `> - ${text}\n`;
}

/** A time of the program. Only what is one stands outside of a span. */
export function timeText(iso: string): string {
  const text = instant(iso);
  return text === iso ? codeSpan(iso) : text;
}
