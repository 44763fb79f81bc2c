import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { typeCode, typeName } from '../rr-types.ts';
import type { Field } from './fields.ts';
import { packUnsigned } from './numbers.ts';

/** A list of types (RFC 4034 §4.1.2: windows of 256, each cut after its last set bit). */
export const typeBitmap: Field = {
  parse(words) {
    const types = new Set<number>();
    while (!words.done) types.add(parseType(words.plain('type')));
    const windows = new Set([...types].map((type) => type >> 8).sort((a, b) => a - b));
    return [...windows].map((window) => packWindow(window, types)).join('');
  },
  format(octets) {
    const types: string[] = [];
    let previous = -1;
    while (!octets.done) {
      const window = octets.number(1);
      const bits = octets.characterString();
      if (window <= previous || bits === '' || bits.length > 32 || bits.endsWith('\0')) {
        throw new MalformedRdataError('The type bitmap is not in its shortest form.');
      }
      previous = window;
      types.push(...unpackBits(bits).map((bit) => typeName(window * 0x100 + bit)));
    }
    return types.join(' ');
  },
};

function packWindow(window: number, types: ReadonlySet<number>): string {
  const bits = packBits([...types].filter((type) => type >> 8 === window).map((type) => type & 0xff));
  return packUnsigned(window, 1) + packUnsigned(bits.length, 1) + bits;
}

/** Octets with these bits set, counted from the most significant of the first. */
export function packBits(bits: readonly number[]): string {
  const octets = new Uint8Array(bits.length === 0 ? 0 : (Math.max(...bits) >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return String.fromCharCode(...octets);
}

export function unpackBits(octets: string): number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < octets.length * 8; bit += 1) {
    if ((octets.charCodeAt(bit >> 3) & (0x80 >> (bit & 7))) !== 0) bits.push(bit);
  }
  return bits;
}

export function parseType(text: string): number {
  const type = typeCode(text);
  if (type === undefined) throw new DnsSyntaxError(`${text} is no type.`, { code: 'unknown-type' });
  return type;
}
