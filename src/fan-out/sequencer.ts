const SEQUENCER = /^[0-9a-f]{1,256}$/i;

export function isSequencer(text: string): boolean {
  return SEQUENCER.test(text);
}

/**
 * Which of two events of one key is newer: the shorter sequencer is padded with zeros on its right, then both are compared
 * as hexadecimal text (S3 User Guide, "Event message structure"). Sequencers of different keys do not compare.
 *
 * @returns below, at or above 0, as of a sort
 */
export function compareSequencers(left: string, right: string): number {
  const [a, b] = [canonicalSequencer(left), canonicalSequencer(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * The same order as plain text, so that a condition of DynamoDB can compare: upper case, and the zeros at the right, which
 * padding would put back, taken off. A text sorts before whatever it is the beginning of, as zeros do before all else.
 */
export function canonicalSequencer(text: string): string {
  return text.toUpperCase().replace(/(?<!0)0+$/, '');
}
