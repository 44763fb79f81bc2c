import { notEmbedded } from '../not-embedded.ts';
import { invalidParameter } from './errors.ts';
import { FilterPolicyError, parseFilterPolicy } from './filter-policy.ts';
import { subscriptionArn } from './subscription-model.ts';
import type { FilterScope, StoredSubscription } from './subscription-model.ts';

/** What of a subscription can be said when it is made, and later. */
export type Settings = Pick<StoredSubscription, 'raw' | 'filterPolicy' | 'filterScope' | 'redrivePolicy'>;

export const DEFAULTS: Settings = { raw: false, filterScope: 'MessageAttributes' };

/** An attribute as the API names it, and its value. */
export type Attributes = Readonly<Record<string, string>>;

const QUEUE_ARN = /^arn:aws:sqs:([a-z0-9-]+):(\d{12}):[\w-]{1,80}$/;

/**
 * Settings with these attributes changed; together they must make sense.
 *
 * @param place the subscription as far as it is known.
 * @throws InvalidParameterException
 */
export function withAttributes(
  before: Settings,
  attributes: Attributes,
  place: Pick<StoredSubscription, 'topicArn' | 'owner' | 'protocol'>,
): Settings {
  const { raw, filterScope } = before;
  const settings: Settings = {
    raw: readRaw(attributes['RawMessageDelivery'], place.protocol) ?? raw,
    filterScope: readScope(attributes['FilterPolicyScope']) ?? filterScope,
    ...keptOrGiven('filterPolicy', before.filterPolicy, attributes['FilterPolicy']),
    ...keptOrGiven('redrivePolicy', before.redrivePolicy, attributes['RedrivePolicy']),
  };
  const foreign = Object.keys(attributes).find((name) => !NAMES.includes(name));
  if (foreign !== undefined) throw notEmbedded(`attribute ${foreign} of subscriptions`);
  checkFilter(settings);
  if (settings.redrivePolicy !== undefined) checkRedrive(settings.redrivePolicy, place);
  return settings;
}

const NAMES = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

/** Policies that take one away, without blanks. */
const EMPTY: ReadonlySet<string> = new Set(['', '{}']);

/** Empty, or an empty object, takes a policy away. */
function keptOrGiven(
  name: 'filterPolicy' | 'redrivePolicy',
  before: string | undefined,
  given: string | undefined,
): Pick<Settings, 'filterPolicy' | 'redrivePolicy'> {
  const value = given ?? before;
  return value === undefined || EMPTY.has(value.replaceAll(/\s/g, '')) ? {} : { [name]: value };
}

function readRaw(value: string | undefined, protocol: StoredSubscription['protocol']): boolean | undefined {
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') {
    throw invalidParameter('Attributes', `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  }
  if (value === 'true' && protocol === 'lambda') {
    throw invalidParameter(
      'Attributes',
      'RawMessageDelivery: Delivery protocol [lambda] does not support raw message delivery.',
    );
  }
  return value === 'true';
}

function readScope(value: string | undefined): FilterScope | undefined {
  if (value === undefined || value === 'MessageAttributes' || value === 'MessageBody') return value;
  throw invalidParameter(
    'Attributes',
    `FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
  );
}

function checkFilter({ filterPolicy, filterScope }: Settings): void {
  if (filterPolicy === undefined) return;
  try {
    parseFilterPolicy(filterPolicy, filterScope === 'MessageBody');
  } catch (error) {
    if (error instanceof FilterPolicyError) throw invalidParameter('Attributes', error.message);
    throw error;
  }
}

/** Developer guide, "Amazon SNS dead-letter queues": "must be in the same AWS account and AWS Region". */
function checkRedrive(text: string, { topicArn, owner }: Pick<StoredSubscription, 'topicArn' | 'owner'>): void {
  const [, region, account] = QUEUE_ARN.exec(deadLetterQueueOf(text) ?? '') ?? [];
  if (region === undefined) {
    throw invalidParameter('Attributes', 'RedrivePolicy: deadLetterTargetArn is an invalid arn');
  }
  if (region !== topicArn.split(':')[3] || account !== owner) {
    throw invalidParameter(
      'Attributes',
      'RedrivePolicy: deadLetterTargetArn must be of the account and the region of the subscription',
    );
  }
}

/** The queue that a RedrivePolicy names. @param text JSON; undefined is answered for anything else */
export function deadLetterQueueOf(text: string): string | undefined {
  try {
    const policy = JSON.parse(text) as { readonly deadLetterTargetArn?: unknown } | null;
    return typeof policy?.deadLetterTargetArn === 'string' ? policy.deadLetterTargetArn : undefined;
  } catch {
    return undefined;
  }
}

/** Every attribute is text (GetSubscriptionAttributes, Attributes). */
export function shownAttributes(subscription: StoredSubscription): Record<string, string> {
  const { filterPolicy, redrivePolicy } = subscription;
  return {
    SubscriptionArn: subscriptionArn(subscription),
    TopicArn: subscription.topicArn,
    Owner: subscription.owner,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    SubscriptionPrincipal: subscription.principal,
    ConfirmationWasAuthenticated: 'true',
    PendingConfirmation: 'false',
    RawMessageDelivery: String(subscription.raw),
    ...(filterPolicy !== undefined && { FilterPolicy: filterPolicy, FilterPolicyScope: subscription.filterScope }),
    ...(redrivePolicy !== undefined && { RedrivePolicy: redrivePolicy }),
  };
}
