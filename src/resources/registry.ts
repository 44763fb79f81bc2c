import type { Aws } from '../aws/clients.ts';
import type { TransferCounts } from '../dns/transfer/errors.ts';
import type { ResourceType } from '../engine/types.ts';
import { erasedType } from '../engine/world.ts';
import { createApiType } from './aws-apigatewayv2-api.ts';
import { createAuthorizerType } from './aws-apigatewayv2-authorizer.ts';
import { createIntegrationType } from './aws-apigatewayv2-integration.ts';
import { createRouteType } from './aws-apigatewayv2-route.ts';
import { createStageType } from './aws-apigatewayv2-stage.ts';
import { createAlarmType } from './aws-cloudwatch-alarm.ts';
import { createTableType } from './aws-dynamodb-table.ts';
import { createRuleType } from './aws-events-rule.ts';
import { createRolePolicyType } from './aws-iam-role-policy.ts';
import { createRoleType } from './aws-iam-role.ts';
import { createEventInvokeConfigType } from './aws-lambda-event-invoke-config.ts';
import { createEventSourceMappingType } from './aws-lambda-event-source-mapping.ts';
import { createLambdaFunctionType } from './aws-lambda-function.ts';
import type { BundleLookup } from './aws-lambda-function.ts';
import { createLambdaPermissionType } from './aws-lambda-permission.ts';
import { createLogGroupType } from './aws-logs-log-group.ts';
import { createHostedZoneType } from './aws-route53-hosted-zone.ts';
import { createQueuePolicyType } from './aws-sqs-queue-inline-policy.ts';
import { createQueueType } from './aws-sqs-queue.ts';
import { createSubscriptionType } from './aws-sns-subscription.ts';
import { createTopicPolicyType } from './aws-sns-topic-policy.ts';
import { createTopicType } from './aws-sns-topic.ts';
import { createBucketNotificationType } from './bucket-notification/index.ts';
import { createInvoke } from './invoke.ts';
import { createMarkedTopics } from './marked-topics.ts';
import { createRecordSetsType } from './record-sets/index.ts';
import { createRemoteMirror } from './record-sets/remote.ts';
import { createSourceReader } from './record-sets/source.ts';
import { createScheduledInstancesType } from './scheduled-instances/index.ts';

/**
 * `when-moved`: a live mirror whose serial has not moved is neither transferred nor listed; `always`: everything is
 * listed; `drift`: the same, and a source that cannot be reached is something that could not be looked at.
 */
export type ListingMode = 'when-moved' | 'always' | 'drift';

export interface ResourceOptions {
  readonly listing: ListingMode;
  readonly onTransfer: (zone: string, counts: Readonly<TransferCounts>) => void;
  /** The code of functions, by its hash. */
  readonly bundles: BundleLookup;
  /** Milliseconds since the epoch, by the account's clock. */
  readonly now: () => number;
}

/** One line a resource type: all that trueup knows of AWS's resources is here. */
export function resourceTypes(aws: Aws, options: ResourceOptions): readonly ResourceType[] {
  const sources = createSourceReader(aws, { onProgress: options.onTransfer });
  const recordSets = {
    listing: options.listing === 'when-moved' ? 'when-moved' : 'always',
    unreachable: options.listing === 'drift' ? 'unknown' : 'finding',
    remote: createRemoteMirror(createInvoke(aws)),
  } as const;
  const topics = createMarkedTopics(aws);
  return [
    erasedType(createAlarmType(aws)),
    erasedType(createApiType(aws)),
    erasedType(createAuthorizerType(aws, topics)),
    erasedType(createEventInvokeConfigType(aws)),
    erasedType(createEventSourceMappingType(aws)),
    erasedType(createBucketNotificationType(aws, topics, options.now)),
    erasedType(createHostedZoneType(aws)),
    erasedType(createIntegrationType(aws, topics)),
    erasedType(createLambdaFunctionType(aws, options.bundles)),
    erasedType(createLambdaPermissionType(aws)),
    erasedType(createLogGroupType(aws)),
    erasedType(createQueuePolicyType(aws)),
    erasedType(createQueueType(aws)),
    erasedType(createRecordSetsType(aws, sources, recordSets)),
    erasedType(createRolePolicyType(aws)),
    erasedType(createRoleType(aws)),
    erasedType(createRouteType(aws, topics)),
    erasedType(createRuleType(aws)),
    erasedType(createScheduledInstancesType(aws, options.now)),
    erasedType(createStageType(aws)),
    erasedType(createTableType(aws)),
    erasedType(createSubscriptionType(aws, topics)),
    erasedType(createTopicPolicyType(aws)),
    erasedType(createTopicType(aws)),
  ];
}
