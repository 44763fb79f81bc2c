import { crc32, gunzipSync, inflateRawSync } from 'node:zlib';
import { deflateSync } from 'fflate';
import { BundleError } from './errors.ts';
import { MAX_ENVELOPE_BYTES } from './limits.ts';

/** RFC 1952 §2.3.1: deflated, FEXTRA alone, of no time, of no system. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255]);
const SUBFIELD = 'TU';
/** XLEN, the subfield's two letters, its length. */
const EXTRA = 6;
/** CRC32 and ISIZE. */
const TRAILER = 8;

/** What stands behind a header: a deflated content with its check sum and size. */
export function gzipBody(content: Uint8Array): Uint8Array {
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length >>> 0, 4);
  // Node's own zlib gives other octets from version to version.
  return Buffer.concat([deflateSync(content), trailer]);
}

/** @throws BundleError `too-large` for an envelope that the header cannot hold. */
export function gzipHeader(envelope: Uint8Array): Uint8Array {
  const { length } = envelope;
  if (length > MAX_ENVELOPE_BYTES) throw new BundleError('too-large', 'the envelope is larger than a header can hold');
  const extra = Buffer.alloc(EXTRA);
  extra.writeUInt16LE(length + 4, 0);
  extra.write(SUBFIELD, 2, 'latin1');
  extra.writeUInt16LE(length, 4);
  return Buffer.concat([HEAD, extra, envelope]);
}

/**
 * Takes an archive of ours apart; nothing is inflated.
 * @throws BundleError `malformed` for what is no gzip, `unsigned` for one whose header has not our subfield and only that.
 */
export function splitGzip(bytes: Uint8Array): { readonly envelope: Uint8Array; readonly body: Uint8Array } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < HEAD.length + TRAILER || file.readUInt16BE(0) !== HEAD.readUInt16BE(0)) {
    throw new BundleError('malformed', 'it is no gzip archive');
  }
  const start = HEAD.length + EXTRA;
  const isOurs =
    file.length >= start &&
    file.subarray(0, HEAD.length).equals(HEAD) &&
    file.toString('latin1', HEAD.length + 2, HEAD.length + 4) === SUBFIELD &&
    file.readUInt16LE(HEAD.length) === file.readUInt16LE(HEAD.length + 4) + 4;
  if (!isOurs) throw new BundleError('unsigned', 'its header carries no envelope');
  const end = start + file.readUInt16LE(HEAD.length + 4);
  if (end + TRAILER > file.length) throw new BundleError('malformed', 'it is cut off');
  return { envelope: file.subarray(start, end), body: file.subarray(end) };
}

/**
 * The content of what stands behind a header, and never more than `most` octets of it.
 * @throws BundleError `too-large`, `malformed`.
 */
export function inflateBody(body: Uint8Array, most: number): Uint8Array {
  const trailer = Buffer.from(body.buffer, body.byteOffset + body.length - TRAILER, TRAILER);
  const packed = body.subarray(0, body.length - TRAILER);
  const { buffer, engine } = bounded(
    // With `info` both come back (Node's documentation, zlib "Class: Options"); its types do not say so.
    () => inflateRawSync(packed, { maxOutputLength: most, info: true }) as unknown as Inflated,
  );
  const isWhole = engine.bytesWritten === packed.length && buffer.length >>> 0 === trailer.readUInt32LE(4);
  if (isWhole && crc32(buffer) === trailer.readUInt32LE(0)) return buffer;
  throw new BundleError('malformed', 'it does not end as a gzip archive does');
}

interface Inflated {
  readonly buffer: Buffer;
  /** Octets that were taken in. */
  readonly engine: { readonly bytesWritten: number };
}

/**
 * The content of anybody's gzip file, and never more than `most` octets of it.
 * @throws BundleError `too-large`, `malformed`.
 */
export function gunzip(bytes: Uint8Array, most: number): Uint8Array {
  return bounded(() => gunzipSync(bytes, { maxOutputLength: most }));
}

function bounded<Content>(inflate: () => Content): Content {
  try {
    return inflate();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BundleError('too-large', 'it inflates to more than it may', cause);
    }
    throw new BundleError('malformed', 'it is no whole gzip archive', cause);
  }
}
