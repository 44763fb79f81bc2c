import type { Desired, Document, ResourceType, Value } from '../engine/types.ts';
import { arn } from '../resources/arns.ts';
import { API, AUTHORIZER, INTEGRATION, ROUTE, STAGE } from '../resources/api-gateway/types.ts';
import { ALARM } from '../resources/aws-cloudwatch-alarm.ts';
import { TABLE } from '../resources/aws-dynamodb-table.ts';
import { RULE } from '../resources/aws-events-rule.ts';
import { IAM_ROLE_POLICY } from '../resources/aws-iam-role-policy.ts';
import { IAM_ROLE } from '../resources/aws-iam-role.ts';
import { EVENT_INVOKE_CONFIG } from '../resources/aws-lambda-event-invoke-config.ts';
import { EVENT_SOURCE_MAPPING } from '../resources/aws-lambda-event-source-mapping.ts';
import { LAMBDA_FUNCTION } from '../resources/aws-lambda-function.ts';
import { LAMBDA_PERMISSION } from '../resources/aws-lambda-permission.ts';
import { LOG_GROUP } from '../resources/aws-logs-log-group.ts';
import { HOSTED_ZONE } from '../resources/aws-route53-hosted-zone.ts';
import { SNS_SUBSCRIPTION } from '../resources/aws-sns-subscription.ts';
import { SNS_TOPIC_POLICY } from '../resources/aws-sns-topic-policy.ts';
import { SNS_TOPIC } from '../resources/aws-sns-topic.ts';
import { BUCKET_NOTIFICATION } from '../resources/bucket-notification/types.ts';
import { QUEUE_POLICY } from '../resources/aws-sqs-queue-inline-policy.ts';
import { QUEUE } from '../resources/aws-sqs-queue.ts';
import { queueUrl } from '../resources/queue-address.ts';
import { RECORD_SETS } from '../resources/record-sets/types.ts';
import { SCHEDULED_INSTANCES } from '../resources/scheduled-instances/types.ts';
import { functionForm } from './function-form.ts';
import { hostedZoneForm, hostedZoneOutputs } from './hosted-zone-form.ts';
import { getAtt, ref } from './intrinsics.ts';
import { notificationLeftOut, recordsLeftOut, scheduleTagsLeftOut } from './left-out.ts';
import { subscriptionForm } from './subscription-form.ts';
import { tagMapForm } from './tag-map-form.ts';
import type { HandlerFile, TemplateParameter } from './types.ts';

/** A declared resource, its properties in CloudFormation's words already. */
export interface Declaration {
  readonly document: Document;
  readonly desired: Desired;
  readonly properties: Properties;
  /** Its name or id as its type tells people, before it exists. */
  readonly name: string;
  /** Name of the handler whose zip has this hash. */
  readonly handlerName: (sha256: string) => string;
}

export type Properties = Readonly<Record<string, Value>>;

