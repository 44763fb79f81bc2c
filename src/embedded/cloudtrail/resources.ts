import type { Resource } from '@aws-sdk/client-cloudtrail';
import type { TrailEvent } from '../trail.ts';

type Parameters = Readonly<Record<string, unknown>>;
type Namer = (parameters: Parameters, event: TrailEvent) => readonly Resource[];

/**
 * What a call was about, as far as its request says: the names by which LookupEvents finds it. What only an answer tells,
 * such as the id of a new hosted zone, is not there.
 */
export function resourcesOf(event: TrailEvent): readonly Resource[] {
  const { requestParameters, eventSource } = event;
  return requestParameters === null ? [] : (NAMERS[eventSource]?.(requestParameters, event) ?? []);
}

const NAMERS: Readonly<Record<string, Namer>> = {
  'apigateway.amazonaws.com': ({ apiId, resourceArn }) => one('AWS::ApiGatewayV2::Api', apiId ?? apiOfArn(resourceArn)),
  'dynamodb.amazonaws.com': ({ tableName, resourceArn }) =>
    one('AWS::DynamoDB::Table', tableName ?? lastPart(resourceArn, ':table/')),
  'ec2.amazonaws.com': ({ resources, instanceIds, instanceId }) =>
    [resources, instanceIds, instanceId].flat().flatMap((id) => one(ec2Type(id), id)),
  'events.amazonaws.com': ({ name, rule, resourceARN }) =>
    one('AWS::Events::Rule', name ?? rule ?? lastPart(resourceARN, '/')),
  'iam.amazonaws.com': ({ roleName, policyName, policyArn }) => [
    ...one('AWS::IAM::Role', roleName),
    ...one('AWS::IAM::Policy', policyName ?? policyArn),
  ],
  'kms.amazonaws.com': ({ keyId }, event) => keyNames(keyId, event),
  'lambda.amazonaws.com': ({ functionName, resource, uUID }, event) => [
    ...functionNames(functionName ?? resource, event),
    ...one(MAPPING, uUID ?? lastPart(resource, ':event-source-mapping:')),
  ],
  'logs.amazonaws.com': ({ logGroupName, resourceArn }) =>
    one('AWS::Logs::LogGroup', logGroupName ?? lastPart(resourceArn, ':log-group:')),
  'monitoring.amazonaws.com': ({ alarmName, alarmNames, resourceARN }) =>
    [alarmName, alarmNames, lastPart(resourceARN, ':alarm:')]
      .flat()
      .flatMap((name) => one('AWS::CloudWatch::Alarm', name)),
  'route53.amazonaws.com': ({ hostedZoneId, id, resourceType, resourceId }) =>
    one('AWS::Route53::HostedZone', hostedZoneId ?? id ?? (resourceType === 'hostedzone' ? resourceId : undefined)),
  's3.amazonaws.com': ({ bucketName }) => one('AWS::S3::Bucket', bucketName),
  'secretsmanager.amazonaws.com': ({ secretId, name }) => one('AWS::SecretsManager::Secret', secretId ?? name),
  'sns.amazonaws.com': ({ topicArn, resourceArn, name, subscriptionArn }) => [
    ...one('AWS::SNS::Topic', topicArn ?? resourceArn ?? name),
    ...one('AWS::SNS::Subscription', subscriptionArn),
  ],
  'sqs.amazonaws.com': ({ queueUrl, queueName }) => one('AWS::SQS::Queue', queueUrl ?? queueName),
  'ssm.amazonaws.com': ({ name }) => one('AWS::SSM::Parameter', name),
  'sts.amazonaws.com': ({ roleArn }) => one('AWS::IAM::Role', roleArn),
};

function one(ResourceType: string, ResourceName: unknown): readonly Resource[] {
  return typeof ResourceName === 'string' && ResourceName !== '' ? [{ ResourceType, ResourceName }] : [];
}

const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** A key is named by its ARN, whichever the request has. */
function keyNames(given: unknown, { awsRegion, recipientAccountId }: TrailEvent): readonly Resource[] {
  if (typeof given !== 'string') return [];
  const prefix = `arn:aws:kms:${awsRegion}:${recipientAccountId}:key/`;
  return one('AWS::KMS::Key', given.startsWith('arn:') ? given : `${prefix}${given}`);
}

/** A function is found by its name and by its ARN, whichever the request has. */
function functionNames(given: unknown, { awsRegion, recipientAccountId }: TrailEvent): readonly Resource[] {
  const name = lastPart(given, ':function:') ?? given;
  if (typeof name !== 'string' || name.startsWith('arn:')) return [];
  const arn = `arn:aws:lambda:${awsRegion}:${recipientAccountId}:function:${name}`;
  return [...one('AWS::Lambda::Function', name), ...one('AWS::Lambda::Function', arn)];
}

const EC2_TYPES: Readonly<Record<string, string>> = {
  i: 'AWS::EC2::Instance',
  igw: 'AWS::EC2::InternetGateway',
  rtb: 'AWS::EC2::RouteTable',
  sg: 'AWS::EC2::SecurityGroup',
  subnet: 'AWS::EC2::Subnet',
  vpc: 'AWS::EC2::VPC',
};

function ec2Type(id: unknown): string {
  return EC2_TYPES[String(id).split('-')[0] ?? ''] ?? 'AWS::EC2::Resource';
}

const API_ARN = /::\/(?:v2\/)?apis\/([a-z0-9]+)/;

/** The API that the ARN of one, or of a stage, names. */
function apiOfArn(arn: unknown): string | undefined {
  return typeof arn === 'string' ? API_ARN.exec(arn)?.[1] : undefined;
}

/** What follows a separator; undefined: no text, or it is not in there. */
function lastPart(text: unknown, separator: string): string | undefined {
  if (typeof text !== 'string') return undefined;
  const at = text.lastIndexOf(separator);
  return at === -1 ? undefined : text.slice(at + separator.length);
}
