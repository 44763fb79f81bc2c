/**
 * Checksums of cyclic redundancy that Node does not compute, octet by octet over a table (User Guide, "Checking object
 * integrity"). All work on reflected octets; the polynomials are written so too.
 */

/** CRC-32C (Castagnoli), RFC 3720, appendix B.4. */
const CRC32C = 0x82f63b78;
/** CRC-64/NVME: NVM Express Base Specification, "64b CRC". */
const CRC64_NVME = 0x9a6c9329ac4bc9b5n;
const ALL_ONES_32 = 0xffffffff;

let table32: Uint32Array | undefined;
let table64: readonly (readonly [high: number, low: number])[] | undefined;

/** Four octets, the highest first. */
export function crc32c(octets: Uint8Array): Buffer {
  table32 ??= Uint32Array.from({ length: 256 }, (_, octet) => remainder32(octet));
  let sum = ALL_ONES_32;
  for (const octet of octets) sum = (table32[(sum ^ octet) & 0xff] ?? 0) ^ (sum >>> 8);
  const value = Buffer.alloc(4);
  value.writeUInt32BE((sum ^ ALL_ONES_32) >>> 0);
  return value;
}

function remainder32(octet: number): number {
  let value = octet;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ CRC32C : value >>> 1;
  return value;
}

/** Eight octets, the highest first. The sum is kept in two halves: 64-bit integers of JavaScript are slow. */
export function crc64nvme(octets: Uint8Array): Buffer {
  table64 ??= Array.from({ length: 256 }, (_, octet) => halves(remainder64(BigInt(octet))));
  let high = ALL_ONES_32;
  let low = ALL_ONES_32;
  for (const octet of octets) {
    const [tableHigh, tableLow] = table64[(low ^ octet) & 0xff] ?? [0, 0];
    low = tableLow ^ ((low >>> 8) | (high << 24));
    high = tableHigh ^ (high >>> 8);
  }
  const value = Buffer.alloc(8);
  value.writeUInt32BE((high ^ ALL_ONES_32) >>> 0);
  value.writeUInt32BE((low ^ ALL_ONES_32) >>> 0, 4);
  return value;
}

function remainder64(octet: bigint): bigint {
  let value = octet;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ CRC64_NVME : value >> 1n;
  return value;
}

function halves(value: bigint): readonly [high: number, low: number] {
  return [Number(value >> 32n), Number(value & 0xffffffffn)];
}
