import { rowKey, rowKeyIn, rowsIn } from '../row-key.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';
import type { Transaction } from '../store/database.ts';
import { resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { invalidParameter, notFound } from './errors.ts';

/** SNS calls a refused permission AuthorizationError (API reference, "Errors" of each action). */
export const IAM = { actionPrefix: 'sns', deniedName: 'AuthorizationErrorException' } as const;

export interface StoredTopic {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** At most 100 characters; empty: none. */
  readonly displayName: string;
  /** JSON; undefined: the default one. */
  readonly policy?: string;
  readonly tags: Tags;
}

export const topics = table<StoredTopic>('sns/topics');

export function topicArn({ account, region, name }: Pick<StoredTopic, 'account' | 'region' | 'name'>): string {
  return `arn:aws:sns:${region}:${account}:${name}`;
}

export function ownTopicArn(name: string, { caller, region }: CallContext): string {
  return topicArn({ account: caller.account, region, name });
}

/** Topics of the caller's account in the call's region, by name. */
export function topicsOf(context: CallContext): readonly StoredTopic[] {
  return rowsIn(topics, context);
}

/** The topic of an ARN of the caller's account and the call's region. */
export function ownTopic(arn: string | undefined, context: CallContext): StoredTopic | undefined {
  const prefix = ownTopicArn('', context);
  if (arn?.startsWith(prefix) !== true) return undefined;
  return context.data.get(topics, rowKey(arn.slice(prefix.length), context));
}

export function topicTagKeys(arn: string | undefined, context: CallContext): ConditionKeys {
  return resourceTagKeys(ownTopic(arn, context)?.tags);
}

/** `arn:PARTITION:sns:REGION:ACCOUNT:NAME` */
const ARN_PARTS = 6;

/**
 * SNS looks into the region that is asked.
 *
 * @throws InvalidParameterException for an ARN that is none, or of another region
 */
function checkTopicArn(arn: string | undefined, member: string, context: CallContext): string {
  const parts = (arn ?? '').split(':');
  if (parts.length < ARN_PARTS) {
    throw invalidParameter(member, `An ARN must have at least ${ARN_PARTS} elements, not ${parts.length}`);
  }
  const [, , service, region] = parts;
  if (service !== 'sns' || region !== context.region) throw invalidParameter(member);
  return arn ?? '';
}

/**
 * The topic that a call names, of whatever account: that its policy lets the caller in was judged before.
 *
 * @throws InvalidParameterException for an ARN that is none, or of another region
 * @returns undefined: there is none.
 */
export function findTopic(arn: string | undefined, member: string, context: CallContext): StoredTopic | undefined {
  return topicAnywhere(checkTopicArn(arn, member, context), context.data);
}

/** @throws NotFoundException, and what `findTopic` throws. */
export function needTopic(arn: string | undefined, member: string, context: CallContext): StoredTopic {
  const topic = findTopic(arn, member, context);
  if (topic === undefined) throw notFound();
  return topic;
}

/** The topic of an ARN, of any account and region. */
export function topicAnywhere(arn: string, data: Transaction): StoredTopic | undefined {
  const [, , service, region = '', account = '', name = ''] = arn.split(':');
  return service === 'sns' ? data.get(topics, rowKeyIn(name, { account, region })) : undefined;
}
