import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError, unknownFrom } from '../../aws/errors.ts';
import { causeOf } from '../../engine/applied.ts';
import type {
  Comparison,
  Difference,
  Draft,
  Permission,
  Present,
  Progress,
  ResourceType,
  Target,
  Unknown,
  Use,
} from '../../engine/types.ts';
import { equal } from '../../engine/value.ts';
import { bucketArn } from '../arns.ts';
import { keptEntries } from '../kept-entries.ts';
import { markerOf } from '../marker.ts';
import type { MarkedTopics } from '../marked-topics.ts';
import { knownText } from '../permissions.ts';
import { TRAIL_PERMISSIONS } from '../trail/reader.ts';
import { entriesOf, isSameBeside, isSameEntry, withEntry, withoutEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { overwrittenFindings, readPuts } from './findings.ts';
import { entryInArn, listEntries } from './list.ts';
import type { Put } from './overwritten.ts';
import { readStamp, stampReadPermissions, stampWritePermissions, writeStamp } from './stamp.ts';
import { readConfiguration, readPermissions, writeConfiguration, writePermissions } from './store.ts';
import type { BucketAt } from './store.ts';
import { BUCKET_NOTIFICATION, notificationIdOf } from './types.ts';
import type { BucketNotificationAttributes, BucketNotificationProperties } from './types.ts';

type NotificationTarget = Target<BucketNotificationProperties>;
type NotificationSeen = Present<BucketNotificationProperties, BucketNotificationAttributes>;

/** In the order of their stamps. */
const MANAGED = ['Bucket', 'TopicArn', 'Events', 'Prefix', 'Suffix'] as const;

/** Until a write of somebody who read before ours has landed: then ours may be gone. */
const LOOK_AGAIN_MS = 1_000;
const MOVING_MS = 2_000;

/**
 * Our one entry in a bucket's notification configuration. S3 replaces the configuration as a whole and compares no
 * versions (PutBucketNotificationConfiguration): it is read right before each write, nothing but our entry changes, and
 * it is read again. An entry that did not stay is written again; what of others was lost is told by the trail. What was
 * applied last is stamped on the topic that it tells.
 *
 * @param now milliseconds since the epoch.
 */
export function createBucketNotificationType(
  aws: Aws,
  topics: MarkedTopics,
  now: () => number,
): ResourceType<BucketNotificationProperties, BucketNotificationAttributes> {
  /** With what an observation found beside the properties. */
  const readings = new WeakMap<NotificationSeen, NotificationConfiguration>();
  /** What the trail says, by bucket: asked anew after each write of ours. */
  const trails = new Map<string, Promise<readonly Put[] | Unknown>>();

  function putsOf(at: BucketAt): Promise<readonly Put[] | Unknown> {
    const key = keyOf(at.bucket);
    const puts = trails.get(key) ?? readPuts(aws, at, now());
    trails.set(key, puts);
    return puts;
  }

  /** One change of the configuration as it is now, and whether it stayed. */
  async function write(
    target: NotificationTarget,
    change: (configuration: NotificationConfiguration) => NotificationConfiguration,
    isDone: (own: Entry | undefined) => boolean,
    onDone: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Progress> {
    const at = atOf(target);
    const id = notificationIdOf(target);
    const before = await read(at);
    const isAlone = entriesOf(before).every((entry) => entry.id === id);
    trails.delete(keyOf(at.bucket));
    try {
      await writeConfiguration(aws, at, change(before), !isAlone);
    } catch (error) {
      if (isAwsError(error, 'OperationAborted')) return again('for an earlier change to settle', MOVING_MS);
      if (!isNotAdmitted(error)) throw error;
      return again('for the topic to take what S3 says', MOVING_MS);
    }
    const after = await read(at);
    if (!isDone(ownIn(after, id))) return again('to write it again: somebody wrote at the same time', LOOK_AGAIN_MS);
    await onDone();
    if (!isSameBeside(id, before, after)) return again('to look again: somebody wrote at the same time', LOOK_AGAIN_MS);
    return again('to see that nobody wrote over it', LOOK_AGAIN_MS);
  }

  /** @throws Error where there is no such bucket */
  async function read(at: BucketAt): Promise<NotificationConfiguration> {
    const configuration = await readConfiguration(aws, at);
    if (configuration !== undefined) return configuration;
    throw new Error(`there is no bucket ${at.bucket} in account ${at.place.account}`);
  }

  function put(target: NotificationTarget): Promise<Progress> {
    const wanted = wantedOf(target);
    return write(
      target,
      (configuration) => withEntry(configuration, wanted),
      (own) => own !== undefined && isSameEntry(own, wanted),
      () => writeStamp(aws, target),
    );
  }

  return {
    type: BUCKET_NOTIFICATION,
    marker: 'entry',
    managed: MANAGED,
    fields: { Bucket: 'immutable' },
    describe: (draft) => `${knownText(draft.properties.Bucket)}/${notificationIdOf(draft)}`,
    predict: (target) => ({ Id: notificationIdOf(target) }),
    permissions: permissionsOf,
    exclusive: ({ properties }) => keyOf(properties.Bucket),

    async observe(target) {
      const id = notificationIdOf(target);
      const { Bucket } = target.properties;
      try {
        const configuration = (await readConfiguration(aws, atOf(target))) ?? {};
        const own = ownIn(configuration, id);
        if (own === undefined) return { state: 'absent' };
        const seen: NotificationSeen = {
          state: 'present',
          resource: `${Bucket}/${id}`,
          properties: { Bucket, ...propertiesOf(own) },
          attributes: { Id: id },
          // The id is made of the identity: nobody else's entry has it.
          marker: markerOf(target),
          witness: true,
          applied: await readStamp(aws, target),
          protected: false,
        };
        readings.set(seen, configuration);
        return seen;
      } catch (error) {
        return unknownFrom(error);
      }
    },

    async compare(target, seen): Promise<Comparison> {
      const at = atOf(target);
      const entries = entriesOf(readings.get(seen) ?? {});
      const others = entries.filter(({ id }) => id !== notificationIdOf(target));
      return {
        differences: differencesOf(target, seen),
        kept: others.length,
        findings: [
          ...keptEntries(
            target.address,
            `entries in the notification configuration of bucket ${at.bucket}`,
            others.map(({ id }) => id),
          ),
          ...overwrittenFindings(target.address, at, await putsOf(at), entries),
        ],
      };
    },

    create: put,
    update: put,

    async *list(owners, place, isDeclared) {
      for await (const found of listEntries(aws, topics, owners, place)) {
        if (!isDeclared(found.resource)) yield found.object;
      }
    },

    /** By an ARN of our own making: entries have none. */
    async locate({ arn, place }) {
      const Bucket = entryInArn(arn, place);
      return Bucket === undefined ? undefined : { properties: { Bucket }, witnessed: true };
    },

    async remove(target): Promise<Progress> {
      const id = notificationIdOf(target);
      return write(
        target,
        (configuration) => withoutEntry(configuration, id),
        (own) => own === undefined,
      );
    },
  };
}

function again(waiting: string, milliseconds: number): Progress {
  return { done: false, waiting, again: milliseconds };
}

function atOf({ place, properties }: Pick<NotificationTarget, 'place' | 'properties'>): BucketAt {
  return { place, bucket: properties.Bucket };
}

/** One write at a time in each bucket, whoever's entry it is. */
function keyOf(bucket: string): string {
  return `s3/${bucket}/notification`;
}

function ownIn(configuration: NotificationConfiguration, id: string): Entry | undefined {
  return entriesOf(configuration).find((entry) => entry.id === id);
}

function wantedOf(target: NotificationTarget): Entry {
  const { TopicArn, Events, Prefix = '', Suffix = '' } = target.properties;
  return { id: notificationIdOf(target), target: TopicArn, events: [...Events].sort(), prefix: Prefix, suffix: Suffix };
}

function propertiesOf({ target, events, prefix, suffix }: Entry): Omit<BucketNotificationProperties, 'Bucket'> {
  return {
    TopicArn: target,
    Events: events,
    ...(prefix !== '' && { Prefix: prefix }),
    ...(suffix !== '' && { Suffix: suffix }),
  };
}

/** The entry is all ours: a filter that nobody declared is a difference too. */
function differencesOf(target: NotificationTarget, seen: NotificationSeen): readonly Difference[] {
  const { events, target: topic, prefix, suffix } = wantedOf(target);
  const { TopicArn = '', Events = [], Prefix = '', Suffix = '' } = seen.properties;
  const fields: readonly (Pick<Difference, 'before' | 'after'> & { readonly path: (typeof MANAGED)[number] })[] = [
    { path: 'Events', before: [...Events], after: [...events] },
    { path: 'Prefix', before: Prefix, after: prefix },
    { path: 'Suffix', before: Suffix, after: suffix },
    { path: 'TopicArn', before: TopicArn, after: topic },
  ];
  return fields
    .filter(({ before, after }) => !equal(before, after))
    .map((field) => ({
      ...field,
      cause: causeOf(MANAGED, seen.applied, field.path, seen.properties[field.path], target.properties[field.path]),
    }));
}

/** The topic's policy was written a moment ago, or S3 may not publish there. */
function isNotAdmitted(error: unknown): boolean {
  return isAwsError(error, 'InvalidArgument') && /unable to validate/i.test((error as Error).message);
}

function permissionsOf({ place, properties }: Draft<BucketNotificationProperties>, use: Use): readonly Permission[] {
  const bucket = bucketArn(place, knownText(properties.Bucket));
  const topic = knownText(properties.TopicArn);
  switch (use) {
    case 'read':
      return [
        ...readPermissions(bucket),
        ...stampReadPermissions(topic),
        // Without it one finding is left out, and nothing else.
        ...TRAIL_PERMISSIONS.map((permission) => ({ ...permission, optional: true as const })),
      ];
    case 'create':
    case 'update':
      return [...writePermissions(bucket), ...stampWritePermissions(topic)];
    case 'delete':
      return writePermissions(bucket);
    case 'adopt':
    case 'release':
      return [];
  }
}
