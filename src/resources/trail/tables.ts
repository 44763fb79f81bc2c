import { arn } from '../arns.ts';
import { asWritten, oneLookup, removes, tagged, untagged } from './reading.ts';
import type { TrailRow } from './types.ts';

/** By its name, and by its ARN, which calls about tags name. What is written into it are data events. */
export const tables: TrailRow = {
  source: 'dynamodb.amazonaws.com',
  lookups: (subject) =>
    oneLookup(subject, subject.resource, arn('dynamodb', subject.place, `table/${subject.resource}`)),
  writes: {
    CreateTable: asWritten,
    DeleteTable: removes,
    TagResource: tagged,
    UntagResource: untagged,
    UpdateTable: asWritten,
    UpdateTimeToLive: asWritten,
  },
};
