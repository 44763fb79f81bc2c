import { disarmCommand, escapeText } from './escape.ts';

/** GFM opens a fence with three backticks or more, and closes it with at least as many (CommonMark §4.5). */
const SHORTEST_FENCE = 3;

/** A fenced block that nothing in `body` can close. `body` ends with a newline. */
export function fence(body: string): string {
  const marks = '`'.repeat(fenceLength(body));
  return `${marks}text\n${body}${marks}\n`;
}

/** How many backticks stand at each end of a fence around a body. */
export function fenceLength(body: string): number {
  return Math.max(SHORTEST_FENCE, longestRun(body) + 1);
}

/** Any text as a code span that it cannot leave, on one line (CommonMark §6.1). */
export function codeSpan(raw: string): string {
  const text = disarmCommand(escapeText(raw)) || ' ';
  const marks = '`'.repeat(longestRun(text) + 1);
  const needsPadding = /^[` ]|[` ]$/u.test(text);
  return needsPadding ? `${marks} ${text} ${marks}` : `${marks}${text}${marks}`;
}

/** A code span for a table: cells are cut at pipes before spans are read (GFM §4.10). */
export function cellSpan(raw: string): string {
  return codeSpan(raw.replaceAll('|', '<U+007C>'));
}

/** Any text inside a line of HTML. */
export function htmlText(raw: string): string {
  return escapeText(raw).replace(/[&<>"'@#`]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