/** How a resource stands in a template. */
export interface Form {
  readonly properties: Properties;
  readonly parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly handler?: HandlerFile;
  /** Properties, or parts of them, that CloudFormation cannot hold: why, by their names. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** How CloudFormation knows a resource type. */
export interface Rendered {
  /** What it takes otherwise than trueup; default: the properties as they are. */
  readonly form?: (declaration: Declaration) => Form | LeftOutWhole;
  /** Attributes that are no `Fn::GetAtt` of the same name there. */
  readonly attributes?: Readonly<Record<string, (logicalId: string) => Value>>;
  /** What others need to name the object, by the end of the logical id of its output; default: nothing. */
  readonly outputs?: (logicalId: string, properties: Properties) => Readonly<Record<string, Output>>;
  /** The primary identifier, by which an object that exists is imported; null: AWS chose it. */
  readonly identifier: (declaration: Declaration) => Readonly<Record<string, string | null>>;
}

export interface Output {
  /** In a few words of ASCII: CloudFormation keeps no others in a description. */
  readonly what: string;
  readonly value: Value;
}

/** Why nothing of it can stand in a template. */
export interface LeftOutWhole {
  readonly why: string;
}

/** What CloudFormation has no resource for. */
export interface NotRendered {
  /** Why. */
  readonly leftOut: (declaration: Declaration) => string;
}

/**
 * How every resource type of trueup stands in a template. Properties and attributes are those of the CloudFormation
 * template reference; identifiers are the `primaryIdentifier` of the resource provider schemas; every type that has one
 * here supports import (user guide, "Resource type support").
 */
export const ROWS: Readonly<Record<ResourceType['type'], Rendered | NotRendered>> = {
  [ALARM]: { identifier: named('AlarmName') },
  [API]: {
    form: tagMapForm,
    attributes: { ApiId: ref },
    outputs: (logicalId) => ({ Endpoint: { what: 'URL of the API', value: getAtt(logicalId, 'ApiEndpoint') } }),
    identifier: () => ({ ApiId: null }),
  },
  [AUTHORIZER]: { identifier: (declaration) => ({ ...apiId(declaration), AuthorizerId: null }) },
  [BUCKET_NOTIFICATION]: { leftOut: notificationLeftOut },
  [EVENT_INVOKE_CONFIG]: { identifier: named('FunctionName', 'Qualifier') },
  [EVENT_SOURCE_MAPPING]: { identifier: () => ({ Id: null }) },
  [HOSTED_ZONE]: {
    form: hostedZoneForm,
    attributes: {
      Id: ref,
      NameServer: (logicalId) => ({ 'Fn::Select': [0, getAtt(logicalId, 'NameServers')] }),
    },
    outputs: hostedZoneOutputs,
    identifier: () => ({ Id: null }),
  },
  [IAM_ROLE]: { identifier: named('RoleName') },
  [IAM_ROLE_POLICY]: { identifier: named('PolicyName', 'RoleName') },
  [INTEGRATION]: { identifier: (declaration) => ({ ...apiId(declaration), IntegrationId: null }) },
  [LAMBDA_FUNCTION]: {
    form: functionForm,
    outputs: (logicalId) => ({ Arn: { what: 'ARN of the function', value: getAtt(logicalId, 'Arn') } }),
    identifier: named('FunctionName'),
  },
  [LAMBDA_PERMISSION]: {
    identifier: (declaration) => ({ ...named('FunctionName')(declaration), Id: declaration.name }),
  },
  [LOG_GROUP]: { identifier: named('LogGroupName') },
  [QUEUE]: {
    identifier: ({ desired, properties }) => ({ QueueUrl: queueUrl(desired.place, text(properties, 'QueueName')) }),
  },
  [QUEUE_POLICY]: { identifier: named('Queue') },
  [RECORD_SETS]: { leftOut: recordsLeftOut },
  [ROUTE]: { identifier: (declaration) => ({ ...apiId(declaration), RouteId: null }) },
  [RULE]: {
    identifier: ({ desired, properties }) => ({
      Arn: arn('events', desired.place, `rule/${text(properties, 'Name')}`),
    }),
  },
  [SCHEDULED_INSTANCES]: { leftOut: scheduleTagsLeftOut },
  [SNS_SUBSCRIPTION]: { form: subscriptionForm, identifier: () => ({ Arn: null }) },
  [SNS_TOPIC]: {
    outputs: (logicalId) => ({ Arn: { what: 'ARN of the topic', value: getAtt(logicalId, 'TopicArn') } }),
    identifier: ({ desired, properties }) => ({ TopicArn: arn('sns', desired.place, text(properties, 'TopicName')) }),
  },
  // Where its topic stands in the same template, its ARN is a reference: then it is looked up.
  [SNS_TOPIC_POLICY]: {
    identifier: ({ properties: { TopicArn } }) => ({ TopicArn: typeof TopicArn === 'string' ? TopicArn : null }),
  },
  [STAGE]: {
    form: tagMapForm,
    identifier: (declaration) => ({ ...apiId(declaration), ...named('StageName')(declaration) }),
  },
  [TABLE]: { identifier: named('TableName') },
};

/** Where its API stands in the same template, the id is a reference: then it is looked up. */
function apiId({ properties: { ApiId } }: Declaration): Readonly<Record<string, string | null>> {
  return { ApiId: typeof ApiId === 'string' ? ApiId : null };
}

/** Names are chosen by trueup: they follow from the tree alone. */
function named(...names: readonly string[]): Rendered['identifier'] {
  return ({ properties }) => Object.fromEntries(names.map((name) => [name, text(properties, name)]));
}

function text(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== 'string') throw new Error(`${name} is no text that the tree tells: a mistake in a kind`);
  return value;
}
