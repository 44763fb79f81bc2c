import type { Address } from '../../engine/types.ts';
import { compileDestinationKey, isOneToOne } from '../../fan-out/destination-key.ts';
import type { MapKey } from '../../fan-out/destination-key.ts';
import { destinationMark, documentMark } from '../../fan-out/loop-marker.ts';
import type { Marks } from '../../fan-out/loop-marker.ts';
import type { EventOrigin } from '../../fan-out/object-change.ts';
import type { FanOutDocument } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { readFunctionDocument } from '../function-document.ts';

/** What the function is, read from its environment once. */
export interface Configuration {
  readonly document: FanOutDocument;
  readonly address: Address;
  readonly origin: EventOrigin;
  readonly marks: Marks;
  /** What the ARN of the work queue ends with. */
  readonly workQueue: string;
  readonly mapKey: MapKey;
  /** No two keys that are copied can have one place. */
  readonly mapsOneToOne: boolean;
}

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  return configurationOf(readFunctionDocument(environment) as FanOutDocument);
}

export function configurationOf(document: FanOutDocument): Configuration {
  const {
    address,
    formerly = [],
    owner,
    place,
    source,
    topicArn,
    configurationId,
    destination,
    key,
    filter,
    workQueueUrl,
  } = document;
  const [name = '', account = ''] = new URL(workQueueUrl).pathname.split('/').reverse();
  return {
    document,
    address,
    origin: { topicArn, bucket: source.bucket, region: source.region, configurationId },
    marks: {
      document: documentMark(owner, address),
      formerly: formerly.map((one) => documentMark(owner, one)),
      destination: destinationMark(destination.bucket, destination.prefix),
    },
    workQueue: `:sqs:${place.region}:${account}:${name}`,
    mapKey: compileDestinationKey(key, destination.prefix),
    mapsOneToOne: isOneToOne(key, filter),
  };
}
