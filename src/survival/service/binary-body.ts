import { badRequest } from './refused-request.ts';
import { checkSubjects } from './survival-body.ts';
import type { SurvivalBody } from './survival-body.ts';

/**
 * A request in octets, little-endian:
 *
 *     0   4  TUSV
 *     4   1  version of this layout: 1
 *     5   1  octets of a value: 8 (float64) or 4 (float32), IEEE 754
 *     6   2  0
 *     8   4  n, subjects
 *    12   4  m, rows
 *    16  8n  times, float64
 *        n   events, one octet each: 0 or 1
 *            zeros to a multiple of 8
 *            m · n values, row by row; NaN: no value; ±Infinity: the row is invalid
 */
const MAGIC = [0x54, 0x55, 0x53, 0x56];
const VERSION = 1;
const HEADER_OCTETS = 16;
const TIME_OCTETS = 8;
const AT = { version: 4, valueOctets: 5, zero: 6, n: 8, m: 12 } as const;

/** What values are written in. */
export type ValueOctets = 4 | 8;

const isHostLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Where things lie; numbers beyond 2^53 are not exact, and far beyond every body. */
function layoutOf(n: number, m: number, valueOctets: ValueOctets) {
  const events = HEADER_OCTETS + TIME_OCTETS * n;
  const values = Math.ceil((events + n) / 8) * 8;
  return { events, values, length: values + n * m * valueOctets };
}

/** Octets of a request with so many subjects and rows. */
export function binaryLength(n: number, m: number, valueOctets: ValueOctets): number {
  return layoutOf(n, m, valueOctets).length;
}

/** Of a body's beginning; undefined: it is no header of ours. */
export function readBinaryHeader(
  octets: Uint8Array,
): { readonly n: number; readonly m: number; readonly valueOctets: ValueOctets } | undefined {
  if (octets.length < HEADER_OCTETS || MAGIC.some((octet, index) => octets[index] !== octet)) return undefined;
  const view = viewOf(octets);
  const valueOctets = view.getUint8(AT.valueOctets);
  if (valueOctets !== 4 && valueOctets !== 8) return undefined;
  return { n: view.getUint32(AT.n, true), m: view.getUint32(AT.m, true), valueOctets };
}

/**
 * Sizes are held against each other before anything is made of them (threats T115). Values of 8 octets are not copied
 * where the place of the body in memory allows it.
 * @throws RefusedRequest
 */
export function decodeBinaryBody(octets: Uint8Array): SurvivalBody {
  if (octets.length < HEADER_OCTETS) {
    throw badRequest(`the body has ${octets.length} octets: its header alone has ${HEADER_OCTETS}`);
  }
  if (MAGIC.some((octet, index) => octets[index] !== octet)) throw badRequest('the body does not begin with TUSV');
  const view = viewOf(octets);
  if (view.getUint8(AT.version) !== VERSION) {
    throw badRequest(`octet ${AT.version}, the version, is not ${VERSION}`);
  }
  const header = readBinaryHeader(octets);
  if (!header) throw badRequest(`octet ${AT.valueOctets}, the octets of a value, is not 4 or 8`);
  if (view.getUint16(AT.zero, true) !== 0) throw badRequest(`octets ${AT.zero} and ${AT.zero + 1} are not 0`);
  const { n, m, valueOctets } = header;
  const layout = layoutOf(n, m, valueOctets);
  if (layout.length !== octets.length) {
    throw badRequest(
      `the body has ${octets.length} octets: with n, m and the octets of a value in its header it has ${layout.length}`,
    );
  }
  const times = floats(octets, HEADER_OCTETS, n, TIME_OCTETS);
  const events = octets.slice(layout.events, layout.events + n);
  for (let at = layout.events + n; at < layout.values; at += 1) {
    if (octets[at] !== 0) throw badRequest(`octet ${at}, between events and values, is not 0`);
  }
  checkSubjects(times, events);
  return { times, events, m, matrix: floats(octets, layout.values, n * m, valueOctets) };
}

function floats(octets: Uint8Array, from: number, count: number, valueOctets: ValueOctets): Float64Array {
  const place = octets.byteOffset + from;
  if (isHostLittleEndian && valueOctets === 8 && place % 8 === 0) return new Float64Array(octets.buffer, place, count);
  const view = viewOf(octets);
  const list = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const at = from + index * valueOctets;
    list[index] = valueOctets === 8 ? view.getFloat64(at, true) : view.getFloat32(at, true);
  }
  return list;
}

export interface BinaryRequest {
  readonly times: ArrayLike<number>;
  readonly events: ArrayLike<number>;
  /** Rows of as many values; null and NaN: this subject has none. */
  readonly values: readonly ArrayLike<number | null>[];
  /** 4 halves the body and keeps seven digits. */
  readonly valueOctets: ValueOctets;
}

/** @throws RangeError when a row, or the events, are not as long as the times. */
export function encodeBinaryBody({ times, events, values, valueOctets }: BinaryRequest): Uint8Array {
  const n = times.length;
  const wrong = [events, ...values].find(({ length }) => length !== n);
  if (wrong) throw new RangeError(`events and rows must have ${n} entries like times, not ${wrong.length}`);
  const layout = layoutOf(n, values.length, valueOctets);
  const octets = new Uint8Array(layout.length);
  octets.set(MAGIC);
  const view = viewOf(octets);
  view.setUint8(AT.version, VERSION);
  view.setUint8(AT.valueOctets, valueOctets);
  view.setUint32(AT.n, n, true);
  view.setUint32(AT.m, values.length, true);
  for (let index = 0; index < n; index += 1) {
    view.setFloat64(HEADER_OCTETS + TIME_OCTETS * index, times[index] as number, true);
    view.setUint8(layout.events + index, events[index] as number);
  }
  let at = layout.values;
  for (const row of values) {
    for (let index = 0; index < n; index += 1) {
      const value = row[index] ?? Number.NaN;
      if (valueOctets === 8) view.setFloat64(at, value, true);
      else view.setFloat32(at, value, true);
      at += valueOctets;
    }
  }
  return octets;
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}
