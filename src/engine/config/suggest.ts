/** Longer words are not compared: nobody mistypes them, and the comparison costs the product of both lengths. */
const MAX_WORD = 64;

/** Among words that need as many edits, one of the same length is nearer. */
const DIFFERENT_LENGTH = 0.5;

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other, letter case ignored. */
function distance(from: string, to: string): number {
  const a = from.toLowerCase();
  const b = to.toLowerCase();
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const edits = [(previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (previous[column - 1] ?? 0) + cost];
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits.push((before[column - 2] ?? 0) + 1);
      }
      current.push(Math.min(...edits));
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The candidate that was probably meant: at most a third of the word is wrong. The first of equals. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  let best: { candidate: string; cost: number } | undefined;
  for (const candidate of candidates) {
    if (candidate.length > MAX_WORD) continue;
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    const edits = distance(word, candidate);
    const cost = edits + (candidate.length === word.length ? 0 : DIFFERENT_LENGTH);
    if (edits <= allowed && cost < (best?.cost ?? Infinity)) best = { candidate, cost };
  }
  return best?.candidate;
}

/** `did you mean corp?`, or undefined when nothing is near. */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = suggest(word, candidates);
  return candidate === undefined ? undefined : `did you mean ${candidate}?`;
}
