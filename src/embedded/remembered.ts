/**
 * A pure function of a text that remembers what it made: of policies and expressions that each call brings again. What
 * it throws is not remembered.
 *
 * @param most texts that are remembered; the oldest make room
 */
export function remembered<Result>(most: number, make: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    const oldest = known.size >= most ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.set(text, made);
    return made;
  };
}
