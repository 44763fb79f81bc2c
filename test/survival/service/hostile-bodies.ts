import { gzipSync } from 'node:zlib';
import { encodeBinaryBody } from '../../../src/survival/service/binary-body.ts';
import type { ServiceRequest } from '../../../src/survival/service/delivered-body.ts';
import { BINARY_TYPE, REQUEST } from './ask.ts';

const MIB = 1024 * 1024;
export const SUBJECTS = '{"times":[1,2],"events":[1,0],"values_by_record":';

/** A body that is made to cost more than it brings (threats T115). */
export interface HostileBody {
  readonly what: string;
  readonly status: number;
  readonly make: () => string | Uint8Array;
  readonly delivery?: Partial<ServiceRequest>;
}

/** Zeros as a gzip of a thousandth: of many members, so that making it takes no memory either. */
function bomb(mebibytes: number): Buffer {
  const member = gzipSync(Buffer.alloc(MIB));
  return Buffer.concat(Array.from({ length: mebibytes }, () => member));
}

function header(n: number, m: number): Uint8Array {
  const { times, events, values_by_record: values } = REQUEST;
  const body = encodeBinaryBody({ times, events, values, valueOctets: 8 });
  const view = new DataView(body.buffer);
  view.setUint32(8, n, true);
  view.setUint32(12, m, true);
  return body;
}

export const HOSTILE: readonly HostileBody[] = [
  {
    what: 'a gzip of 1:1000',
    status: 413,
    make: () => bomb(5_000),
    delivery: { contentEncoding: 'gzip' },
  },
  {
    what: 'a gzip of 1:1000 in base64, for octets',
    status: 413,
    make: () => bomb(4_000).toString('base64'),
    delivery: { contentEncoding: 'gzip', contentType: BINARY_TYPE, isBase64: true },
  },
  {
    what: 'a header of n · m = 2^62',
    status: 400,
    make: () => header(2 ** 31, 2 ** 31),
    delivery: { contentType: BINARY_TYPE },
  },
  {
    what: 'a header of the largest n and m',
    status: 400,
    make: () => header(2 ** 32 - 1, 2 ** 32 - 1),
    delivery: { contentType: BINARY_TYPE },
  },
  { what: 'six million arrays in each other', status: 400, make: () => `${SUBJECTS}${'['.repeat(5_999_000)}` },
  { what: 'nothing but arrays in each other', status: 400, make: () => '['.repeat(6_000_000) },
  { what: 'a time of 1e999', status: 400, make: () => '{"times":[1e999],"events":[1],"values_by_record":[]}' },
  {
    what: 'a number of six million digits',
    status: 400,
    make: () => `{"times":[-${'9'.repeat(5_990_000)}],"events":[1],"values_by_record":[]}`,
  },
  {
    what: 'an exponent of six million digits',
    status: 400,
    make: () => `{"times":[1e${'9'.repeat(5_990_000)}],"events":[1],"values_by_record":[]}`,
  },
  { what: 'six million octets of a name', status: 400, make: () => `{"${'a'.repeat(5_990_000)}":1}` },
  {
    what: 'more rows than an answer has room for',
    status: 413,
    make: () => `${SUBJECTS}[${'[1,2],'.repeat(900_000)}[1,2]]}`,
  },
  {
    what: 'rows of nothing',
    status: 400,
    make: () => `{"values_by_record":[${'[],'.repeat(1_900_000)}[]],"times":[],"events":[]}`,
  },
  {
    what: 'one row of nothing but arrays',
    status: 400,
    make: () => `${SUBJECTS}[[${'[],'.repeat(1_900_000)}[]]]}`,
  },
];
