import { DnsError } from '../errors.ts';
import { compileExclude } from '../exclude.ts';
import type { Excluder, ExcludeRule } from '../exclude.ts';
import { compareRRsets } from '../diff.ts';
import { foldName, formatName, isAtOrBelow, labelsOf, parseName } from '../name.ts';
import { foldRdata } from '../rdata.ts';
import { fromRoute53 } from '../route53.ts';
import type { ListedRRset, Route53RecordSet } from '../route53.ts';
import { RR } from '../rr-types.ts';
import type { WireName } from '../types.ts';

export type KeptReason =
  | 'alias'
  | 'routing-policy'
  | 'traffic-policy'
  | 'protected'
  | 'acm-validation'
  | 'excluded'
  | 'unreadable';

/** A set of the hosted zone that is not the mirror's and stays as it is. */
export interface KeptSet {
  /** Absolute text in master-file escapes; as listed where it cannot be read. */
  readonly name: string;
  readonly wireName: WireName | undefined;
  /** Mnemonic as listed. */
  readonly type: string;
  readonly reason: KeptReason;
  /** The comment of a protection. */
  readonly comment?: string;
  /** Its content, where it is a plain set. */
  readonly set?: ListedRRset;
}

/** ResourceRecordSetProtection of ListResourceRecordSetProtections. */
export interface ProtectedSet {
  readonly RecordName?: string | undefined;
  readonly RecordType?: string | undefined;
  readonly Comment?: string | undefined;
}

export interface KeptOptions {
  readonly origin: WireName;
  readonly exclude: readonly ExcludeRule[];
  readonly apexNs: 'keep' | 'mirror';
  readonly protectedSets: readonly ProtectedSet[];
}

export interface TargetSelection {
  /** What the mirror may change, sorted. */
  readonly ours: readonly ListedRRset[];
  /** Neither ours nor kept: Route 53 made it, and the serial in it is written last. */
  readonly apexSoa: ListedRRset | undefined;
  /** Left alone under `apexNs: keep`; under `mirror` it is among ours. */
  readonly apexNs: ListedRRset | undefined;
  readonly keptSets: readonly KeptSet[];
  /** How many sets are kept. */
  readonly kept: number;
}

/** `_` and 32 hexadecimal digits: how AWS Certificate Manager names its validation CNAMEs. */
const ACM_LABEL = /^_[0-9a-f]{32}$/;
const ACM_TARGET = parseName('acm-validations.aws.', 'octal');

/** What of a hosted zone's listing is the mirror's, and what stays whatever the source says. */
export function selectKept(sets: readonly Route53RecordSet[], options: KeptOptions): TargetSelection {
  const isExcluded = compileExclude(options.exclude, options.origin);
  const protections = protectionsOf(options.protectedSets);
  const ours: ListedRRset[] = [];
  const keptSets: KeptSet[] = [];
  const apex: { soa?: ListedRRset; ns?: ListedRRset } = {};
  for (const listed of sets) {
    const set = fromRoute53(listed);
    const isSoa = set?.name === options.origin && set.type === RR.SOA;
    const isNs = set?.name === options.origin && set.type === RR.NS;
    if (isSoa) apex.soa = set;
    if (isNs) apex.ns = set;

    const wireName = set?.name ?? readName(listed.Name);
    const protection = wireName === undefined ? undefined : protections.get(keyOf(wireName, listed.Type));
    const isApex = isSoa || (isNs && options.apexNs === 'keep');
    const reason = protection === undefined ? !isApex && reasonToKeep(listed, set, isExcluded) : 'protected';
    if (reason) keptSets.push(keptSet({ listed, set, wireName, reason, comment: protection?.Comment }));
    else if (set !== undefined && !isApex) ours.push(set);
  }
  return { ours: ours.sort(compareRRsets), apexSoa: apex.soa, apexNs: apex.ns, keptSets, kept: keptSets.length };
}

interface KeptParts {
  readonly listed: Route53RecordSet;
  readonly set: ListedRRset | undefined;
  readonly wireName: WireName | undefined;
  readonly reason: KeptReason;
  readonly comment: string | undefined;
}

function keptSet({ listed, set, wireName, reason, comment }: KeptParts): KeptSet {
  return {
    name: wireName === undefined ? (listed.Name ?? '') : formatName(wireName, 'decimal'),
    wireName,
    type: listed.Type ?? '',
    reason,
    ...(comment === undefined ? {} : { comment }),
    ...(set === undefined ? {} : { set }),
  };
}

function reasonToKeep(
  listed: Route53RecordSet,
  set: ListedRRset | undefined,
  isExcluded: Excluder,
): KeptReason | undefined {
  if (listed.TrafficPolicyInstanceId !== undefined) return 'traffic-policy';
  if (listed.SetIdentifier !== undefined) return 'routing-policy';
  if (listed.AliasTarget !== undefined) return 'alias';
  if (set === undefined) return 'unreadable';
  if (isAcmValidation(set)) return 'acm-validation';
  return isExcluded(set.name, set.type) ? 'excluded' : undefined;
}

function isAcmValidation({ name, type, rdata }: ListedRRset): boolean {
  if (type !== RR.CNAME || !ACM_LABEL.test(labelsOf(name)[0] ?? '')) return false;
  return rdata.every((target) => isAtOrBelow(foldRdata(type, target), ACM_TARGET));
}

function protectionsOf(protectedSets: readonly ProtectedSet[]): ReadonlyMap<string, ProtectedSet> {
  const protections = new Map<string, ProtectedSet>();
  for (const protection of protectedSets) {
    const name = readName(protection.RecordName);
    if (name !== undefined) protections.set(keyOf(name, protection.RecordType), protection);
  }
  return protections;
}

function keyOf(name: WireName, type: string | undefined): string {
  return `${type} ${name}`;
}

function readName(text: string | undefined): WireName | undefined {
  try {
    return foldName(parseName(text ?? '', 'octal'));
  } catch (error) {
    if (error instanceof DnsError) return undefined;
    throw error;
  }
}
