import { arn } from '../arns.ts';
import { asWritten, oneLookup, removes, tagged, tagsOf, untagged, upperFields } from './reading.ts';
import { asObject, textIn } from './record.ts';
import { HIDDEN } from './types.ts';
import type { Lookup, Reading, Subject, TrailRow } from './types.ts';

const SOURCE = 'sns.amazonaws.com';

/** Attributes are written one by one, by name (SetTopicAttributes, SetSubscriptionAttributes). */
const attributeWritten: Reading = ({ attributeName, attributeValue }) => ({
  fields: { [String(attributeName)]: attributeValue },
});

export const topics: TrailRow = {
  source: SOURCE,
  // Only its creation has its name alone.
  lookups: (subject) => oneLookup(subject, arn('sns', subject.place, subject.resource), subject.resource),
  writes: {
    CreateTopic: ({ attributes, tags }) => ({ fields: upperFields(asObject(attributes)), tags: tagsOf(tags) }),
    DeleteTopic: removes,
    SetTopicAttributes: attributeWritten,
    TagResource: tagged,
    UntagResource: untagged,
  },
};

function byTopic(subject: Subject): readonly Lookup[] {
  const { TopicArn } = subject.properties;
  return oneLookup(subject, typeof TopicArn === 'string' ? TopicArn : undefined);
}

export const topicPolicies: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups: byTopic,
  writes: {
    AddPermission: () => ({ fields: { PolicyDocument: HIDDEN } }),
    DeleteTopic: removes,
    RemovePermission: () => ({ fields: { PolicyDocument: HIDDEN } }),
    SetTopicAttributes: ({ attributeName, attributeValue }, { missing }) => {
      if (attributeName !== 'Policy') return undefined;
      // SNS's own policy counts as none.
      return missing ? { fields: {}, removed: true } : { fields: { PolicyDocument: attributeValue } };
    },
  },
};

/**
 * Calls about a subscription name its own ARN, and those that make one the topic's. Of one that is gone nobody knows the
 * ARN: who took it away is not found.
 */
export const subscriptions: TrailRow = {
  source: SOURCE,
  apart: true,
  lookups(subject) {
    const { TopicArn } = subject.properties;
    const topic = typeof TopicArn === 'string' ? TopicArn : undefined;
    const [, id] = subject.resource.split(':');
    const own = topic === undefined || id === undefined ? [] : [`${topic}:${id}`];
    return oneLookup(subject, ...own, topic);
  },
  writes: {
    DeleteTopic: removes,
    SetSubscriptionAttributes: (parameters, subject) =>
      isOf(subject, textIn(parameters, 'subscriptionArn')) ? attributeWritten(parameters, subject) : undefined,
    Subscribe(parameters, subject) {
      if (textIn(parameters, 'endpoint') !== subject.properties['Endpoint']) return undefined;
      return asWritten({ ...parameters, ...asObject(parameters['attributes']) }, subject);
    },
    Unsubscribe: (parameters, subject) =>
      isOf(subject, textIn(parameters, 'subscriptionArn')) ? { fields: {}, removed: true } : undefined,
  },
};

function isOf({ resource }: Subject, subscription: string | undefined): boolean {
  return subscription?.endsWith(`:${resource}`) ?? false;
}
