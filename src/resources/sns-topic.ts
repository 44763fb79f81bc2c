import { GetTopicAttributesCommand, ListTagsForResourceCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws } from '../aws/clients.ts';
import { isAwsError } from '../aws/errors.ts';
import { documentOf } from '../engine/address.ts';
import { splitMarker } from '../engine/ownership.ts';
import type { Place, Target } from '../engine/types.ts';
import { arn } from './arns.ts';
import { OWNER_TAG, markerOf, tagsOf } from './marker.ts';
import type { Tags } from './marker.ts';
import { isNamedAfterSome, isNamedByOwner, objectName } from './names.ts';
import type { Marking } from './names.ts';
import { isSamePolicy } from './policy-document.ts';

/** What the three types of SNS know of a topic. */

export interface TopicLook {
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

export function topicArn(place: Place, name: string): string {
  return arn('sns', place, name);
}

/** Calls about tags say it otherwise than all others. */
export const TOPIC_GONE = ['NotFoundException', 'ResourceNotFoundException'] as const;

export function isTopicGone(error: unknown): boolean {
  return TOPIC_GONE.some((name) => isAwsError(error, name));
}

/** @throws the SDK's error, also where there is no such topic */
export async function lookAtTopic(aws: Aws, place: Place, TopicArn: string): Promise<TopicLook> {
  const client = await aws.client(SNSClient, place);
  const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
  return { attributes: Attributes, tags: await tagsOfTopic(aws, place, TopicArn) };
}

export async function tagsOfTopic(aws: Aws, place: Place, ResourceArn: string): Promise<Tags> {
  const client = await aws.client(SNSClient, place);
  const { Tags: list } = await client.send(new ListTagsForResourceCommand({ ResourceArn }));
  return tagsOf(list);
}

/**
 * The topic's marker, speaking for what hangs on it. The engine does not look below a topic that is another document's;
 * one that follows its document or its owner to a new name is marked before anything is written to it.
 */
export function markerThrough(
  target: Pick<Target, 'owner' | 'formerOwners' | 'address'>,
  tags: Tags,
): string | undefined {
  const marker = tags[OWNER_TAG];
  if (marker === undefined) return undefined;
  return [target.owner, ...(target.formerOwners ?? [])].includes(splitMarker(marker).owner) ? markerOf(target) : marker;
}

/** Calls that go by a topic's name: nothing is done to what hangs on one that is not ours any more. @throws Error */
export function refuseStrangers(target: Pick<Target, 'owner' | 'address'>, TopicArn: string, tags: Tags): void {
  const marker = tags[OWNER_TAG];
  if (marker !== undefined && documentOf(marker) === `${target.owner}/${documentOf(target.address)}`) return;
  throw new Error(`the topic ${TopicArn} is not ours (${marker ?? 'no marker'}): plan again`);
}

/**
 * Users name topics, so that no name says whose one is, and a tag is written by whoever may tag. A policy of ours has
 * this id: nobody writes it who may not change the topic.
 *
 * @param marker the topic's.
 */
export function policyIdOf(marker: string): string {
  const [owner = '', kind = '', name = '', logicalId = ''] = marker.split('/');
  return objectName({ owner, kind, name, logicalId });
}

/**
 * Was this policy written for the topic of this marker, or for it under an earlier name?
 *
 * @param isHeld the topic's own tag says that it had one: the id of another document's topic looks like that, too.
 */
export function isPolicyOf(marking: Marking, policy: string | undefined, isHeld: boolean): boolean {
  const { Id } = JSON.parse(policy ?? '{}') as { Id?: unknown };
  return typeof Id === 'string' && (isNamedByOwner(marking, Id) || (isHeld && isNamedAfterSome(marking, Id)));
}

/** What every topic has until somebody writes another one: its owner's account alone (CreateTopic, Policy). */
export function defaultPolicy(TopicArn: string, { account }: Place): object {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'SNS:GetTopicAttributes',
          'SNS:SetTopicAttributes',
          'SNS:AddPermission',
          'SNS:RemovePermission',
          'SNS:DeleteTopic',
          'SNS:Subscribe',
          'SNS:ListSubscriptionsByTopic',
          'SNS:Publish',
        ],
        Resource: TopicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  };
}

export function isDefaultPolicy(policy: unknown, TopicArn: string, place: Place): boolean {
  return isSamePolicy(policy, defaultPolicy(TopicArn, place));
}
