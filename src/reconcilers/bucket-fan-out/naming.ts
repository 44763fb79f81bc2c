import type { Estate, NamingField } from '../../engine/types.ts';
import { LEDGER } from './compile.ts';
import { TOPIC } from './functions.ts';
import { destinationName, targetsOf } from './places.ts';
import type { BucketFanOut } from './places.ts';

/** Of one document: S3 tells of each object once, so no second one can stand beside it. */
const ANEW =
  'another one is made by removing the document, applying, and adding it anew with metadata.adopt: true; trueup fan-out verify then tells what was not copied meanwhile';

/** Which field fixes the name of topic and ledger; `NAME` stands for the name that they have. */
export function namedBy({ spec }: BucketFanOut, id: string): NamingField | undefined {
  if (id === LEDGER) {
    return { field: 'spec.ledger.table', otherwise: `keep table: NAME in spec.ledger; ${ANEW}` };
  }
  if (id !== TOPIC) return undefined;
  if (spec.topic !== undefined) return { field: 'spec.topic', otherwise: `keep topic: NAME; ${ANEW}` };
  return {
    field: 'spec.source.bucket or spec.topic, which was left out,',
    otherwise:
      'another source is a document of its own, beside this one: put the source back; of the same source keep the topic by topic: NAME',
  };
}

/** By the destination's bucket, and where two are in one bucket by `bucket/prefix`. */
export function functionNames(document: BucketFanOut, estate: Estate): ReadonlyMap<string, string> {
  const targets = targetsOf(document, estate);
  const inBucket = (bucket: string): number =>
    targets.filter(({ destination }) => destination.bucket === bucket).length;
  return new Map(
    targets.map(({ destination, ids }) => [
      inBucket(destination.bucket) === 1 ? destination.bucket : destinationName(destination),
      ids.copy,
    ]),
  );
}
