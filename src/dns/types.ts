/**
 * The zone model. Octets are carried in latin1 strings (one character, one octet): they compare, hash and
 * sort like bytes, cost one byte a character in V8, and never pass through UTF-8.
 */

/** A domain name in wire form (RFC 1035 §3.1): length-prefixed labels, closed by the root's `\0`; at most 255 octets. */
export type WireName = string;

/** RDATA in wire form, names in it expanded (never compressed), letter case as received. */
export type Rdata = string;

/** How octets outside the printable ones are written: `\DDD` decimal (master files), `\OOO` octal (Route 53). */
export type EscapeStyle = 'decimal' | 'octal';

/** One resource record as it came off the wire; class IN is implied. */
export interface WireRecord {
  /** Owner, letter case folded to lower. */
  readonly name: WireName;
  /** RR type number. */
  readonly type: number;
  /** Seconds, 0 … 2^31-1. */
  readonly ttl: number;
  readonly rdata: Rdata;
}

/** All records of one owner and type (RFC 2181 §5): no duplicates, in canonical order of their folded RDATA. */
export interface RRset {
  readonly name: WireName;
  readonly type: number;
  readonly ttl: number;
  readonly rdata: readonly Rdata[];
}

/** The fields of a SOA record (RFC 1035 §3.3.13); times in seconds. */
export interface Soa {
  readonly mname: WireName;
  readonly rname: WireName;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

/** Something odd but legal that a reader should know of. */
export interface ZoneFinding {
  readonly code: 'ttl-mismatch' | 'ttl-out-of-range' | 'duplicate-record';
  readonly name: WireName;
  readonly type: number;
  readonly detail: string;
}

/**
 * RRsets in order. An array is one; a `Zone` has one that makes each RRset when it is asked for: a million of them held
 * as octets take a third of the memory.
 */
export interface RRsetList extends Iterable<RRset> {
  readonly length: number;
  /** From 0; undefined beyond the end. */
  at(index: number): RRset | undefined;
  map<Result>(make: (set: RRset, index: number) => Result): Result[];
  filter(keep: (set: RRset, index: number) => boolean): RRset[];
  find(wanted: (set: RRset, index: number) => boolean): RRset | undefined;
  some(wanted: (set: RRset, index: number) => boolean): boolean;
  every(wanted: (set: RRset, index: number) => boolean): boolean;
}

/** One complete version of a zone. */
export interface Zone {
  readonly origin: WireName;
  readonly soa: Soa;
  /** Records, the SOA counted once, after duplicates are merged. */
  readonly records: number;
  /** Every RRset, the apex SOA included, in canonical order of the owner (RFC 4034 §6.1), then type. */
  readonly rrsets: RRsetList;
  readonly findings: readonly ZoneFinding[];
}

/** One RRset on its way from `before` to `after`; at least one of the two is there. */
export interface RRsetChange {
  readonly name: WireName;
  readonly type: number;
  readonly before?: RRset;
  readonly after?: RRset;
}
