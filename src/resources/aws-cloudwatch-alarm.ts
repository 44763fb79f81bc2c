import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Observation, Place, Progress, ResourceType, Target } from '../engine/types.ts';
import { arn, nameInArn } from './arns.ts';
import { alarmInput, alarmProperties } from './alarm-properties.ts';
import type { AlarmProperties } from './alarm-properties.ts';
import { tagList, tagsOf } from './marker.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { removing } from './removal.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  updateTagged,
} from './tagged.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import type { TagWriter } from './tagged.ts';

export interface AlarmAttributes {
  readonly Arn: string;
}

export const ALARM = 'AWS::CloudWatch::Alarm';

const MANAGED = [
  'AlarmName',
  'AlarmDescription',
  'Namespace',
  'MetricName',
  'Dimensions',
  'Statistic',
  'Period',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Threshold',
  'ComparisonOperator',
  'TreatMissingData',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'Tags',
] as const satisfies (keyof AlarmProperties)[];

const ACTIONS: ActionsByUse = {
  read: ['DescribeAlarms', 'ListTagsForResource'],
  create: ['PutMetricAlarm', 'TagResource'],
  update: ['PutMetricAlarm', 'TagResource', 'UntagResource'],
  delete: ['DeleteAlarms'],
  adopt: ['TagResource'],
  release: ['UntagResource'],
};

type AlarmTarget = Target<AlarmProperties>;

export function createAlarmType(aws: Aws): ResourceType<AlarmProperties, AlarmAttributes> {
  function clientFor({ place }: Pick<AlarmTarget, 'place'>): Promise<CloudWatchClient> {
    return aws.client(CloudWatchClient, place);
  }

  async function find(target: AlarmTarget): Promise<MetricAlarm | undefined> {
    const client = await clientFor(target);
    const { AlarmName } = target.properties;
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    return MetricAlarms?.find((alarm) => alarm.AlarmName === AlarmName);
  }

  async function observe(target: AlarmTarget): Promise<Observation<AlarmProperties, AlarmAttributes>> {
    try {
      const alarm = await find(target);
      if (!alarm) return { state: 'absent' };
      const client = await clientFor(target);
      const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arnOf(target) }));
      const properties = alarmProperties(target.properties, alarm);
      const found = { resource: target.properties.AlarmName, properties, attributes: { Arn: arnOf(target) } };
      return taggedPresent(target, found, tagsOf(Tags));
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: AlarmTarget): Promise<TagWriter> {
    const client = await clientFor(target);
    const ResourceARN = arnOf(target);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ ResourceARN, Tags: tagList(tags) }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: ALARM,
    marker: 'tag',
    managed: MANAGED,
    removedAfter: [BUCKET_NOTIFICATION],
    describe: ({ properties }) => properties.AlarmName as string,
    predict: (target) => ({ Arn: arnOf(target) }),
    permissions: ({ place, properties }, use) =>
      permit('cloudwatch', arnOfAlarm(place, knownText(properties.AlarmName)), ACTIONS[use]),
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    /**
     * PutMetricAlarm succeeds on an alarm that somebody made since the engine's look, and ignores the tags then: it is
     * asked for once more right before, and the look after this step finds no marker of ours and stops.
     */
    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      if (await find(target)) return { done: false, waiting: 'to look once more', again: 0 };
      await client.send(
        new PutMetricAlarmCommand({ ...alarmInput(target.properties, {}), Tags: tagList(tagsAtCreate(target)) }),
      );
      return { done: false, waiting: 'to mark it as complete', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      return updateTagged(target, seen, await writerOf(target), async () => {
        const isManaged = (path: string): boolean => path !== 'Tags' && MANAGED.some((name) => name === path);
        if (!differences.some(({ path }) => isManaged(path))) return;
        const client = await clientFor(target);
        await client.send(new PutMetricAlarmCommand(alarmInput(target.properties, (await find(target)) ?? {})));
      });
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(found) {
      const AlarmName = nameInArn(found.arn, arnOfAlarm(found.place, ''), /^.+$/s);
      return AlarmName === undefined ? undefined : locateTagged(found, AlarmName, { AlarmName }, observe);
    },

    async remove(target): Promise<Progress> {
      const client = await clientFor(target);
      const AlarmNames = [target.properties.AlarmName];
      return removing(() => client.send(new DeleteAlarmsCommand({ AlarmNames })), {
        gone: ['ResourceNotFound', 'ResourceNotFoundException'],
      });
    },
  };
}

function arnOf({ place, properties }: AlarmTarget): string {
  return arnOfAlarm(place, properties.AlarmName);
}

function arnOfAlarm(place: Place, name: string): string {
  return arn('cloudwatch', place, `alarm:${name}`);
}
