import { count, plural } from '../../report/format.ts';
import { htmlText } from '../../report/markdown.ts';
import { foldName } from '../../report/fold.ts';
import type { Line } from '../../report/style.ts';
import { PAGE, fenced, nameSpan } from './page.ts';
import { LEAST_ROOM, fit, sizeOf } from './room.ts';

/** What a page tells of one document. */
export interface Detail {
  readonly address: string;
  readonly lines: readonly Line[];
}

const SUMMARY_ROOM = 120;

/** Folded evidence, a block for each document. Where room is short the largest become one line, then only a number. */
export function detailsSection(details: readonly Detail[], room: number): string {
  const whole = details.map(detailBlock);
  const short = details.map(shortLine);
  const sizes = whole.map(sizeOf);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const folded = new Set<number>();
  const largest = sizes.map((_, index) => index).toSorted((one, other) => (sizes[other] ?? 0) - (sizes[one] ?? 0));
  const budget = room - (total > room ? LEAST_ROOM : 0);
  for (const index of largest) {
    if (total <= budget) break;
    folded.add(index);
    total -= (sizes[index] ?? 0) - sizeOf(short[index] ?? '');
  }
  const blocks = whole.filter((_, index) => !folded.has(index)).join('');
  const lines = short.filter((_, index) => folded.has(index));
  return blocks + shortList(lines, room - sizeOf(blocks));
}

function detailBlock({ address, lines }: Detail): string {
  const title = htmlText(foldName(address, SUMMARY_ROOM, PAGE));
  return `<details>\n<summary><code>${title}</code></summary>\n\n${fenced(lines)}</details>\n\n`;
}

function shortLine({ address, lines }: Detail): string {
  return `- ${nameSpan(address)}: ${plural(lines.length, 'line')}\n`;
}

function shortList(lines: readonly string[], room: number): string {
  if (lines.length === 0) return '';
  const head = 'Too long to be shown here, whole in the summary of the run:\n\n';
  const { text, left } = fit(lines, room - sizeOf(head) - LAST_ROW, (line) => line);
  const more = left.length > 0 ? `- ${count(left.length)} more\n` : '';
  return `${head}${text}${more}\n`;
}

/** Octets of the line that only counts, and of an empty one. */
const LAST_ROW = 50;
