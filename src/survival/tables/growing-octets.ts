/** Octets of a stream from its place on: taken from the front, added at the end. */
export interface GrowingOctets {
  /** How many are held. */
  readonly length: () => number;
  add(piece: Uint8Array): void;
  /** Where the octet is found from there on, counted from the front; -1: nowhere yet. */
  indexOf(octet: number, from: number): number;
  at(index: number): number | undefined;
  /** The first so many, as a copy in an ArrayBuffer of its own. */
  take(octets: number): Uint8Array<ArrayBuffer>;
}

const FIRST_CAPACITY = 1 << 16;

/** What is held moves only when there is no room behind it, and its room doubles: each octet is moved a few times at most. */
export function growingOctets(): GrowingOctets {
  let room = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  let start = 0;
  let end = 0;

  return {
    length: () => end - start,
    add(piece) {
      if (end + piece.length > room.length) {
        const held = room.subarray(start, end);
        const isCramped = held.length + piece.length > room.length / 2;
        const target = isCramped ? Buffer.allocUnsafeSlow(2 * (held.length + piece.length)) : room;
        held.copy(target);
        room = target;
        end -= start;
        start = 0;
      }
      room.set(piece, end);
      end += piece.length;
    },
    indexOf(octet, from) {
      const found = room.subarray(0, end).indexOf(octet, start + from);
      return found === -1 ? -1 : found - start;
    },
    at: (index) => (start + index < end ? room[start + index] : undefined),
    take(octets) {
      const taken = new Uint8Array(octets);
      taken.set(room.subarray(start, start + octets));
      start += octets;
      return taken;
    },
  };
}
