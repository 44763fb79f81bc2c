import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Observation, Progress, ResourceType, Target } from '../engine/types.ts';
import { arn } from './arns.ts';
import { adoptTagged, taggedDifferences, taggedPresent, tagsAtCreate, updateTagged } from './tagged.ts';
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
    managed: ['LogGroupName', 'RetentionInDays', 'Tags'],
    describe: ({ properties }) => properties.LogGroupName as string,
    predict: attributesOf,
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

    adopt: async (target) => adoptTagged(target, await writerOf(target)),
  };
}

function attributesOf(target: GroupTarget): LogGroupAttributes {
  return { Arn: `${tagArn(target)}:*` };
}

/** Tags are asked for and written by the ARN without `:*`. */
function tagArn({ place, properties }: GroupTarget): string {
  return arn('logs', place, `log-group:${properties.LogGroupName}`);
}
