import { gatewayServices } from './prefix-lists.ts';

/** Services of a Region with interface endpoints, of those that tools like ours use (AWS PrivateLink Guide). */
const REGIONAL = [
  'cloudformation',
  'dynamodb',
  'ec2',
  'ecr.api',
  'ecr.dkr',
  'ecs',
  'events',
  'execute-api',
  'kinesis-firehose',
  'kinesis-streams',
  'kms',
  'lambda',
  'logs',
  'monitoring',
  's3',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'states',
  'sts',
];

/** Global services, whose endpoints name no Region. */
const GLOBAL = ['com.amazonaws.iam', 'com.amazonaws.route53'];

export function hasService(name: string, type: 'Gateway' | 'Interface', region: string): boolean {
  if (type === 'Gateway') return gatewayServices(region).includes(name);
  return GLOBAL.includes(name) || REGIONAL.some((service) => name === `com.amazonaws.${region}.${service}`);
}
