import type { Place } from '../engine/types.ts';
import { arn, dnsSuffix } from './arns.ts';

/** SQS Developer Guide, "Queue and message identifiers": a queue's URL is made of where it is and its name. */
export function queueUrl(place: Place, name: string): string {
  return `https://sqs.${place.region}.${dnsSuffix(place)}/${place.account}/${name}`;
}

export function queueArn(place: Place, name: string): string {
  return arn('sqs', place, name);
}

export function queueNameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
