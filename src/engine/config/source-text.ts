/** Offsets into a text, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One file as text, with its lines. */
export interface SourceText {
  /** Relative to the working directory, POSIX separators. */
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character. */
  readonly lineStarts: readonly number[];
}

export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', newline + 1)) {
    lineStarts.push(newline + 1);
  }
  return { file, text, lineStarts };
}

/** Line and column, both 1-based, of an offset. */
export function positionOf({ lineStarts }: SourceText, offset: number): { line: number; column: number } {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

/** Offsets of a line (1-based) without its line break; undefined when there is no such line. */
export function lineSpan({ text, lineStarts }: SourceText, line: number): Span | undefined {
  const start = lineStarts[line - 1];
  if (start === undefined) return undefined;
  const next = lineStarts[line];
  const end = next === undefined ? text.length : next - 1;
  return { start, end: text[end - 1] === '\r' && end > start ? end - 1 : end };
}
