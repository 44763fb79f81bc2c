/** Whole numbers below a bound, the same ones for the same seed (xorshift32). */
export type Random = (bound: number) => number;

export function randomFrom(seed: number): Random {
  // Neighbouring seeds must not begin alike (Knuth's multiplicative hash).
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

/** What counts, lengths, types and pointers are set to: ends of ranges, and a pointer to the question. */
const TELLING = [0, 1, 2, 11, 12, 0x3f, 0x40, 0xc0, 0xff, 0x7fff, 0x8000, 0xc000, 0xc00c, 0xfffe, 0xffff];

const HEADER_OCTETS = 12;

/** A copy with one to three things wrong. @param others what pieces are taken from. */
export function mutated(original: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes = Buffer.from(original);
  for (let changes = 1 + random(3); changes > 0 && bytes.length > 2; changes -= 1) {
    bytes = mutateOnce(bytes, others, random);
  }
  return bytes;
}

function mutateOnce(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer<ArrayBuffer> {
  const at = random(bytes.length - 1);
  const copy = Buffer.from(bytes);
  switch (random(8)) {
    case 0:
      copy.writeUInt16BE(TELLING[random(TELLING.length)] ?? 0, at);
      return copy;
    case 1:
      // The header's flags and counts, in all of which a lie matters.
      copy.writeUInt16BE(TELLING[random(TELLING.length)] ?? 0, Math.min(at, 2 * random(HEADER_OCTETS / 2)));
      return copy;
    case 2:
      return copy.subarray(0, at);
    case 3:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 1 + random(20)))]);
    case 4: {
      const other = others[random(others.length)] ?? copy;
      const start = random(other.length);
      const piece = other.subarray(start, start + 1 + random(64));
      return Buffer.concat([copy.subarray(0, at), piece, copy.subarray(at)]).subarray(0, 0xffff);
    }
    case 5: {
      const other = others[random(others.length)] ?? copy;
      return Buffer.concat([copy.subarray(0, at), other.subarray(random(other.length))]).subarray(0, 0xffff);
    }
    case 6:
      copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    default:
      copy[at] = random(256);
      return copy;
  }
}
