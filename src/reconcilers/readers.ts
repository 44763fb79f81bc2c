import type { Permission, Place, Unknown } from '../engine/types.ts';
import type { ReadForeignNotifications } from '../resources/bucket-notification/foreign.ts';
import type { ListBucket, ReadBucket, ReadBucketPolicy, ReadDefaultEncryption } from '../resources/bucket-view.ts';
import type { ReadDeployed } from '../resources/deployed-document.ts';
import type { ReadCapacity, ReadFunction, ReadReserved } from '../resources/function-capacity.ts';
import type { Instance } from '../resources/instances.ts';
import type { Invoke } from '../resources/invoke.ts';
import type { Network, NetworkQuestion } from '../resources/network-view.ts';
import type { ReadTopic } from '../resources/topics.ts';

/** What kinds may ask of the world, handed to `look` and `verify`. */
export interface Readers {
  readonly bucket: ReadBucket;
  readonly bucketPolicy: ReadBucketPolicy;
  readonly defaultEncryption: ReadDefaultEncryption;
  readonly listBucket: ListBucket;
  readonly capacity: ReadCapacity;
  readonly functionState: ReadFunction;
  readonly deployed: ReadDeployed;
  readonly reserved: ReadReserved;
  readonly invoke: Invoke;
  /** The instances of a place that carry any of these tag keys. */
  readonly instances: (place: Place, tagKeys: readonly string[]) => Promise<readonly Instance[] | Unknown>;
  /** What a network looks like from where a function would stand in it. */
  readonly network: (place: Place, asked: NetworkQuestion) => Promise<Network | Unknown>;
  readonly topic: ReadTopic;
  /** What others have in a bucket's notification configuration, and what of that S3 would not take ours beside. */
  readonly notifications: ReadForeignNotifications;
}

/** What `look` and `verify` of a document ask of IAM, in the account where they ask. */
export interface Ask {
  readonly account: string;
  readonly permission: Permission;
}

export function asksIn({ account }: Pick<Place, 'account'>, permissions: readonly Permission[]): readonly Ask[] {
  return permissions.map((permission) => ({ account, permission }));
}
