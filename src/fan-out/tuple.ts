/**
 * Texts as one text, from which they can be told again whatever they hold: the octets of each, counted, in front of it
 * (`3:a/b0:`). Two different lists never give the same text.
 */
export function tuple(parts: readonly string[]): string {
  return parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join('');
}
