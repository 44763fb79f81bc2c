import { createHash } from 'node:crypto';

/** On an instance whose schedule we wrote: by which document, and a hash of what was written. */
export const STAMP_TAG = 'trueup:stamped';
/** The owner's own value that an assignment with `override: true` replaced. */
export const STAMPED_OVER_TAG = 'trueup:stamped-over';
/** What is wrong with the schedule tag, written by the function, taken away once it is right. */
export const ERROR_TAG = 'trueup:schedule-error';

/** Hex digits of the hash in a stamp: it tells what was written from what was changed since, and guards nothing. */
const HASH_DIGITS = 10;

/** Tags of a resource, those of AWS itself (`aws:`) not counted (EC2 user guide, "Tag restrictions"). */
const MAX_TAGS = 50;

/** Can these be set beside what is there? */
export function hasRoom(tags: Readonly<Record<string, string>>, keys: readonly string[]): boolean {
  const all = new Set([...Object.keys(tags).filter((key) => !key.startsWith('aws:')), ...keys]);
  return all.size <= MAX_TAGS;
}

/** A stamp, taken apart. */
export interface Stamp {
  /** `owner/kind/name`. */
  readonly writer: string;
  readonly written: string;
}

/** Of the tag as it was written: key and value. */
export function writtenHash(key: string, value: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, value]))
    .digest('hex')
    .slice(0, HASH_DIGITS);
}

/** `owner/InstanceSchedule/name/<hash>`. */
export function formatStamp({ writer, written }: Stamp): string {
  return `${writer}/${written}`;
}

/** Undefined: no stamp of this form. */
export function parseStamp(text: string | undefined): Stamp | undefined {
  const match = /^([a-z0-9-]{3,32}\/[A-Za-z]{1,64}\/[a-z0-9-]{1,63})\/([0-9a-f]{10})$/.exec(text ?? '');
  return match?.[1] && match[2] ? { writer: match[1], written: match[2] } : undefined;
}
