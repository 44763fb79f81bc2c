import { randomUUID } from 'node:crypto';
import type {
  GetSubscriptionAttributesInput,
  GetSubscriptionAttributesResponse,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsByTopicResponse,
  ListSubscriptionsInput,
  ListSubscriptionsResponse,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  SubscribeResponse,
  Subscription,
  UnsubscribeInput,
} from '@aws-sdk/client-sns';
import { notEmbedded } from '../not-embedded.ts';
import { pageOf } from '../paging.ts';
import type { CallContext } from '../service.ts';
import { invalidParameter, notAuthorized, subscriptionNotFound } from './errors.ts';
import { needTopic, topicArn } from './model.ts';
import { DEFAULTS, shownAttributes, withAttributes } from './subscription-attributes.ts';
import type { Settings } from './subscription-attributes.ts';
import { subscriptionArn, subscriptionKey, subscriptions, subscriptionsOf } from './subscription-model.ts';
import type { StoredSubscription } from './subscription-model.ts';

/** ListSubscriptions: "up to 100". */
const PAGE = 100;
const ENDPOINTS = {
  lambda: /^arn:aws:lambda:[a-z0-9-]+:(\d{12}):function:[\w-]{1,64}(?::[\w$-]+)?$/,
  sqs: /^arn:aws:sqs:[a-z0-9-]+:(\d{12}):[\w-]{1,80}$/,
} as const;

/** One and the same endpoint is subscribed once; asked for again, it must be with the attributes that it has. */
export function subscribe(input: SubscribeInput, context: CallContext): SubscribeResponse {
  const topic = needTopic(input.TopicArn, 'TopicArn', context);
  const { Protocol: protocol = '', Endpoint: endpoint = '', Attributes: given = {} } = input;
  if (protocol !== 'lambda' && protocol !== 'sqs') throw notEmbedded(`subscriptions by ${protocol}`);
  checkEndpoint(protocol, endpoint, context);
  const place = { topicArn: topicArn(topic), owner: context.caller.account, protocol } as const;
  const settings = withAttributes(DEFAULTS, given, place);
  const known = subscriptionsOf(topic, context.data).find((one) => one.endpoint === endpoint);
  if (known !== undefined) {
    checkSame(known, settings);
    return { SubscriptionArn: subscriptionArn(known) };
  }
  const made = { ...place, ...settings, id: randomUUID(), endpoint, principal: context.caller.arn };
  const arn = subscriptionArn(made);
  context.data.put(subscriptions, subscriptionKey(arn), made);
  return { SubscriptionArn: arn };
}

/** Whoever owns the endpoint need not confirm; anybody else would have to. */
function checkEndpoint(protocol: keyof typeof ENDPOINTS, endpoint: string, { caller }: CallContext): void {
  const account = ENDPOINTS[protocol].exec(endpoint)?.[1];
  if (account === undefined) {
    throw invalidParameter('Endpoint', `${protocol === 'sqs' ? 'SQS' : 'Lambda'} endpoint ARN`);
  }
  if (account !== caller.account) throw notEmbedded('subscriptions that somebody else has to confirm');
}

function checkSame(known: StoredSubscription, settings: Settings): void {
  const { raw, filterPolicy, filterScope, redrivePolicy } = settings;
  const isSame =
    known.raw === raw &&
    known.filterPolicy === filterPolicy &&
    known.filterScope === filterScope &&
    known.redrivePolicy === redrivePolicy;
  if (!isSame) throw invalidParameter('Attributes', 'Subscription already exists with different attributes');
}

/** One that is not there is no error. The topic's owner and the subscription's may. */
export function unsubscribe({ SubscriptionArn: arn }: UnsubscribeInput, context: CallContext): object {
  const known = find(arn, context);
  if (known === undefined) return {};
  const isTopicOwner = known.topicArn.split(':')[4] === context.caller.account;
  if (!isTopicOwner && known.owner !== context.caller.account) throw notAuthorized();
  context.data.delete(subscriptions, subscriptionKey(subscriptionArn(known)));
  return {};
}

export function getSubscriptionAttributes(
  { SubscriptionArn: arn }: GetSubscriptionAttributesInput,
  context: CallContext,
): GetSubscriptionAttributesResponse {
  return { Attributes: shownAttributes(needOwn(arn, context)) };
}

export function setSubscriptionAttributes(input: SetSubscriptionAttributesInput, context: CallContext): object {
  const known = needOwn(input.SubscriptionArn, context);
  const { filterPolicy: _filter, redrivePolicy: _redrive, ...rest } = known;
  const settings = withAttributes(known, { [input.AttributeName ?? '']: input.AttributeValue ?? '' }, known);
  context.data.put(subscriptions, subscriptionKey(subscriptionArn(known)), { ...rest, ...settings });
  return {};
}

/** Those that the caller's account owns, in the call's region. */
export function listSubscriptions(input: ListSubscriptionsInput, context: CallContext): ListSubscriptionsResponse {
  const own = [...context.data.entries(subscriptions)]
    .map(([, one]) => one)
    .filter((one) => one.owner === context.caller.account && one.topicArn.split(':')[3] === context.region);
  return pageOfThem(own, input.NextToken);
}

export function listSubscriptionsByTopic(
  input: ListSubscriptionsByTopicInput,
  context: CallContext,
): ListSubscriptionsByTopicResponse {
  const topic = needTopic(input.TopicArn, 'TopicArn', context);
  return pageOfThem(subscriptionsOf(topic, context.data), input.NextToken);
}

function pageOfThem(found: readonly StoredSubscription[], token: string | undefined): ListSubscriptionsResponse {
  const refuse = (): Error => invalidParameter('NextToken');
  const { items, next } = pageOf(found, subscriptionArn, { token, size: PAGE }, refuse);
  return { Subscriptions: items.map(shown), ...(next !== undefined && { NextToken: next }) };
}

function shown(one: StoredSubscription): Subscription {
  return {
    SubscriptionArn: subscriptionArn(one),
    Owner: one.owner,
    Protocol: one.protocol,
    Endpoint: one.endpoint,
    TopicArn: one.topicArn,
  };
}

/** `arn:PARTITION:sns:REGION:ACCOUNT:TOPIC:ID` */
const ARN_PARTS = 7;

/** @throws InvalidParameterException for an ARN of anything else, or of another region. */
function find(arn: string = '', context: CallContext): StoredSubscription | undefined {
  const parts = arn.split(':');
  if (parts.length < ARN_PARTS) {
    throw invalidParameter('SubscriptionArn', `An ARN must have at least ${ARN_PARTS} elements, not ${parts.length}`);
  }
  if (parts[2] !== 'sns' || parts[3] !== context.region) throw invalidParameter('SubscriptionArn');
  return context.data.get(subscriptions, subscriptionKey(arn));
}

/** @throws NotFoundException, AuthorizationErrorException for somebody else's. */
function needOwn(arn: string | undefined, context: CallContext): StoredSubscription {
  const known = find(arn, context);
  if (known === undefined) throw subscriptionNotFound();
  if (known.owner !== context.caller.account) throw notAuthorized();
  return known;
}
