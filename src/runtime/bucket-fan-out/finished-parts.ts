import { createHash } from 'node:crypto';

/** What a row says of finished parts: their numbers, and once all are there the ETag that the object gets. */
export interface FinishedParts {
  readonly numbers: readonly number[];
  /** With its quotes. */
  readonly etag?: string;
}

/** `1-57,60`, or `1-120 "…-120"` when the upload is about to be completed; at most 50,000 characters. */
export function writeFinished({ numbers, etag }: FinishedParts): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers.toSorted((left, right) => left - right)) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  const text = runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
  return etag === undefined ? text : `${text} ${etag}`;
}

/** The ETag that was written; undefined: the upload was not about to be completed. */
export function awaitedEtag(finished: string): string | undefined {
  return finished.split(' ')[1];
}

/**
 * The ETag of an object in parts: the MD5 of the parts' MD5s (S3 User Guide, "Using Content-MD5 and the ETag"). Parts
 * that are encrypted by KMS have other ETags, and the object's then is none that can be foretold.
 */
export function etagOfParts(etags: readonly string[]): string {
  const digests = etags.map((etag) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${etags.length}"`;
}
