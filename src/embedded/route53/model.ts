import { createHash } from 'node:crypto';
import type { ResourceRecordSet, VPC } from '@aws-sdk/client-route-53';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Table } from '../store/database.ts';
import { accessDenied, noSuchHostedZone } from './errors.ts';
import { reversedName } from './name.ts';

export interface AssociatedVpc {
  readonly id: string;
  readonly region: string;
  /** The account whose VPC it is. */
  readonly account: string;
}

export interface StoredZone {
  readonly id: string;
  readonly account: string;
  /** Canonical, with the closing dot. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment?: string;
  /** Private zones only; never empty. */
  readonly vpcs?: readonly AssociatedVpc[];
  /** VPCs of other accounts that may be associated. */
  readonly authorized: readonly Omit<AssociatedVpc, 'account'>[];
  /** Without the closing dot. */
  readonly nameServers: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface StoredChange {
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly submitted: number;
  readonly comment?: string;
}

export interface StoredProtection {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

export const zones = table<StoredZone>('route53/zones');
export const changes = table<StoredChange>('route53/changes');
/** Caller references stay used when their zone is gone. Key: account and reference; value: zone id. */
export const callerReferences = table<string>('route53/references');

/** Record sets as they are listed; the keys' ASCII order is the order of the list. */
export function recordSets(zoneId: string): Table<ResourceRecordSet> {
  return table(`route53/sets/${zoneId}`);
}

export function protections(zoneId: string): Table<StoredProtection> {
  return table(`route53/protections/${zoneId}`);
}

/** A blank sorts before every character of a name. */
export function setKey(name: string, type: string, identifier = ''): string {
  return `${reversedName(name)} ${type} ${identifier}`;
}

export function protectionKey(name: string, type: string): string {
  return `${reversedName(name)} ${type}`;
}

const ID_PREFIX = /^\/(?:hostedzone|change)\//;

/** @throws NoSuchHostedZone, AccessDenied for zones of other accounts. */
export function ownZone(id: string | undefined, context: CallContext): StoredZone {
  const zone = anyZone(id, context);
  if (zone.account !== context.caller.account) throw accessDenied(context.caller.arn);
  return zone;
}

/** @throws NoSuchHostedZone */
export function anyZone(id: string | undefined, { data }: CallContext): StoredZone {
  const plain = (id ?? '').replace(ID_PREFIX, '');
  const zone = data.get(zones, plain);
  if (zone === undefined) throw noSuchHostedZone(plain);
  return zone;
}

/** A VPC as the API shows it. */
export function shownVpc({ id, region }: Omit<AssociatedVpc, 'account'>): VPC {
  return { VPCId: id, VPCRegion: region as VPC['VPCRegion'] };
}

const ID_LENGTH = 20;

/** An id such as `Z0123456789ABCDEFGHIJ`, the same in every account file for the same order of calls. */
export function newId(prefix: 'C' | 'Z', { caller, data }: CallContext): string {
  const number = data.next(`route53/${prefix}`);
  const digest = createHash('sha256').update(`${prefix} ${caller.account} ${number}`).digest('hex');
  return prefix + BigInt(`0x${digest}`).toString(36).toUpperCase().slice(0, ID_LENGTH);
}
