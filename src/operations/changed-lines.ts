/** The lines that differ between two texts, without what is the same before and behind them. */
export function changedLines(
  before: string,
  after: string,
): { readonly line: number; readonly removed: readonly string[]; readonly added: readonly string[] } {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const shortest = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shortest && old[head] === fresh[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail += 1;
  return { line: head + 1, removed: old.slice(head, old.length - tail), added: fresh.slice(head, fresh.length - tail) };
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/);
}
