import type { Diagnostic } from '../types.ts';
import { childPointer, pointerSegments } from './pointer.ts';
import type { Problem } from './problem.ts';
import { lineSpan, positionOf, type SourceText, type Span } from './source-text.ts';

/** Errors that are listed; the rest is a count (threat T141). */
const MAX_LISTED = 100;
/** Characters of a line in a frame; a place further to the right has no frame. */
const MAX_FRAME_LINE = 160;
/** Stands for each character of a secret. */
const MASK = '*';
/** Pieces of a secret that are shorter are words. */
const MIN_ECHO = 6;

function maskLine({ text }: SourceText, { start, end }: Span, secrets: readonly Span[]): string {
  let line = '';
  let from = start;
  for (const secret of secrets) {
    if (secret.end <= from || secret.start >= end) continue;
    const first = Math.max(secret.start, from);
    const last = Math.min(secret.end, end);
    line += text.slice(from, first) + MASK.repeat(last - first);
    from = last;
  }
  return line + text.slice(from, end);
}

function cut(line: string): string {
  return line.length <= MAX_FRAME_LINE ? line : `${line.slice(0, MAX_FRAME_LINE - 1)}…`;
}

/** The line and its neighbours. */
function frameOf(source: SourceText, span: Span, secrets: readonly Span[]): Diagnostic['frame'] {
  const { line, column } = positionOf(source, span.start);
  if (column > MAX_FRAME_LINE) return undefined;
  const first = Math.max(1, line - 1);
  const lines: string[] = [];
  for (let number = first; number <= line + 1; number += 1) {
    const offsets = lineSpan(source, number);
    if (offsets) lines.push(cut(maskLine(source, offsets, secrets)));
  }
  const own = lineSpan(source, line) ?? span;
  const length = Math.min(span.end, own.end) - span.start;
  return { first, lines, length: Math.max(1, Math.min(length, MAX_FRAME_LINE - column + 1)) };
}

function redact(text: string, values: readonly string[]): string {
  return values.reduce(
    (result, value) => (result.includes(value) ? result.replaceAll(value, '(secret)') : result),
    text,
  );
}

function redactPath(path: string, values: readonly string[]): string {
  return pointerSegments(path).reduce((pointer, segment) => childPointer(pointer, redact(segment, values)), '');
}

/** Diagnostics of one kind, and how many there are beyond those. */
export interface Listing {
  readonly diagnostics: readonly Diagnostic[];
  readonly omitted: number;
}

/**
 * Problems of one file with line, column and frame, the first hundred by place. What lies in `secrets` (sorted) is
 * nowhere repeated.
 */
export function diagnose(source: SourceText, problems: readonly Problem[], secrets: readonly Span[]): Listing {
  const values = new Set(secrets.map(({ start, end }) => source.text.slice(start, end)));
  const echoes = [...values].filter(({ length }) => length >= MIN_ECHO);
  const first = [...problems].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0)).slice(0, MAX_LISTED);
  const diagnostics = first.map(({ code, message, span, path, hint }) => {
    const frame = span && frameOf(source, span, secrets);
    return {
      code,
      message: redact(message, echoes),
      file: source.file,
      ...(span ? positionOf(source, span.start) : { line: 0, column: 0 }),
      path: redactPath(path, echoes),
      ...(hint !== undefined && { hint: redact(hint, echoes) }),
      ...(frame && { frame }),
    };
  });
  return { diagnostics, omitted: problems.length - first.length };
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compare(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.file ?? '', b.file ?? '') || a.line - b.line || a.column - b.column || compareText(a.code, b.code)
  );
}

/** All listings as one, sorted by place; beyond the hundredth a count. */
export function merged(listings: readonly Listing[], what: 'errors' | 'warnings'): Diagnostic[] {
  const sorted = listings.flatMap(({ diagnostics }) => diagnostics).sort(compare);
  const more = listings.reduce((sum, { omitted }) => sum + omitted, Math.max(0, sorted.length - MAX_LISTED));
  if (more === 0) return sorted;
  const message = `${more.toLocaleString('en')} more ${what} are not listed`;
  return [...sorted.slice(0, MAX_LISTED), { code: 'TU1025', message, file: null, line: 0, column: 0, path: '' }];
}
