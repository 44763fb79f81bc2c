import { API, AUTHORIZER, INTEGRATION, ROUTE, STAGE } from '../api-gateway/types.ts';
import { ALARM } from '../aws-cloudwatch-alarm.ts';
import { TABLE } from '../aws-dynamodb-table.ts';
import { RULE } from '../aws-events-rule.ts';
import { IAM_ROLE_POLICY } from '../aws-iam-role-policy.ts';
import { IAM_ROLE } from '../aws-iam-role.ts';
import { EVENT_INVOKE_CONFIG } from '../aws-lambda-event-invoke-config.ts';
import { EVENT_SOURCE_MAPPING } from '../aws-lambda-event-source-mapping.ts';
import { LAMBDA_FUNCTION } from '../aws-lambda-function.ts';
import { LAMBDA_PERMISSION } from '../aws-lambda-permission.ts';
import { LOG_GROUP } from '../aws-logs-log-group.ts';
import { HOSTED_ZONE } from '../aws-route53-hosted-zone.ts';
import { SNS_SUBSCRIPTION } from '../aws-sns-subscription.ts';
import { SNS_TOPIC_POLICY } from '../aws-sns-topic-policy.ts';
import { SNS_TOPIC } from '../aws-sns-topic.ts';
import { BUCKET_NOTIFICATION } from '../bucket-notification/types.ts';
import { QUEUE_POLICY } from '../aws-sqs-queue-inline-policy.ts';
import { QUEUE } from '../aws-sqs-queue.ts';
import { RECORD_SETS } from '../record-sets/types.ts';
import { SCHEDULED_INSTANCES } from '../scheduled-instances/types.ts';
import { apis, authorizers, integrations, routes, stages } from './apis.ts';
import { functionPermissions, functions } from './functions.ts';
import { scheduledInstances } from './instances.ts';
import { bucketNotifications } from './notifications.ts';
import { rolePolicies, roles } from './roles.ts';
import { subscriptions, topicPolicies, topics } from './topics.ts';
import { eventInvokeConfigs, eventSourceMappings } from './invocations.ts';
import { queuePolicies, queues } from './queues.ts';
import { tables } from './tables.ts';
import type { TrailRow } from './types.ts';
import { alarms, logGroups, rules } from './watching.ts';
import { hostedZones, recordSets } from './zones.ts';

/**
 * How each resource type shows in CloudTrail's event history. A type that is not here writes objects or items, which are
 * data events: nobody can look those up.
 */
export const TRAIL_ROWS: ReadonlyMap<string, TrailRow> = new Map([
  [ALARM, alarms],
  [API, apis],
  [AUTHORIZER, authorizers],
  [BUCKET_NOTIFICATION, bucketNotifications],
  [EVENT_INVOKE_CONFIG, eventInvokeConfigs],
  [EVENT_SOURCE_MAPPING, eventSourceMappings],
  [HOSTED_ZONE, hostedZones],
  [IAM_ROLE, roles],
  [IAM_ROLE_POLICY, rolePolicies],
  [INTEGRATION, integrations],
  [LAMBDA_FUNCTION, functions],
  [LAMBDA_PERMISSION, functionPermissions],
  [LOG_GROUP, logGroups],
  [QUEUE, queues],
  [QUEUE_POLICY, queuePolicies],
  [RECORD_SETS, recordSets],
  [ROUTE, routes],
  [RULE, rules],
  [SCHEDULED_INSTANCES, scheduledInstances],
  [SNS_SUBSCRIPTION, subscriptions],
  [SNS_TOPIC, topics],
  [SNS_TOPIC_POLICY, topicPolicies],
  [STAGE, stages],
  [TABLE, tables],
]);
