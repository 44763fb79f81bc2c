import { firstNotBefore, table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { rowKeyIn } from '../row-key.ts';
import { topicArn } from './model.ts';
import type { StoredTopic } from './model.ts';

export type FilterScope = 'MessageAttributes' | 'MessageBody';

export interface StoredSubscription {
  readonly id: string;
  readonly topicArn: string;
  /** The account that subscribed. */
  readonly owner: string;
  /** ARN of who subscribed. */
  readonly principal: string;
  readonly protocol: 'lambda' | 'sqs';
  /** ARN of a function or a queue. */
  readonly endpoint: string;
  /** Queues get the message alone, without the envelope. */
  readonly raw: boolean;
  /** JSON, as it was given; undefined: every message. */
  readonly filterPolicy?: string;
  readonly filterScope: FilterScope;
  /** JSON, as it was given. */
  readonly redrivePolicy?: string;
}

/** By `subscriptionKey`: those of one topic follow each other. */
export const subscriptions = table<StoredSubscription>('sns/subscriptions');

export function subscriptionArn({ topicArn: topic, id }: Pick<StoredSubscription, 'topicArn' | 'id'>): string {
  return `${topic}:${id}`;
}

/** @param arn of a subscription, or of a topic with a colon behind it: what the keys of its subscriptions begin with */
export function subscriptionKey(arn: string): string {
  const [, , , region = '', account = '', name = '', id = ''] = arn.split(':');
  return `${rowKeyIn(name, { account, region })}:${id}`;
}

/** Of one topic, in the order of their ids, as they were before this call. */
export function subscriptionsOf(topic: StoredTopic, data: Transaction): readonly StoredSubscription[] {
  const keys = data.keys(subscriptions);
  const prefix = subscriptionKey(`${topicArn(topic)}:`);
  const found: StoredSubscription[] = [];
  for (let index = firstNotBefore(keys, prefix); keys[index]?.startsWith(prefix) === true; index += 1) {
    const one = data.get(subscriptions, keys[index] ?? '');
    if (one !== undefined) found.push(one);
  }
  return found;
}
