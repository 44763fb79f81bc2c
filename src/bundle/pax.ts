import { BundleError } from './errors.ts';
import { decodeName } from './tar-header.ts';

/** Octets of a header's records: git writes one path or a commit's id. */
export const MAX_PAX_BYTES = 64 * 1024;

/** What is read of the records of a pax header. */
export interface PaxRecords {
  readonly path?: string;
  /** What `git archive` writes once for all: the commit's id. */
  readonly comment?: string;
}

/** Records that say something else of an entry than what it looks like. */
const DECEIVING = /^(size|hdrcharset|charset|GNU\..*)$/;

/**
 * `LENGTH keyword=value\n`, where the length counts itself (POSIX.1-2017, pax, "pax Extended Header").
 * @throws BundleError `hostile-entry` for records that change what follows otherwise than by its name; `malformed`.
 */
export function readPax(bytes: Uint8Array): PaxRecords {
  const records = new Map<string, string>();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < buffer.length;) {
    const space = buffer.indexOf(' ', at);
    const digits = space === -1 ? '' : buffer.toString('latin1', at, space);
    const end = /^[1-9]\d{0,5}$/.test(digits) ? at + Number(digits) : 0;
    const equals = buffer.indexOf('=', space);
    if (end > buffer.length || equals === -1 || equals >= end || buffer[end - 1] !== 0x0a) {
      throw new BundleError('malformed', 'the archive has a pax header that is not whole');
    }
    const keyword = buffer.toString('latin1', space + 1, equals);
    if (DECEIVING.test(keyword) || records.has(keyword)) {
      throw new BundleError('hostile-entry', `the archive has a pax header with ${keyword}`);
    }
    records.set(keyword, decodeName(buffer.subarray(equals + 1, end - 1)));
    at = end;
  }
  const path = records.get('path');
  const comment = records.get('comment');
  return { ...(path !== undefined && { path }), ...(comment !== undefined && { comment }) };
}
