import { createHash } from 'node:crypto';
import type { Architecture, LoggingConfig, RecursiveLoop, Runtime } from '@aws-sdk/client-lambda';
import { rowKeyIn } from '../row-key.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { conflict, staleRevision } from './errors.ts';

/** What a caller may set of a function. */
export interface FunctionSettings {
  readonly description: string;
  readonly runtime: Runtime;
  readonly handler: string;
  /** ARN. */
  readonly role: string;
  /** MB. */
  readonly memory: number;
  /** Seconds. */
  readonly timeout: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** ARNs. */
  readonly layers: readonly string[];
  readonly logging: LoggingConfig;
  /** ARN of the queue to which events go that failed for good; undefined: none. */
  readonly deadLetters?: string;
}

/** The code itself is never kept: whose hash no installed handler has does not run (threats T120). */
export interface StoredCode {
  /** Base64 of SHA-256 of the zip. */
  readonly sha256: string;
  /** Bytes of the zip. */
  readonly size: number;
  readonly architectures: readonly Architecture[];
}

export interface StoredFunction {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly settings: FunctionSettings;
  readonly code: StoredCode;
  /** Milliseconds since the epoch, as all moments here. */
  readonly modified: number;
  /** Until then it is Pending. */
  readonly activeFrom: number;
  /** Until then its last update is in progress. */
  readonly updatedFrom: number;
  /** Counts every change of code and configuration; an execution environment lives for one of them. */
  readonly deployment: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  /** Default: Terminate. */
  readonly recursiveLoop?: RecursiveLoop;
}

export type FunctionPlace = Pick<StoredFunction, 'account' | 'region' | 'name'>;

export const functions = table<StoredFunction>('lambda/functions');

/** A blank stands in no name: the keys' order is that of ListFunctions. */
export function functionKey(place: FunctionPlace): string {
  return rowKeyIn(place.name, place);
}

export function functionArn({ account, region, name }: FunctionPlace): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

/** Where its log goes: LoggingConfig, or `/aws/lambda/<name>`. */
export function logGroupOf({ settings, name }: StoredFunction): string {
  return settings.logging.LogGroup ?? `/aws/lambda/${name}`;
}

export function stateOf({ activeFrom }: StoredFunction, now: number): 'Pending' | 'Active' {
  return now < activeFrom ? 'Pending' : 'Active';
}

export function isUpdating({ updatedFrom }: StoredFunction, now: number): boolean {
  return now < updatedFrom;
}

/** Moves with every change, and once more when the change has settled, as AWS's does. */
export function revisionOf(found: StoredFunction, now: number): string {
  const isSettled = stateOf(found, now) === 'Active' && !isUpdating(found, now);
  return revisionId(`${functionArn(found)} ${found.deployment} ${isSettled}`);
}

/** A version 4 UUID in form; the same for the same seed. */
export function revisionId(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** @throws ResourceConflictException while it is created or updated, PreconditionFailedException for an old revision. */
export function checkChangeable(found: StoredFunction, revision: string | undefined, now: number): void {
  checkActive(found, now);
  if (isUpdating(found, now)) {
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${functionArn(found)}`,
    );
  }
  if (revision !== undefined && revision !== revisionOf(found, now)) throw staleRevision();
}

/** @throws ResourceConflictException while it is created. */
export function checkActive(found: StoredFunction, now: number): void {
  if (stateOf(found, now) === 'Active') return;
  throw conflict(
    'The operation cannot be performed at this time. The function is currently in the following state: Pending',
  );
}

/** CreateFunction: "If your function connects to a VPC, this process can take a minute or so." */
const SETTLING_MS = 3_000;
const SETTLING_IN_VPC_MS = 30_000;

/** How long a change of these settings takes to settle. */
export function settlingTime({ subnets }: FunctionSettings): number {
  return subnets.length > 0 ? SETTLING_IN_VPC_MS : SETTLING_MS;
}

export function putFunction(data: Transaction, stored: StoredFunction): void {
  data.put(functions, functionKey(stored), stored);
}
