import type { Late, Value } from '../../src/engine/types.ts';

/** For each type: of each managed property another value that the service takes, or why it cannot be moved in place. */
type Others = Readonly<Record<string, Readonly<Record<string, ((value: Late<Value>) => Late<Value>) | string>>>>;

const TAGS = () => [{ Key: 'team', Value: 'somebody else' }];
const TEXT = (value: Late<Value>): Late<Value> => `${value as string}, and more`;
const NAME = 'names an object: another name is another object';

export const OTHERS: Others = {
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
    LoggingConfig: 'the kind leaves it to AWS',
    Description: TEXT,
    Tags: TAGS,
  },
  'AWS::Lambda::Permission': {
    FunctionName: NAME,
    Action: () => 'lambda:GetFunction',
    Principal: () => 's3.amazonaws.com',
    SourceArn: (value) => `${value as string}-other`,
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
  // Likewise, instance by instance (test/schedule).
  'Trueup::EC2::ScheduledInstances': {},
};
