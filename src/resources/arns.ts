import type { Place } from '../engine/types.ts';

/** The partition of a region (AWS General Reference, "Amazon Resource Names"). */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** `arn:aws:SERVICE:REGION:ACCOUNT:RESOURCE`. */
export function arn(service: string, place: Place, resource: string): string {
  return `arn:${partitionOf(place.region)}:${service}:${place.region}:${place.account}:${resource}`;
}

/** Of a service that knows no regions: IAM, Route 53. */
export function globalArn(service: string, place: Place, resource: string, account = place.account): string {
  return `arn:${partitionOf(place.region)}:${service}::${account}:${resource}`;
}

/** @param reference name or ARN, as Lambda takes either. */
export function functionArn(place: Place, reference: string): string {
  return reference.startsWith('arn:') ? reference : arn('lambda', place, `function:${reference}`);
}

/** Names of buckets are one space: their ARNs name neither region nor account. */
export function bucketArn({ region }: Pick<Place, 'region'>, bucket: string): string {
  return `arn:${partitionOf(region)}:s3:::${bucket}`;
}

/**
 * What follows a beginning that an ARN must have, made by the functions above: so partition, service, region and account
 * are exact. Undefined: another beginning, nothing behind it, or a part in it that `isName` does not take.
 */
export function nameInArn(text: string, beginning: string, isName: RegExp): string | undefined {
  const name = text.startsWith(beginning) ? text.slice(beginning.length) : '';
  return isName.test(name) ? name : undefined;
}

/** What the names of a region's endpoints end in. */
export function dnsSuffix({ region }: Place): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}
