import { foldName } from '../name.ts';
import { RR } from '../rr-types.ts';
import type { Rdata } from '../types.ts';

/** Where the names stand in an RDATA: after some octets and some character-strings. */
interface NamePlaces {
  readonly octets: number;
  readonly strings?: number;
  readonly names: number;
}

/**
 * Types whose RDATA holds names that compare without letter case: those of RFC 4034 §6.2 (as far as Route 53 or a
 * master file may carry them), and SVCB and HTTPS, whose target is a name like any other (RFC 9460 §2.5).
 */
const PLACES: ReadonlyMap<number, NamePlaces> = new Map<number, NamePlaces>([
  [RR.NS, { octets: 0, names: 1 }],
  [RR.CNAME, { octets: 0, names: 1 }],
  [RR.PTR, { octets: 0, names: 1 }],
  [RR.DNAME, { octets: 0, names: 1 }],
  [RR.MB, { octets: 0, names: 1 }],
  [RR.MG, { octets: 0, names: 1 }],
  [RR.MR, { octets: 0, names: 1 }],
  [RR.SOA, { octets: 0, names: 2 }],
  [RR.MINFO, { octets: 0, names: 2 }],
  [RR.RP, { octets: 0, names: 2 }],
  [RR.MX, { octets: 2, names: 1 }],
  [RR.AFSDB, { octets: 2, names: 1 }],
  [RR.RT, { octets: 2, names: 1 }],
  [RR.KX, { octets: 2, names: 1 }],
  [RR.SVCB, { octets: 2, names: 1 }],
  [RR.HTTPS, { octets: 2, names: 1 }],
  [RR.PX, { octets: 2, names: 2 }],
  [RR.SRV, { octets: 6, names: 1 }],
  [RR.NAPTR, { octets: 4, strings: 3, names: 1 }],
]);

/** The form to compare by: names in the RDATA folded to lower case, all else untouched; also what is malformed. */
export function foldRdata(type: number, rdata: Rdata): Rdata {
  const places = PLACES.get(type);
  if (places === undefined || !/[A-Z]/.test(rdata)) return rdata;
  const start = skipStrings(rdata, places.octets, places.strings ?? 0);
  const end = skipNames(rdata, start, places.names);
  if (end === undefined) return rdata;
  return rdata.slice(0, start) + foldName(rdata.slice(start, end)) + rdata.slice(end);
}

/** The end of the RDATA where it ends before the strings do. */
function skipStrings(rdata: Rdata, start: number, count: number): number {
  let at = start;
  for (let skipped = 0; skipped < count && at < rdata.length; skipped += 1) at += 1 + rdata.charCodeAt(at);
  return Math.min(at, rdata.length);
}

/** Undefined: the names do not end within the RDATA. */
function skipNames(rdata: Rdata, start: number, count: number): number | undefined {
  let at = start;
  let open = count;
  while (open > 0) {
    const length = rdata.charCodeAt(at);
    if (!(length <= MAX_LABEL)) return undefined;
    if (length === 0) open -= 1;
    at += 1 + length;
  }
  return at <= rdata.length ? at : undefined;
}

/** RFC 1035 §2.3.4; charCodeAt beyond the end is NaN, which is not below it either. */
const MAX_LABEL = 63;
