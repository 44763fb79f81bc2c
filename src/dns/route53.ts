import { DnsError } from './errors.ts';
import { formatName, foldName, parseName, ROOT } from './name.ts';
import { foldRdata, formatRdata, parseRdata } from './rdata.ts';
import { typeCode, typeName } from './rr-types.ts';
import type { Rdata, RRset } from './types.ts';

/** What Route 53 can hold (RRType in its API model, https://docs.aws.amazon.com/Route53/latest/APIReference/). */
export const ROUTE53_TYPES = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
] as const;

export type Route53Type = (typeof ROUTE53_TYPES)[number];

/** Route 53 Developer Guide, "Quotas": records per record set. */
export const MAX_VALUES_PER_SET = 400;
/** API reference, ResourceRecord: length of one Value. */
export const MAX_VALUE_CHARACTERS = 4_000;
/** API reference, ChangeResourceRecordSets: ResourceRecord elements of a request, UPSERT counted twice. */
export const MAX_BATCH_ELEMENTS = 1_000;
/** API reference, ChangeResourceRecordSets: characters of all Values of a request, UPSERT counted twice. */
export const MAX_BATCH_CHARACTERS = 32_000;

/** A ResourceRecordSet as trueup writes it: no alias, no routing policy. */
export interface PlainRecordSet {
  Name: string;
  Type: Route53Type;
  /** Seconds. */
  TTL: number;
  ResourceRecords: { Value: string }[];
}

/** A ResourceRecordSet as Route 53 lists it, as far as it is looked at. */
export interface Route53RecordSet {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
  readonly TTL?: number | undefined;
  readonly ResourceRecords?: readonly { readonly Value?: string | undefined }[] | undefined;
  readonly AliasTarget?: object | undefined;
  readonly SetIdentifier?: string | undefined;
  readonly TrafficPolicyInstanceId?: string | undefined;
}

/** A set that was listed. `listed` is its text where it is not the text that trueup writes: a DELETE must repeat it. */
export interface ListedRRset extends RRset {
  readonly listed?: PlainRecordSet;
}

const WRITABLE: ReadonlyMap<number, Route53Type> = new Map(
  ROUTE53_TYPES.map((type) => [requiredCode(type), type] as const),
);

/** Can Route 53 hold this type at all? */
export function isRoute53Type(type: number): boolean {
  return WRITABLE.has(type);
}

/**
 * The set in Route 53's text: octal escapes, absolute names, strings as quoted chunks.
 * @throws DnsError for a type that Route 53 cannot hold; `selectMirrored` keeps those out.
 */
export function toRoute53(set: ListedRRset): PlainRecordSet {
  if (set.listed !== undefined) return set.listed;
  const type = WRITABLE.get(set.type);
  if (type === undefined) {
    throw new DnsError(`Route 53 cannot hold ${typeName(set.type)} at ${formatName(set.name, 'decimal')}.`, {
      code: 'unsupported-type',
    });
  }
  return {
    Name: formatName(set.name, 'octal'),
    Type: type,
    TTL: set.ttl,
    ResourceRecords: set.rdata.map((rdata) => ({ Value: formatRdata(set.type, rdata, 'octal') })),
  };
}

/**
 * The set as octets; undefined for what is no plain set (alias, routing policy, traffic policy) and for text that
 * this codec does not understand: such sets stay as they are.
 */
export function fromRoute53(set: Route53RecordSet): ListedRRset | undefined {
  if (set.AliasTarget ?? set.SetIdentifier ?? set.TrafficPolicyInstanceId) return undefined;
  const type = typeCode(set.Type ?? '');
  const Type = type === undefined ? undefined : WRITABLE.get(type);
  if (type === undefined || Type === undefined || set.Name === undefined || set.TTL === undefined) return undefined;
  const values = (set.ResourceRecords ?? []).map((record) => record.Value ?? '');
  const parsed = parseSet(set.Name, type, set.TTL, values);
  if (parsed === undefined || values.length === 0) return undefined;
  const written = toRoute53(parsed);
  if (written.Name === set.Name && sameTexts(written.ResourceRecords, values)) return parsed;
  const listed = { Name: set.Name, Type, TTL: set.TTL, ResourceRecords: values.map((Value) => ({ Value })) };
  return { ...parsed, listed };
}

/** Characters that one value takes in a request: what Route 53's limits count. */
export function encodedLength(type: number, rdata: Rdata): number {
  return formatRdata(type, rdata, 'octal').length;
}

/** Characters of all values of a set as they are sent. */
export function encodedSetLength(set: ListedRRset): number {
  if (set.listed !== undefined) return set.listed.ResourceRecords.reduce((sum, { Value }) => sum + Value.length, 0);
  return set.rdata.reduce((sum, rdata) => sum + encodedLength(set.type, rdata), 0);
}

function parseSet(name: string, type: number, ttl: number, values: readonly string[]): RRset | undefined {
  try {
    const byMeaning = new Map<string, Rdata>();
    for (const value of values) {
      const rdata = parseRdata(type, value, 'octal', ROOT);
      const meaning = foldRdata(type, rdata);
      if (!byMeaning.has(meaning)) byMeaning.set(meaning, rdata);
    }
    const sorted = [...byMeaning].sort(([a], [b]) => (a < b ? -1 : 1));
    return { name: foldName(parseName(name, 'octal')), type, ttl, rdata: sorted.map(([, rdata]) => rdata) };
  } catch (error) {
    if (error instanceof DnsError) return undefined;
    throw error;
  }
}

/** The same values in another order are the same to Route 53. */
function sameTexts(written: readonly { readonly Value: string }[], listed: readonly string[]): boolean {
  const texts = new Set(listed);
  return written.length === listed.length && written.every(({ Value }) => texts.has(Value));
}

function requiredCode(type: Route53Type): number {
  const code = typeCode(type);
  if (code === undefined) throw new DnsError(`${type} has no number.`, { code: 'unsupported-type' });
  return code;
}
