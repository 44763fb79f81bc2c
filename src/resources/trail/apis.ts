import { apiArn, stageArn } from '../api-gateway/arns.ts';
import { asWritten, oneLookup, removes, tagged, untagged } from './reading.ts';
import { textIn } from './record.ts';
import type { Lookup, Reading, Subject, TrailRow } from './types.ts';

/**
 * HTTP APIs. Calls about an API and all that is in it name the API's id; those about tags name an ARN. What makes an API
 * names only its name.
 */
const SOURCE = 'apigateway.amazonaws.com';

/** Requests name tags by the ARN of what carries them. */
function ofArn(reading: Reading, arnOf: (subject: Subject) => string): Reading {
  return (parameters, subject) =>
    textIn(parameters, 'resourceArn') === arnOf(subject) ? reading(parameters, subject) : undefined;
}

function apiIdOf({ resource, properties }: Subject): string {
  const { ApiId } = properties;
  return typeof ApiId === 'string' ? ApiId : (resource.split('/')[0] ?? '');
}

const apiArnOf = (subject: Subject): string => apiArn(subject.place, apiIdOf(subject));

export const apis: TrailRow = {
  source: SOURCE,
  lookups: (subject) => oneLookup(subject, subject.resource, apiArnOf(subject), nameOf(subject)),
  writes: {
    CreateApi: asWritten,
    DeleteApi: removes,
    ReimportApi: () => ({ fields: {} }),
    TagResource: ofArn(tagged, apiArnOf),
    UntagResource: ofArn(untagged, apiArnOf),
    UpdateApi: asWritten,
  },
};

function nameOf({ properties: { Name } }: Subject): string | undefined {
  return typeof Name === 'string' ? Name : undefined;
}

/** What is in an API shows under its id, with all else that is in it. */
function byApi(subject: Subject, ...more: readonly string[]): readonly Lookup[] {
  return oneLookup(subject, apiIdOf(subject), ...more);
}

const stageArnOf = (subject: Subject): string => stageArn(subject.place, apiIdOf(subject), stageNameOf(subject));

function stageNameOf({ resource, properties: { StageName } }: Subject): string {
  return typeof StageName === 'string' ? StageName : (resource.split('/').at(-1) ?? '');
}

const ofStage =
  (reading: Reading): Reading =>
  (parameters, subject) =>
    textIn(parameters, 'stageName') === stageNameOf(subject) ? reading(parameters, subject) : undefined;

export const stages: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups: (subject) => byApi(subject, stageArnOf(subject)),
  writes: {
    CreateStage: ofStage(asWritten),
    DeleteApi: removes,
    DeleteStage: ofStage(removes),
    TagResource: ofArn(tagged, stageArnOf),
    UntagResource: ofArn(untagged, stageArnOf),
    UpdateStage: ofStage(asWritten),
  },
};

/** A part has an id that API Gateway chose; what makes one names only what it is to be. */
function partRow(name: 'Authorizer' | 'Integration' | 'Route', key: string): TrailRow {
  const idName = `${name.toLowerCase()}Id`;
  const ofPart =
    (reading: Reading): Reading =>
    (parameters, subject) =>
      textIn(parameters, idName) === subject.resource.split('/').at(-1) ? reading(parameters, subject) : undefined;
  const ofKey: Reading = (parameters, subject) => {
    const property = key.charAt(0).toUpperCase() + key.slice(1);
    return textIn(parameters, key) === subject.properties[property] ? asWritten(parameters, subject) : undefined;
  };
  return {
    source: SOURCE,
    apart: true,
    lookups: (subject) => byApi(subject),
    writes: {
      [`Create${name}`]: ofKey,
      DeleteApi: removes,
      [`Delete${name}`]: ofPart(removes),
      [`Update${name}`]: ofPart(asWritten),
    },
  };
}

export const authorizers = partRow('Authorizer', 'name');
export const integrations = partRow('Integration', 'integrationUri');
export const routes = partRow('Route', 'routeKey');
