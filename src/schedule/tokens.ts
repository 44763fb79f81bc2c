/** A piece of text and where it begins. */
export interface Token {
  /** Without the blanks round it. */
  readonly text: string;
  /** 1-based, of its first character; of the end of the piece where it is empty. */
  readonly column: number;
}

/** Cuts at a separator and takes spaces and tabs off both ends; one pass over the text. @param column of the text. */
export function tokensOf(text: string, separator: string, column = 1): readonly Token[] {
  let start = column;
  return text.split(separator).map((piece) => {
    const token = trimmed(piece, start);
    start += piece.length + separator.length;
    return token;
  });
}

export function trimmed(piece: string, column: number): Token {
  let first = 0;
  let end = piece.length;
  while (first < end && isBlank(piece[first])) first += 1;
  while (end > first && isBlank(piece[end - 1])) end -= 1;
  return { text: piece.slice(first, end), column: column + first };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
