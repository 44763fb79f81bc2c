import type { Join, Late, Value } from '../../src/engine/types.ts';

/** For each type: of each managed property another value that the service takes, or why it cannot be moved in place. */
type Others = Readonly<Record<string, Readonly<Record<string, ((value: Late<Value>) => Late<Value>) | string>>>>;

const TAGS = () => [{ Key: 'team', Value: 'somebody else' }];
const TEXT = (value: Late<Value>): Late<Value> => `${value as string}, and more`;
/** What is sent meanwhile must be admitted still. */
const MORE_STATEMENTS = (value: Late<Value>): Late<Value> => {
  const { Statement, ...policy } = value as { readonly Statement: readonly Value[] };
  const [first] = Statement;
  const also = JSON.stringify(first).replaceAll('acme-', 'else-');
  return { ...policy, Statement: [...Statement, { ...(JSON.parse(also) as Record<string, Value>), Sid: 'Also' }] };
};
const NAME = 'names an object: another name is another object';

export const OTHERS: Others = {
  'AWS::ApiGatewayV2::Api': {
    Name: () => 'another-name',
    ProtocolType: 'cannot be changed: the type knows one',
    Description: TEXT,
    DisableExecuteApiEndpoint: () => true,
    Tags: TAGS,
  },
  'AWS::ApiGatewayV2::Authorizer': {
    ApiId: 'follows from another resource of the document',
    Name: () => 'another-name',
    AuthorizerType: 'the type knows one',
    IdentitySource: () => ['$request.header.X-Token'],
    JwtConfiguration: (value) => ({ ...(value as Readonly<Record<string, Value>>), Audience: ['others'] }),
  },
  'AWS::ApiGatewayV2::Integration': {
    ApiId: 'follows from another resource of the document',
    IntegrationType: 'the type knows one',
    IntegrationUri: 'names the function of the document, by which an integration without a stamp is found',
    PayloadFormatVersion: 'the embedded account has 2.0 alone',
    TimeoutInMillis: () => 5_000,
  },
  'AWS::ApiGatewayV2::Route': {
    ApiId: 'follows from another resource of the document',
    RouteKey: () => 'POST /other',
    Target: 'names the integration of the document',
    AuthorizationType: 'goes with the authorizer: the edits of the document change both',
    AuthorizerId: 'names the authorizer of the document',
    AuthorizationScopes: () => ['genes/read'],
  },
  'AWS::ApiGatewayV2::Stage': {
    ApiId: 'follows from another resource of the document',
    StageName: NAME,
    AutoDeploy: () => false,
    DefaultRouteSettings: (value) => ({ ...(value as Readonly<Record<string, Value>>), ThrottlingRateLimit: 7 }),
    RouteSettings: () => ({ 'POST /survival': { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 7 } }),
    Tags: TAGS,
  },
  'AWS::CloudWatch::Alarm': {
    AlarmName: NAME,
    AlarmDescription: TEXT,
    Namespace: () => 'trueup/Other',
    MetricName: () => 'Other',
    Dimensions: () => [{ Name: 'Document', Value: 'other' }],
    Statistic: (value) => (value === 'Sum' ? 'Maximum' : 'Sum'),
    Period: () => 300,
    EvaluationPeriods: () => 2,
    DatapointsToAlarm: () => 2,
    Threshold: () => 7,
    ComparisonOperator: () => 'GreaterThanThreshold',
    TreatMissingData: () => 'breaching',
    ActionsEnabled: () => false,
    AlarmActions: () => ['arn:aws:sns:eu-west-1:111122223333:other'],
    OKActions: () => ['arn:aws:sns:eu-west-1:111122223333:other'],
    Tags: TAGS,
  },
  'AWS::DynamoDB::Table': {
    TableName: NAME,
    AttributeDefinitions: 'cannot be changed: another key is another table',
    KeySchema: 'cannot be changed: another key is another table',
    BillingMode: 'the type knows one',
    TimeToLiveSpecification: 'DynamoDB takes one change an hour: test/resources has it',
    DeletionProtectionEnabled: (value) => value !== true,
    Tags: TAGS,
  },
  'AWS::Events::Rule': {
    Name: NAME,
    Description: TEXT,
    ScheduleExpression: () => 'rate(7 minutes)',
    State: () => 'DISABLED',
    Targets: (value) => (value as readonly object[]).map((target) => ({ ...target, Input: '{}' })),
    Tags: TAGS,
  },
  'AWS::IAM::Role': {
    RoleName: NAME,
    Path: NAME,
    AssumeRolePolicyDocument: (value) =>
      JSON.parse(JSON.stringify(value).replaceAll('aws:SourceAccount', 'aws:PrincipalAccount')) as Value,
    Description: TEXT,
    MaxSessionDuration: 'the kind leaves it to AWS',
    PermissionsBoundary: () => 'arn:aws:iam::111122223333:policy/other-boundary',
    Tags: TAGS,
  },
  'AWS::IAM::RolePolicy': {
    RoleName: NAME,
    PolicyName: NAME,
    PolicyDocument: () => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: ['*'] }],
    }),
  },
  'AWS::Lambda::EventInvokeConfig': {
    FunctionName: NAME,
    Qualifier: 'the type knows one',
    MaximumRetryAttempts: () => 1,
    MaximumEventAgeInSeconds: () => 600,
    DestinationConfig: 'names a queue of the document, which the role of the function must be allowed to send to',
  },
  'AWS::Lambda::EventSourceMapping': {
    FunctionName: NAME,
    EventSourceArn: NAME,
    BatchSize: () => 5,
    MaximumBatchingWindowInSeconds: 'the kind leaves it to AWS',
    Enabled: () => false,
    FunctionResponseTypes: () => [],
    ScalingConfig: () => ({ MaximumConcurrency: 2 }),
    Tags: TAGS,
  },
  'AWS::Lambda::Function': {
    FunctionName: NAME,
    Code: 'is the handler of this version: T132 and test/resources/lambda.test.ts change it',
    Runtime: () => 'nodejs24.x',
    Handler: () => 'index.other',
    Role: 'follows from another resource of the document',
    MemorySize: () => 1024,
    Timeout: () => 33,
    Environment: () => ({ Variables: { OTHER: 'value' } }),
    Layers: 'the kind asks for none',
    VpcConfig: () => ({ SubnetIds: ['subnet-0a11bb22'], SecurityGroupIds: ['sg-0a11bb22'] }),
    Architectures: 'comes with the code',
    ReservedConcurrentExecutions: () => 5,
    RecursiveLoop: () => 'Terminate',
    LoggingConfig: 'the kind leaves it to AWS',
    Description: TEXT,
    Tags: TAGS,
  },
  'AWS::Lambda::Permission': {
    FunctionName: NAME,
    Action: () => 'lambda:GetFunction',
    Principal: () => 's3.amazonaws.com',
    SourceArn: (value) =>
      typeof value === 'string' ? `${value}-other` : { $join: [...(value as Join).$join, '-other'] },
    SourceAccount: () => '444455556666',
  },
  'AWS::Logs::LogGroup': {
    LogGroupName: NAME,
    RetentionInDays: () => 365,
    Tags: TAGS,
  },
  'AWS::Route53::HostedZone': {
    Name: 'is another zone (a finding that blocks: test/zone-mirror-loop.test.ts)',
    HostedZoneConfig: () => ({ Comment: 'another comment' }),
    VPCs: (value) => [...(value as readonly Value[]), { VPCId: 'vpc-0b11bb22cc33dd44e', VPCRegion: 'eu-west-1' }],
    HostedZoneTags: TAGS,
  },
  // Its content is bulk: moved set by set (test/zone-mirror-loop.test.ts, test/zone-writing.test.ts).
  'AWS::Route53::RecordSetGroup': {},
  'AWS::SNS::Subscription': {
    TopicArn: NAME,
    Protocol: NAME,
    Endpoint: NAME,
    FilterPolicy: () => ({ Records: { eventName: ['ObjectCreated:Put'] } }),
    FilterPolicyScope: 'goes with the filter policy: nested keys are of the body alone',
    RedrivePolicy: () => ({}),
  },
  'AWS::SNS::Topic': {
    TopicName: NAME,
    DisplayName: 'the kind leaves it to AWS',
    Tags: TAGS,
  },
  'AWS::SNS::TopicInlinePolicy': {
    TopicArn: NAME,
    PolicyDocument: MORE_STATEMENTS,
  },
  'AWS::SQS::Queue': {
    QueueName: NAME,
    DelaySeconds: 'the kind leaves it to AWS',
    MaximumMessageSize: 'the kind leaves it to AWS',
    MessageRetentionPeriod: () => 600_000,
    ReceiveMessageWaitTimeSeconds: 'the kind leaves it to AWS',
    VisibilityTimeout: () => 3_600,
    RedrivePolicy: (value) => ({ ...(value as Readonly<Record<string, Value>>), maxReceiveCount: 7 }),
    SqsManagedSseEnabled: 'the kind leaves it to AWS',
    Tags: TAGS,
  },
  'AWS::SQS::QueueInlinePolicy': {
    Queue: NAME,
    PolicyDocument: MORE_STATEMENTS,
  },
  // Likewise, instance by instance (test/schedule).
  'Trueup::EC2::ScheduledInstances': {},
  'Trueup::S3::BucketNotification': {
    Bucket: NAME,
    TopicArn: 'names the topic of the document, whose policy admits the bucket',
    Events: () => ['s3:ObjectCreated:Put'],
    Prefix: () => 'else/',
    Suffix: () => 'txt',
  },
};
