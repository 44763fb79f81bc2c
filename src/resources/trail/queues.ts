import { queueArn, queueNameIn, queueUrl } from '../queue-address.ts';
import { queueProperties } from '../queue-properties.ts';
import { oneLookup, removes, tagged, untagged, upperFields, writes } from './reading.ts';
import { objectIn, textIn } from './record.ts';
import { HIDDEN } from './types.ts';
import type { Lookup, Parameters, Reading, Subject, TrailRow } from './types.ts';

const SOURCE = 'sqs.amazonaws.com';

/** By its URL, which most calls name, by its ARN, and by its name, which its creation names. */
function byQueue(subject: Subject, name: string): readonly Lookup[] {
  const { place } = subject;
  return oneLookup(subject, queueUrl(place, name), queueArn(place, name), name);
}

/** Attributes are text; those that a request does not name, it does not write. */
const attributes: Reading = (parameters) => {
  const given = attributesIn(parameters);
  const read = queueProperties('', given);
  return { fields: Object.fromEntries(Object.entries(read).filter(([name]) => name in given)) };
};

/** By SQS's names, whether the trail begins them with a small letter or not. */
function attributesIn(parameters: Parameters): Readonly<Record<string, string>> {
  return upperFields(objectIn(parameters, 'attributes')) as Readonly<Record<string, string>>;
}

export const queues: TrailRow = {
  source: SOURCE,
  lookups: (subject) => byQueue(subject, subject.resource),
  writes: {
    CreateQueue: attributes,
    DeleteQueue: removes,
    SetQueueAttributes: attributes,
    TagQueue: tagged,
    UntagQueue: untagged,
  },
};

/** `QUEUE/policy`: its events are the queue's. */
export const queuePolicies: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups: (subject) => byQueue(subject, queueNameIn(String(subject.properties['Queue']))),
  writes: {
    AddPermission: writes(() => ({ PolicyDocument: HIDDEN })),
    CreateQueue: policyIn,
    DeleteQueue: removes,
    RemovePermission: writes(() => ({ PolicyDocument: HIDDEN })),
    SetQueueAttributes: policyIn,
  },
};

function policyIn(parameters: Parameters): ReturnType<Reading> {
  const given = attributesIn(parameters);
  if (!('Policy' in given)) return undefined;
  const PolicyDocument = textIn(given, 'Policy');
  return PolicyDocument === undefined ? { fields: {}, removed: true } : { fields: { PolicyDocument } };
}
