import { arn } from '../arns.ts';
import { byFunction } from './functions.ts';
import { asWritten, removes, tagged, untagged, upperFields } from './reading.ts';
import type { Lookup, Reading, Subject, TrailRow } from './types.ts';

/** What starts functions, and what becomes of invocations that fail. */

const SOURCE = 'lambda.amazonaws.com';

/** It replaces all of it: what is not said is as if it had not been set. */
const replaced: Reading = (parameters) => ({
  fields: {
    MaximumRetryAttempts: null,
    MaximumEventAgeInSeconds: null,
    DestinationConfig: null,
    ...upperFields(parameters),
  },
});

/** The events of asynchronous settings are their function's. */
export const eventInvokeConfigs: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups: (subject) => byFunction(subject, subject.properties['FunctionName']),
  writes: {
    DeleteFunction: removes,
    DeleteFunctionEventInvokeConfig: removes,
    PutFunctionEventInvokeConfig: replaced,
    UpdateFunctionEventInvokeConfig: asWritten,
  },
};

/** By its id, which changes name, and by its function, which its creation names; calls about tags name its ARN. */
export const eventSourceMappings: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups(subject): readonly Lookup[] {
    const ownArn = arnOf(subject);
    return byFunction(subject, subject.properties['FunctionName']).map(({ names, changes }) => ({
      names: [subject.resource, ...names, ownArn],
      changes,
    }));
  },
  writes: {
    CreateEventSourceMapping: (parameters, subject) =>
      parameters['eventSourceArn'] === subject.properties['EventSourceArn']
        ? asWritten(parameters, subject)
        : undefined,
    DeleteEventSourceMapping: ofMapping(removes),
    TagResource: ofArn(tagged),
    UntagResource: ofArn(untagged),
    UpdateEventSourceMapping: ofMapping(asWritten),
  },
};

/** Only the first letter of `UUID` is a small one there. */
function ofMapping(reading: Reading): Reading {
  return (parameters, subject) => (parameters['uUID'] === subject.resource ? reading(parameters, subject) : undefined);
}

function ofArn(reading: Reading): Reading {
  return (parameters, subject) =>
    parameters['resource'] === arnOf(subject) ? reading(parameters, subject) : undefined;
}

function arnOf({ place, resource }: Subject): string {
  return arn('lambda', place, `event-source-mapping:${resource}`);
}
