import type {
  PutMetricAlarmInput,
  PutMetricDataInput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-cloudwatch';
import { read, write } from '../service.ts';
import type { Access, Service } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import { throttling } from '../throttling.ts';
import { alarmTagKeys, ownAlarmArn } from './alarm-model.ts';
import { disableAlarmActions, enableAlarmActions, setAlarmState } from './alarm-states.ts';
import { alarmInArn, listAlarmTags, tagAlarm, taggedAlarms, untagAlarm } from './alarm-tags.ts';
import { IAM, deleteAlarms, describeAlarms, putMetricAlarm } from './alarms.ts';
import { clockwork } from './clockwork.ts';
import { getMetricStatistics, listMetrics, putMetricData } from './data.ts';
import { describeAlarmHistory } from './history.ts';

const BY_NAME: Access<{ readonly AlarmName?: string | undefined }> = {
  resource: ({ AlarmName }, context) => ownAlarmArn(AlarmName ?? '*', context),
  conditions: ({ AlarmName }, context) => alarmTagKeys(AlarmName, context),
};

/** Calls about no alarm by name are about all of them. */
const BY_NAMES: Access<{ readonly AlarmNames?: string[] | undefined }> = {
  resource: ({ AlarmNames = ['*'] }, context) => AlarmNames.map((name) => ownAlarmArn(name, context)),
};

const BY_ARN: Access<{ readonly ResourceARN: string | undefined }> = {
  resource: ({ ResourceARN }) => ResourceARN ?? '*',
  conditions: ({ ResourceARN }, context) => alarmTagKeys(alarmInArn(ResourceARN, context), context),
};

/** Metrics and alarms, as CloudWatch's API reference and user guide describe them. */
export const cloudwatch: Service = {
  ...IAM,
  eventSource: 'monitoring.amazonaws.com',
  secretFields: [],
  throttled: throttling,
  operations: {
    DeleteAlarms: write(deleteAlarms, BY_NAMES),
    DescribeAlarmHistory: read(describeAlarmHistory, BY_NAME),
    DescribeAlarms: read(describeAlarms, BY_NAMES),
    DisableAlarmActions: write(disableAlarmActions, BY_NAMES),
    EnableAlarmActions: write(enableAlarmActions, BY_NAMES),
    GetMetricStatistics: read(getMetricStatistics),
    ListMetrics: read(listMetrics),
    ListTagsForResource: read(listAlarmTags, BY_ARN),
    PutMetricAlarm: write(putMetricAlarm, {
      ...BY_NAME,
      conditions: ({ AlarmName, AlarmActions, Tags }: PutMetricAlarmInput, context) => ({
        ...alarmTagKeys(AlarmName, context),
        ...requestTagKeys(tagsFrom(Tags)),
        'cloudwatch:AlarmActions': AlarmActions ?? [],
      }),
    }),
    PutMetricData: write(putMetricData, {
      conditions: ({ Namespace }: PutMetricDataInput) => ({ 'cloudwatch:namespace': Namespace ?? '' }),
    }),
    SetAlarmState: write(setAlarmState, BY_NAME),
    TagResource: write(tagAlarm, {
      ...BY_ARN,
      conditions: ({ ResourceARN, Tags }: TagResourceInput, context) => ({
        ...alarmTagKeys(alarmInArn(ResourceARN, context), context),
        ...requestTagKeys(tagsFrom(Tags)),
      }),
    }),
    UntagResource: write(untagAlarm, {
      ...BY_ARN,
      conditions: ({ ResourceARN, TagKeys }: UntagResourceInput, context) => ({
        ...alarmTagKeys(alarmInArn(ResourceARN, context), context),
        ...requestTagKeys(TagKeys ?? []),
      }),
    }),
  },
  clockwork,
  tagged: taggedAlarms,
};
