import { arn } from '../arns.ts';
import { asWritten, oneLookup, removes, tagged, untagged, upperFields, writes } from './reading.ts';
import { HIDDEN } from './types.ts';
import type { Lookup, Reading, Subject, TrailRow } from './types.ts';

const SOURCE = 'lambda.amazonaws.com';

/** By its name, and by its ARN, which calls about tags name. */
export function byFunction(subject: Subject, given: unknown): readonly Lookup[] {
  if (typeof given !== 'string') return oneLookup(subject);
  const name = given.slice(given.lastIndexOf(':') + 1);
  return oneLookup(subject, name, arn('lambda', subject.place, `function:${name}`));
}

/** Variables and code are written without a word of what they are (Lambda leaves them out of its events). */
const configured: Reading = (parameters) => {
  const { Environment: environment, ...fields } = upperFields(parameters);
  return { fields: { ...fields, ...(environment !== undefined && { Environment: HIDDEN }) } };
};

export const functions: TrailRow = {
  source: SOURCE,
  lookups: (subject) => byFunction(subject, subject.resource),
  writes: {
    CreateFunction: configured,
    DeleteFunction: removes,
    DeleteFunctionConcurrency: writes(() => ({ ReservedConcurrentExecutions: null })),
    PutFunctionConcurrency: asWritten,
    PutFunctionRecursionConfig: asWritten,
    TagResource: tagged,
    UntagResource: untagged,
    UpdateFunctionCode: writes((parameters) => ({ ...upperFields(parameters), Code: HIDDEN })),
    UpdateFunctionConfiguration: configured,
  },
};

/** One statement of a function's policy: the events of all statements are the function's. */
export const functionPermissions: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups: (subject) => byFunction(subject, subject.properties['FunctionName']),
  writes: {
    AddPermission: ofStatement(asWritten),
    DeleteFunction: removes,
    RemovePermission: ofStatement(removes),
  },
};

function ofStatement(reading: Reading): Reading {
  return (parameters, subject) =>
    parameters['statementId'] === subject.resource ? reading(parameters, subject) : undefined;
}
