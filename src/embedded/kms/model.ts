import { rowKeyIn, rowsIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import type { Tags } from '../tags.ts';
import type { StoredSpec } from './key-specs.ts';

/** How KMS calls a refused permission, and IAM's prefix of its actions. */
export const IAM = { actionPrefix: 'kms', deniedName: 'AccessDeniedException' } as const;

export interface StoredKey {
  readonly account: string;
  readonly region: string;
  /** UUID. */
  readonly id: string;
  readonly spec: StoredSpec;
  /** PKCS #8, PEM; a symmetric key has none, since nothing here encrypts. */
  readonly privateKey?: string;
  readonly description: string;
  /** JSON, as it was written. */
  readonly policy: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly enabled: boolean;
  /** From then on, in milliseconds since the epoch, there is no such key. */
  readonly deletion?: number;
  readonly tags: Tags;
}

export type KeyPlace = Pick<StoredKey, 'account' | 'region' | 'id'>;

export const keys = table<StoredKey>('kms/keys');

export function keyArn({ account, region, id }: KeyPlace): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

export function findKey(place: KeyPlace, { data, now }: { data: Transaction; now: number }): StoredKey | undefined {
  const found = data.get(keys, rowKeyIn(place.id, place));
  return found && isThere(found, now) ? found : undefined;
}

/** Keys of the caller's account in the call's region, by id. */
export function keysOf(context: CallContext): readonly StoredKey[] {
  return rowsIn(keys, context).filter((key) => isThere(key, context.now));
}

function isThere({ deletion }: StoredKey, now: number): boolean {
  return deletion === undefined || now < deletion;
}

export function putKey(key: StoredKey, data: Transaction): void {
  data.put(keys, rowKeyIn(key.id, key), key);
}
