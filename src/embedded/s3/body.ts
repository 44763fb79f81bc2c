import { createHash } from 'node:crypto';

/** Octets as they are. */
interface HeldSegment {
  /** Base64. */
  readonly octets: string;
}

/** Octets that follow from a seed and their place, and are never held: those from `from` on, `length` of them. */
interface SparseSegment {
  readonly seed: string;
  readonly from: number;
  readonly length: number;
}

export type Segment = HeldSegment | SparseSegment;

/**
 * What an object consists of. The form is canonical: no segment is empty, and neighbours that continue one another are
 * one segment. Two bodies that were cut and joined in different ways are the same when their segments are.
 */
export interface Body {
  readonly segments: readonly Segment[];
  /** Octets. */
  readonly size: number;
}

/** Octets of the pattern that one digest gives. */
const BLOCK = 64;

export function bodyOf(octets: Uint8Array): Body {
  const held = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
  return { segments: octets.length === 0 ? [] : [{ octets: held }], size: octets.length };
}

/** A body of any size that takes no room; the same seed gives the same octets. */
export function sparseBody(seed: string, size: number): Body {
  return { segments: size === 0 ? [] : [{ seed, from: 0, length: size }], size };
}

/** The octets from `from` to before `end`; what lies outside of the body is left out. */
export function slice(body: Body, from: number, end: number = body.size): Body {
  const cut: Body[] = [];
  let at = 0;
  for (const segment of body.segments) {
    const length = lengthOf(segment);
    const first = Math.max(from - at, 0);
    const last = Math.min(end - at, length);
    if (first < last) cut.push(sliceSegment(segment, first, last));
    at += length;
  }
  return join(cut);
}

export function join(bodies: readonly Body[]): Body {
  const segments: Segment[] = [];
  let held: Buffer[] = [];
  const flush = (): void => {
    if (held.length > 0) segments.push({ octets: Buffer.concat(held).toString('base64') });
    held = [];
  };
  for (const segment of bodies.flatMap((body) => body.segments)) {
    if ('octets' in segment) {
      held.push(Buffer.from(segment.octets, 'base64'));
      continue;
    }
    flush();
    const last = segments.at(-1);
    const isContinued =
      last !== undefined && 'seed' in last && last.seed === segment.seed && last.from + last.length === segment.from;
    if (isContinued) segments[segments.length - 1] = { ...last, length: last.length + segment.length };
    else segments.push(segment);
  }
  flush();
  return { segments, size: bodies.reduce((sum, { size }) => sum + size, 0) };
}

/** All octets of a body, those of sparse segments too: the caller sees to it that there are not too many. */
export function octetsOf(body: Body): Uint8Array {
  return Uint8Array.from(Buffer.concat(body.segments.map(segmentOctets)));
}

/**
 * What digests and checksums of a body are taken of: its octets where all of them are held; of a body with sparse
 * segments its description (JSON of the segments), since nobody can read terabytes. So they are the same for the same
 * body and differ for others, but nobody outside can compute them.
 */
export function digested(body: Body): Uint8Array {
  const isHeld = body.segments.every((segment) => 'octets' in segment);
  return isHeld ? octetsOf(body) : Buffer.from(JSON.stringify(body.segments));
}

/** Hexadecimal. */
export function md5(body: Body): string {
  return createHash('md5').update(digested(body)).digest('hex');
}

/** Of an object that was not uploaded in parts; with its quotes. */
export function etagOf(body: Body): string {
  return `"${md5(body)}"`;
}

function lengthOf(segment: Segment): number {
  return 'seed' in segment ? segment.length : Buffer.byteLength(segment.octets, 'base64');
}

function sliceSegment(segment: Segment, first: number, last: number): Body {
  if ('octets' in segment) return bodyOf(Buffer.from(segment.octets, 'base64').subarray(first, last));
  const { seed, from } = segment;
  return { segments: [{ seed, from: from + first, length: last - first }], size: last - first };
}

function segmentOctets(segment: Segment): Buffer {
  if ('octets' in segment) return Buffer.from(segment.octets, 'base64');
  const { seed, from, length } = segment;
  const firstBlock = Math.floor(from / BLOCK);
  const blocks: Buffer[] = [];
  for (let block = firstBlock; block * BLOCK < from + length; block += 1) {
    blocks.push(createHash('sha512').update(`${block} ${seed}`).digest());
  }
  const start = from - firstBlock * BLOCK;
  return Buffer.concat(blocks).subarray(start, start + length);
}
