import type { CreateLogGroupRequest, TagResourceRequest, UntagResourceRequest } from '@aws-sdk/client-cloudwatch-logs';
import { rowKey } from '../row-key.ts';
import { read, write } from '../service.ts';
import type { Access, Service } from '../service.ts';
import { requestTagKeys, resourceTagKeys } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { clockwork } from './clockwork.ts';
import {
  IAM,
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './groups.ts';
import { groups, nameOf, ownGroupArn } from './model.ts';
import type { GroupReference } from './model.ts';
import { putLogEvents } from './put-events.ts';
import { filterLogEvents, getLogEvents } from './read-events.ts';
import { createLogStream, describeLogStreams } from './streams.ts';
import { groupInArn, listGroupTags, tagGroup, taggedGroups, untagGroup } from './tags.ts';

/** Calls about a group are about `…:log-group:NAME:log-stream:`, which only policies that end in `:*` name (LogGroup, arn). */
const BY_GROUP: Access<GroupReference> = {
  resource: ({ logGroupName, logGroupIdentifier }, context) =>
    `${ownGroupArn(logGroupName ?? nameOf(logGroupIdentifier, context), context)}:log-stream:`,
  conditions: ({ logGroupName, logGroupIdentifier }, context) => {
    const name = logGroupName ?? nameOf(logGroupIdentifier, context) ?? '';
    return resourceTagKeys(context.data.get(groups, rowKey(name, context))?.tags);
  },
};

const BY_STREAM: Access<GroupReference & { readonly logStreamName: string | undefined }> = {
  resource: ({ logGroupName, logGroupIdentifier, logStreamName = '' }, context) =>
    `${ownGroupArn(logGroupName ?? nameOf(logGroupIdentifier, context), context)}:log-stream:${logStreamName}`,
};

/** The three calls about tags want the ARN without `:*` (LogGroup, logGroupArn). */
const BY_ARN: Access<{ readonly resourceArn: string | undefined }> = {
  resource: ({ resourceArn }) => resourceArn ?? '*',
  conditions: ({ resourceArn }, context) => resourceTagKeys(groupInArn(resourceArn, context)?.tags),
};

/** Log groups, streams and events, as the API reference of CloudWatch Logs describes them. */
export const logs: Service = {
  ...IAM,
  eventSource: 'logs.amazonaws.com',
  secretFields: ['logEvents'],
  throttled: throttling,
  operations: {
    CreateLogGroup: write(createLogGroup, {
      ...BY_GROUP,
      conditions: ({ tags }: CreateLogGroupRequest) => requestTagKeys(tags ?? {}),
    }),
    CreateLogStream: write(createLogStream, BY_GROUP),
    DeleteLogGroup: write(deleteLogGroup, BY_GROUP),
    DeleteRetentionPolicy: write(deleteRetentionPolicy, BY_GROUP),
    DescribeLogGroups: read(describeLogGroups, {
      resource: (_input, context) => `${ownGroupArn('', context)}:log-stream:`,
    }),
    DescribeLogStreams: read(describeLogStreams, BY_GROUP),
    FilterLogEvents: read(filterLogEvents, BY_GROUP),
    GetLogEvents: read(getLogEvents, BY_STREAM),
    ListTagsForResource: read(listGroupTags, BY_ARN),
    PutLogEvents: write(putLogEvents, BY_STREAM),
    PutRetentionPolicy: write(putRetentionPolicy, BY_GROUP),
    TagResource: write(tagGroup, {
      ...BY_ARN,
      conditions: ({ resourceArn, tags }: TagResourceRequest, context) => ({
        ...resourceTagKeys(groupInArn(resourceArn, context)?.tags),
        ...requestTagKeys(tags ?? {}),
      }),
    }),
    UntagResource: write(untagGroup, {
      ...BY_ARN,
      conditions: ({ resourceArn, tagKeys }: UntagResourceRequest, context) => ({
        ...resourceTagKeys(groupInArn(resourceArn, context)?.tags),
        ...requestTagKeys(tagKeys ?? []),
      }),
    }),
  },
  clockwork,
  tagged: taggedGroups,
};
