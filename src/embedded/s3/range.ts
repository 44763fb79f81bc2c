import { s3Error } from './errors.ts';

/** Octets `from` to before `end`. */
export interface Range {
  readonly from: number;
  readonly end: number;
}

const RANGE = /^bytes=(?:(?<first>\d+)-(?<last>\d*)|-(?<suffix>\d+))$/;

/**
 * The range of a read (RFC 9110, section 14.1.2). S3 takes one ("doesn't support retrieving multiple ranges"); what is
 * no range is ignored, as the RFC asks.
 *
 * @returns undefined: the whole object.
 * @throws InvalidRange for one that begins behind the end.
 */
export function rangeOf(header: string | undefined, size: number): Range | undefined {
  const { first, last = '', suffix } = RANGE.exec(header ?? '')?.groups ?? {};
  if (first === undefined && suffix === undefined) return undefined;
  if (last !== '' && Number(first) > Number(last)) return undefined;
  const from = first === undefined ? Math.max(size - Number(suffix), 0) : Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (from < end) return { from, end };
  throw s3Error('InvalidRange', 'The requested range is not satisfiable', 416, {
    RangeRequested: header ?? '',
    ActualObjectSize: String(size),
  });
}
