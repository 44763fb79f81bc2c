import { queueArn, queueNameIn, queueUrl } from '../queue-address.ts';
import { queueProperties } from '../queue-properties.ts';
import { oneLookup, removes, tagged, untagged, writes } from './reading.ts';
import { objectIn, textIn } from './record.ts';
import { HIDDEN } from './types.ts';
import type { Lookup, Parameters, Reading, Subject, TrailRow } from './types.ts';

const SOURCE = 'sqs.amazonaws.com';

/** By its URL, which most calls name, by its name, which its creation names, and by its ARN. */
function byQueue(subject: Subject, name: string): readonly Lookup[] {
  const { place } = subject;
  return oneLookup(subject, queueUrl(place, name), name, queueArn(place, name));
}

/** Attributes are text; those that a request does not name, it does not write. */
const attributes: Reading = (parameters) => {
  const given = objectIn(parameters, 'attributes');
  const read = queueProperties('', given as Readonly<Record<string, string>>);
  return { fields: Object.fromEntries(Object.entries(read).filter(([name]) => name in given)) };
};

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
  const given = objectIn(parameters, 'attributes');
  if (!('Policy' in given)) return undefined;
  const PolicyDocument = textIn(given, 'Policy');
  return PolicyDocument === undefined ? { fields: {}, removed: true } : { fields: { PolicyDocument } };
}
