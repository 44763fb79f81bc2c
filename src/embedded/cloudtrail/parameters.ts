import { HIDDEN } from '../trail.ts';
import type { TrailEvent } from '../trail.ts';

type Parameters = Readonly<Record<string, unknown>>;

/** Versions that Lambda's event names end in (AWS Lambda Developer Guide, "Logging API calls with CloudTrail"). */
const LAMBDA_VERSIONS: Readonly<Record<string, string>> = {
  AddPermission: '20150331v2',
  CreateFunction: '20150331',
  DeleteFunction: '20150331',
  DeleteFunctionConcurrency: '20171031',
  GetFunction: '20150331v2',
  GetFunctionConcurrency: '20190930',
  GetFunctionConfiguration: '20150331v2',
  GetPolicy: '20150331v2',
  ListFunctions: '20150331',
  ListTags: '20170331',
  PutFunctionConcurrency: '20171031',
  RemovePermission: '20150331v2',
  TagResource: '20170331v2',
  UntagResource: '20170331v2',
  UpdateFunctionCode: '20150331v2',
  UpdateFunctionConfiguration: '20150331v2',
};

/** Operations of S3 that CloudTrail knows by the name of their permission (S3 User Guide, "CloudTrail events"). */
const S3_NAMES: Readonly<Record<string, string>> = {
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
};

/** The name under which CloudTrail records a call. */
export function recordedName({ eventSource, eventName }: TrailEvent): string {
  if (eventSource === 's3.amazonaws.com') return S3_NAMES[eventName] ?? eventName;
  if (eventSource !== 'lambda.amazonaws.com') return eventName;
  return eventName + (LAMBDA_VERSIONS[eventName] ?? '');
}

/** Services without regions are in one all the same: that is where CloudTrail has their events. */
const GLOBAL: ReadonlySet<string> = new Set(['cloudfront.amazonaws.com', 'iam.amazonaws.com', 'route53.amazonaws.com']);

export function regionOf({ eventSource, awsRegion }: TrailEvent): string {
  return GLOBAL.has(eventSource) ? 'us-east-1' : awsRegion;
}

/** Lists of EC2 stand in `items`, and the variables of a function are left out. */
export function recordedParameters({ eventSource, requestParameters }: TrailEvent): Parameters | null {
  if (requestParameters === null) return null;
  if (eventSource === 'ec2.amazonaws.com') return ec2Parameters(requestParameters);
  if (eventSource === 'lambda.amazonaws.com' && requestParameters['environment'] === HIDDEN) {
    return { ...requestParameters, environment: {} };
  }
  return requestParameters;
}

function ec2Parameters(parameters: Parameters): Parameters {
  const { resources, instanceIds, tags, ...rest } = parameters;
  return {
    ...rest,
    ...(Array.isArray(resources) && { resourcesSet: items(resources, 'resourceId') }),
    ...(Array.isArray(instanceIds) && { instancesSet: items(instanceIds, 'instanceId') }),
    ...(Array.isArray(tags) && { tagSet: { items: tags as readonly unknown[] } }),
  };
}

function items(list: readonly unknown[], field: string): { readonly items: readonly object[] } {
  return { items: list.map((item) => ({ [field]: item })) };
}
