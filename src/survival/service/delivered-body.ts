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

/** Where a request tells how many subjects it has, and how many brackets deep. */
const LISTS = [
  { name: 'times', depth: 1 },
  { name: 'events', depth: 1 },
  { name: 'values_by_record', depth: 2 },
] as const;

const JSON_TYPE = 'application/json';
const BINARY_TYPE = 'application/octet-stream';

/** Of a refused body so much is looked at for its number of subjects: of more of them not one row would fit. */
const PEEK_OCTETS = 4 * 1024 * 1024;
/** Of a gzip less: numbers become two or three times as much. Of what becomes too much, as it may a thousand times, less again. */
const PEEK_GZIP_OCTETS = [65_536, 4_096] as const;
const PEEK_INFLATED_OCTETS = 8 * 1024 * 1024;
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
    const { beginning, growth } = peek(request, encoding);
    const n = format === 'json' ? peekSubjects(beginning) : readBinaryHeader(beginning)?.n;
    if (n === undefined || n === 0) return new RefusedRequest(413, `${what}: send fewer rows a request`);
    const values = format === 'json' ? 'json' : (readBinaryHeader(beginning)?.valueOctets ?? 8);
    const rows = largestRows({ n, values, isBase64: request.isBase64 ?? false, growth }, limits);
    return new RefusedRequest(413, `${what}: ${fitting(rows, n)}`);
  }
}

/** What fits, for a message. */
export function fitting(rows: number, n: number): string {
  const subjects = n === 1 ? '1 subject' : `${n} subjects`;
  return rows === 0 ? `not one row of ${subjects} fits` : `send at most ${rows} rows of ${subjects} a request`;
}

/** Node leaves out of base64 what is none: its length tells. */
function octetsOfText(body: string, isBase64: boolean): Uint8Array {
  if (!isBase64) return Buffer.from(body);
  const octets = Buffer.from(body, 'base64');
  const padding = body.endsWith('==') ? 2 : Number(body.endsWith('='));
  if (octets.length !== Math.floor(((body.length - padding) * 3) / 4)) throw badRequest('the body is not base64');
  return octets;
}

/** The first octets of a body that is refused, and how many of them gzip has made one of. */
function peek(
  { body, isBase64 = false }: ServiceRequest,
  encoding: BodyEncoding,
): { readonly beginning: Uint8Array; readonly growth: number } {
  const delivered =
    typeof body === 'string'
      ? Buffer.from(body.slice(0, PEEK_OCTETS), isBase64 ? 'base64' : 'utf8')
      : body.subarray(0, PEEK_OCTETS);
  if (encoding === 'identity') return { beginning: delivered, growth: 1 };
  for (const most of PEEK_GZIP_OCTETS) {
    const zipped = delivered.subarray(0, most);
    const beginning = inflatedBeginning(zipped);
    if (beginning.length > 0) return { beginning, growth: beginning.length / zipped.length };
  }
  return { beginning: new Uint8Array(), growth: 1 };
}

function inflatedBeginning(zipped: Uint8Array): Uint8Array {
  try {
    return gunzipSync(zipped, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: PEEK_INFLATED_OCTETS });
  } catch {
    return new Uint8Array();
  }
}

/** Entries of the first list, each of which has one for every subject, that stands whole in the beginning of a request as JSON. */
function peekSubjects(beginning: Uint8Array): number | undefined {
  for (const { name, depth } of LISTS) {
    const count = countEntries(beginning, name, depth);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** Of the list that `depth` brackets begin behind this name. */
function countEntries(beginning: Uint8Array, name: string, depth: number): number | undefined {
  const text = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.length);
  const found = text.indexOf(`"${name}"`);
  if (found < 0) return undefined;
  let at = skipBlanks(beginning, found + name.length + 2);
  if (beginning[at] !== SIGN.colon) return undefined;
  for (let level = 0; level < depth; level += 1) {
    at = skipBlanks(beginning, at + 1);
    if (beginning[at] !== SIGN.openArray) return undefined;
  }
  at = skipBlanks(beginning, at + 1);
  if (beginning[at] === SIGN.closeArray) return 0;
  for (let count = 1; at < beginning.length; at += 1) {
    if (beginning[at] === SIGN.closeArray) return count;
    if (beginning[at] === SIGN.comma) count += 1;
  }
  return undefined;
}
