const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** One CopyObject takes no more (S3 API Reference, CopyObject). */
export const MAX_SINGLE_COPY = 5 * GIB;
/** S3 User Guide, "Amazon S3 multipart upload limits". */
export const MAX_PARTS = 10_000;
const MAX_PART = 5 * GIB;
/** 48.8 TiB, which AWS calls 50 TB (S3 User Guide, "Amazon S3 objects overview"). */
export const MAX_OBJECT = MAX_PARTS * MAX_PART;
/**
 * What one call copies between far regions in half a minute, at 20 MB a second: a function of the shortest time-out has
 * that, and one that is stopped repeats no more. So larger objects are copied in parts, though S3 would take ten times
 * as much by one call.
 */
export const USUAL_PART = 512 * MIB;

export type CopyPlan =
  | { readonly kind: 'single' }
  | { readonly kind: 'parts'; readonly partSize: number; readonly parts: number };

/** How an object of so many octets is copied. @throws RangeError beyond `MAX_OBJECT` */
export function copyPlan(size: number): CopyPlan {
  if (size <= USUAL_PART) return { kind: 'single' };
  if (size > MAX_OBJECT) throw new RangeError(`${size} octets are more than an object of S3 can have`);
  const partSize = Math.max(USUAL_PART, Math.ceil(size / MAX_PARTS / MIB) * MIB);
  return { kind: 'parts', partSize, parts: Math.ceil(size / partSize) };
}

/** Octets of a part, by its number from 1, as `CopySourceRange` counts them: both ends included. */
export function partRange(
  size: number,
  partSize: number,
  part: number,
): { readonly from: number; readonly to: number } {
  const from = (part - 1) * partSize;
  return { from, to: Math.min(size, from + partSize) - 1 };
}
