import { gunzipSync, constants } from 'node:zlib';
import { readBinaryHeader } from './binary-body.ts';
import { largestRows } from './limits.ts';
import type { ServiceLimits } from './limits.ts';
import { SIGN, skipBlanks } from './json-text.ts';
import { badRequest, RefusedRequest } from './refused-request.ts';

/** A request as it is delivered. */
export interface ServiceRequest {
  readonly body: Uint8Array | string;
  /** The body is a string of base64, as API Gateway delivers what is no text. */
  readonly isBase64?: boolean;
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
}

export type BodyFormat = 'json' | 'binary';
export type BodyEncoding = 'identity' | 'gzip';

const JSON_TYPE = 'application/json';
const BINARY_TYPE = 'application/octet-stream';

/** Of a refused body so much is looked at for its number of subjects. */
const PEEK_OCTETS = 65_536;
/** Of a gzip less, as it becomes up to a thousand times as much. */
const PEEK_GZIP_OCTETS = 4_096;
const GZIP_CHUNK_OCTETS = 262_144;

/**
 * What a content type asks for; without one, JSON.
 * @throws RefusedRequest 415
 */
export function formatOf(contentType: string | undefined): BodyFormat {
  if (contentType === undefined) return 'json';
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  if (type === BINARY_TYPE) return 'binary';
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (type === JSON_TYPE && (charset === undefined || /^charset="?utf-8"?$/.test(charset))) return 'json';
  throw new RefusedRequest(415, `content-type must be ${JSON_TYPE}, in UTF-8, or ${BINARY_TYPE}`);
}

/** @throws RefusedRequest 415 */
export function encodingOf(contentEncoding: string | undefined): BodyEncoding {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return 'identity';
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  throw new RefusedRequest(415, 'content-encoding must be gzip, or none');
}

/** Octets of the body as it is delivered. */
export function deliveredLength({ body }: ServiceRequest): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}

/**
 * The octets that a format reads. Their number is known, and within the limits, before anything is made of them.
 * @throws RefusedRequest 400 for what is no base64 or gzip, 413 for what is too large
 */
export function octetsOf(
  request: ServiceRequest,
  format: BodyFormat,
  encoding: BodyEncoding,
  limits: ServiceLimits,
): Uint8Array {
  const delivered = deliveredLength(request);
  if (delivered > limits.body) throw tooLarge(`the body has ${delivered} octets, ${limits.body} are the most`);
  const { body, isBase64 = false } = request;
  const octets = typeof body === 'string' ? octetsOfText(body, isBase64) : body;
  return encoding === 'gzip' ? inflated(octets) : octets;

  function inflated(zipped: Uint8Array): Uint8Array {
    try {
      return gunzipSync(zipped, { maxOutputLength: limits.inflated, chunkSize: GZIP_CHUNK_OCTETS });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw badRequest('the body is not gzip');
      throw tooLarge(`the body inflates to more than ${limits.inflated} octets`);
    }
  }

  function tooLarge(what: string): RefusedRequest {
    const beginning = peek(request, encoding);
    const n = format === 'json' ? peekSubjects(beginning) : readBinaryHeader(beginning)?.n;
    if (n === undefined || n === 0) return new RefusedRequest(413, `${what}: send fewer rows a request`);
    const values = format === 'json' ? 'json' : (readBinaryHeader(beginning)?.valueOctets ?? 8);
    const rows = largestRows({ n, values, isBase64: request.isBase64 ?? false, isGzip: encoding === 'gzip' }, limits);
    return new RefusedRequest(413, `${what}: ${fitting(rows, n)}`);
  }
}

/** What fits, for a message. */
export function fitting(rows: number, n: number): string {
  return rows === 0 ? `not one row of ${n} subjects fits` : `send at most ${rows} rows of ${n} subjects a request`;
}

/** Node leaves out of base64 what is none: its length tells. */
function octetsOfText(body: string, isBase64: boolean): Uint8Array {
  if (!isBase64) return Buffer.from(body);
  const octets = Buffer.from(body, 'base64');
  const padding = body.endsWith('==') ? 2 : Number(body.endsWith('='));
  if (octets.length !== Math.floor(((body.length - padding) * 3) / 4)) throw badRequest('the body is not base64');
  return octets;
}

/** The first octets of a body that is refused. */
function peek({ body, isBase64 = false }: ServiceRequest, encoding: BodyEncoding): Uint8Array {
  const beginning =
    typeof body === 'string'
      ? Buffer.from(body.slice(0, PEEK_OCTETS), isBase64 ? 'base64' : 'utf8')
      : body.subarray(0, PEEK_OCTETS);
  if (encoding === 'identity') return beginning;
  try {
    return gunzipSync(beginning.subarray(0, PEEK_GZIP_OCTETS), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array();
  }
}

/** Entries of `times` where they stand whole in the beginning of a request as JSON. */
function peekSubjects(beginning: Uint8Array): number | undefined {
  const name = '"times"';
  const found = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length).indexOf(name);
  if (found < 0) return undefined;
  const colon = skipBlanks(beginning, found + name.length);
  const open = skipBlanks(beginning, colon + 1);
  if (beginning[colon] !== SIGN.colon || beginning[open] !== SIGN.openArray) return undefined;
  let count = 1;
  for (let at = open + 1; at < beginning.length; at += 1) {
    if (beginning[at] === SIGN.closeArray) return count;
    if (beginning[at] === SIGN.comma) count += 1;
  }
  return undefined;
}
