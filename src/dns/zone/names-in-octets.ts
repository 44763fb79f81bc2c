/**
 * Folded names in wire form where a zone holds them: compared octet by octet, since making strings of two names costs
 * more than comparing them does. The start of a name is the offset of its first label.
 */

/** Offsets of labels from the start of a name; it has at most 127 of them. Reused: comparing must not allocate. */
const leftStarts = new Uint8Array(128);
const rightStarts = new Uint8Array(128);

/** The offset behind the root's octet. */
export function endOfName(octets: Uint8Array, start: number): number {
  let at = start;
  for (let length = octets[at] ?? 0; length > 0; length = octets[at] ?? 0) at += 1 + length;
  return at + 1;
}

/** Canonical order (RFC 4034 §6.1), as `compareNames` has it. */
export function compareNamesIn(octets: Uint8Array, a: number, b: number): number {
  if (a === b) return 0;
  let left = findLabels(octets, a, leftStarts);
  let right = findLabels(octets, b, rightStarts);
  while (left > 0 && right > 0) {
    left -= 1;
    right -= 1;
    const order = compareLabels(octets, a + (leftStarts[left] ?? 0), b + (rightStarts[right] ?? 0));
    if (order !== 0) return order;
  }
  return left - right;
}

/** In a loop: `Buffer.compare` costs more than a few dozen octets do. */
export function areEqual(a: Uint8Array, startA: number, b: Uint8Array, startB: number, length: number): boolean {
  for (let at = 0; at < length; at += 1) if (a[startA + at] !== b[startB + at]) return false;
  return true;
}

function findLabels(octets: Uint8Array, start: number, starts: Uint8Array): number {
  let count = 0;
  let at = start;
  for (let length = octets[at] ?? 0; length > 0; length = octets[at] ?? 0) {
    starts[count] = at - start;
    count += 1;
    at += 1 + length;
  }
  return count;
}

function compareLabels(octets: Uint8Array, a: number, b: number): number {
  const lengthA = octets[a] ?? 0;
  const lengthB = octets[b] ?? 0;
  const shared = Math.min(lengthA, lengthB);
  for (let offset = 1; offset <= shared; offset += 1) {
    const order = (octets[a + offset] ?? 0) - (octets[b + offset] ?? 0);
    if (order !== 0) return order;
  }
  return lengthA - lengthB;
}
