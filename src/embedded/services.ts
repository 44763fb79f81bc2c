import { apiGatewayV2 } from './apigatewayv2/service.ts';
import { cloudtrail } from './cloudtrail/service.ts';
import { cloudwatch } from './cloudwatch/service.ts';
import { dynamodb } from './dynamodb/service.ts';
import { ec2 } from './ec2/service.ts';
import { events } from './events/service.ts';
import { normalizeService } from './faults.ts';
import { iam } from './iam/service.ts';
import { kms } from './kms/service.ts';
import { lambda } from './lambda/service.ts';
import { logs } from './logs/service.ts';
import { route53 } from './route53/service.ts';
import { s3 } from './s3/service.ts';
import { secretsManager } from './secrets-manager.ts';
import type { Clockwork, Service } from './service.ts';
import { sns } from './sns/service.ts';
import { sqs } from './sqs/service.ts';
import { ssm } from './ssm.ts';
import { sts } from './sts.ts';
import { taggingApi } from './tagging.ts';

/** Every service of the embedded account, by the name of its SDK package. */
const SERVICES: Readonly<Record<string, Service>> = {
  apigatewayv2: apiGatewayV2,
  cloudtrail,
  cloudwatch,
  'cloudwatch-logs': logs,
  dynamodb,
  ec2,
  eventbridge: events,
  iam,
  kms,
  lambda,
  'resource-groups-tagging-api': taggingApi(() => Object.values(SERVICES)),
  'route-53': route53,
  s3,
  'secrets-manager': secretsManager,
  sns,
  sqs,
  ssm,
  sts,
};

const BY_CLIENT = new Map(
  Object.entries(SERVICES).map(([name, service]) => [normalizeService(name), { name, service }]),
);

/** The service behind a client's own name (`Route53`); undefined: not embedded. */
export function findService(clientName: string): { readonly name: string; readonly service: Service } | undefined {
  return BY_CLIENT.get(normalizeService(clientName));
}

/** What happens by the clock, of every service; alarms are judged last, by what the others have told CloudWatch. */
export function clockworks(): readonly Clockwork[] {
  const { cloudwatch: judging, ...others } = SERVICES;
  return [...Object.values(others), judging].flatMap((service) => service?.clockwork ?? []);
}
