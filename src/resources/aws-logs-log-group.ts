import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Draft, Observation, Permission, Place, Progress, ResourceType, Target, Use } from '../engine/types.ts';
import { arn, nameInArn } from './arns.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { knownText, permit } from './permissions.ts';
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
import type { TagWriter, TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::Logs::LogGroup. */
export interface LogGroupProperties extends TaggedProperties {
  readonly LogGroupName: string;
  readonly RetentionInDays?: number;
}

export interface LogGroupAttributes {
  /** With the trailing `:*`, as CloudFormation gives it. */
  readonly Arn: string;
}

export const LOG_GROUP = 'AWS::Logs::LogGroup';

const VISIBLE_AGAIN_MS = 2_000;

type GroupTarget = Target<LogGroupProperties>;

/**
 * A log group. Its events are a log, kept no longer than its retention says: it is deleted with what wrote to it, unless
 * its document says `onRemove: release`.
 */
export function createLogGroupType(aws: Aws): ResourceType<LogGroupProperties, LogGroupAttributes> {
  function clientFor({ place }: Pick<GroupTarget, 'place'>): Promise<CloudWatchLogsClient> {
    return aws.client(CloudWatchLogsClient, place);
  }

  /** Names are listed in ASCII order: the one that is the prefix itself comes first. */
  async function find(target: GroupTarget): Promise<LogGroup | undefined> {
    const client = await clientFor(target);
    const { logGroups } = await client.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: target.properties.LogGroupName }),
    );
    return logGroups?.find(({ logGroupName }) => logGroupName === target.properties.LogGroupName);
  }

  async function observe(target: GroupTarget): Promise<Observation<LogGroupProperties, LogGroupAttributes>> {
    try {
      const group = await find(target);
      if (!group) return { state: 'absent' };
      const client = await clientFor(target);
      const { tags = {} } = await client.send(new ListTagsForResourceCommand({ resourceArn: tagArn(target) }));
      const { LogGroupName } = target.properties;
      const properties = {
        LogGroupName,
        ...(group.retentionInDays !== undefined && { RetentionInDays: group.retentionInDays }),
      };
      return taggedPresent(target, { resource: LogGroupName, properties, attributes: attributesOf(target) }, tags);
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: GroupTarget): Promise<TagWriter> {
    const client = await clientFor(target);
    const resourceArn = tagArn(target);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ resourceArn, tags: { ...tags } }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ resourceArn, tagKeys: [...keys] }));
      },
    };
  }

  return {
    type: LOG_GROUP,
    marker: 'tag',
    // A function that still runs would write on, or make the log group anew.
    removedAfter: [LAMBDA_FUNCTION],
    managed: ['LogGroupName', 'RetentionInDays', 'Tags'],
    describe: ({ properties }) => properties.LogGroupName as string,
    predict: attributesOf,
    permissions: permissionsOf,
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      const { LogGroupName: logGroupName } = target.properties;
      try {
        await client.send(new CreateLogGroupCommand({ logGroupName, tags: { ...tagsAtCreate(target) } }));
      } catch (error) {
        // The reply to an earlier try was lost, or somebody was faster: the next look tells.
        if (!isAwsError(error, 'ResourceAlreadyExistsException')) throw error;
        return { done: false, waiting: 'for the log group to be listed', again: VISIBLE_AGAIN_MS };
      }
      return { done: false, waiting: 'to set its retention', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      const { LogGroupName: logGroupName, RetentionInDays: retentionInDays } = target.properties;
      return updateTagged(target, seen, await writerOf(target), async () => {
        if (!differences.some(({ path }) => path === 'RetentionInDays')) return;
        const client = await clientFor(target);
        await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
      });
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(found) {
      const LogGroupName = nameInArn(found.arn.replace(/:\*$/, ''), arnOfGroup(found.place, ''), /^[^:*]+$/);
      return LogGroupName === undefined ? undefined : locateTagged(found, LogGroupName, { LogGroupName }, observe);
    },

    async remove(target): Promise<Progress> {
      const client = await clientFor(target);
      const { LogGroupName: logGroupName } = target.properties;
      return removing(() => client.send(new DeleteLogGroupCommand({ logGroupName })), {
        gone: ['ResourceNotFoundException'],
        moving: ['OperationAbortedException'],
      });
    },
  };
}

function attributesOf(target: GroupTarget): LogGroupAttributes {
  return { Arn: `${tagArn(target)}:*` };
}

/** Calls about tags name the log group, all others what is in it (Service Authorization Reference, "CloudWatch Logs"). */
function permissionsOf({ place, properties }: Draft<LogGroupProperties>, use: Use): readonly Permission[] {
  const group = arnOfGroup(place, knownText(properties.LogGroupName));
  const onGroup = (...names: readonly string[]): readonly Permission[] => permit('logs', `${group}:*`, names);
  const onTags = (...names: readonly string[]): readonly Permission[] => permit('logs', group, names);
  const retention = properties.RetentionInDays === undefined ? [] : ['PutRetentionPolicy'];
  switch (use) {
    case 'read':
      // Lists are about the log group without a name.
      return [...permit('logs', arnOfGroup(place, ':*'), ['DescribeLogGroups']), ...onTags('ListTagsForResource')];
    case 'create':
      return [...onGroup('CreateLogGroup', ...retention), ...onTags('TagResource')];
    case 'update':
      return [...onGroup(...retention), ...onTags('TagResource', 'UntagResource')];
    case 'delete':
      return onGroup('DeleteLogGroup');
    case 'adopt':
      return onTags('TagResource');
    case 'release':
      return onTags('UntagResource');
  }
}

/** Tags are asked for and written by the ARN without `:*`. */
function tagArn({ place, properties }: GroupTarget): string {
  return arnOfGroup(place, properties.LogGroupName);
}

function arnOfGroup(place: Place, name: string): string {
  return arn('logs', place, `log-group:${name}`);
}
