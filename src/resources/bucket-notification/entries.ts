import type { Event, NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { canonical } from '../../engine/value.ts';

/** One entry of a bucket's notification configuration, wherever it sends. */
export interface Entry {
  /** S3 gives one to an entry that has none. */
  readonly id: string;
  /** ARN of a topic, a queue or a function. */
  readonly target: string;
  /** Sorted. */
  readonly events: readonly string[];
  /** What keys begin and end with, as they are; empty: anything. */
  readonly prefix: string;
  readonly suffix: string;
}

/** Topics first, then queues, then functions, each in S3's order. */
export function entriesOf(configuration: NotificationConfiguration): readonly Entry[] {
  const { TopicConfigurations = [], QueueConfigurations = [], LambdaFunctionConfigurations = [] } = configuration;
  return [
    ...TopicConfigurations.map((one) => entryOf(one, one.TopicArn)),
    ...QueueConfigurations.map((one) => entryOf(one, one.QueueArn)),
    ...LambdaFunctionConfigurations.map((one) => entryOf(one, one.LambdaFunctionArn)),
  ];
}

interface Given {
  readonly Id?: string | undefined;
  readonly Events?: readonly string[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

function entryOf({ Id = '', Events = [], Filter }: Given, target = ''): Entry {
  const rules = Filter?.Key?.FilterRules ?? [];
  // S3 answers names with a capital and takes them in any case.
  const valueOf = (name: string): string => rules.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? '';
  return {
    id: Id,
    target,
    events: [...Events].sort(),
    prefix: decodeRule(valueOf('prefix')),
    suffix: decodeRule(valueOf('suffix')),
  };
}

/** With the entry in the place of the one with its id, or behind all others; whatever else is there stays as it is. */
export function withEntry(configuration: NotificationConfiguration, entry: Entry): NotificationConfiguration {
  const rules = [
    ...(entry.prefix === '' ? [] : [{ Name: 'prefix' as const, Value: encodeRule(entry.prefix) }]),
    ...(entry.suffix === '' ? [] : [{ Name: 'suffix' as const, Value: encodeRule(entry.suffix) }]),
  ];
  const own = {
    Id: entry.id,
    TopicArn: entry.target,
    Events: [...entry.events] as Event[],
    ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
  };
  const { TopicConfigurations: topics = [], ...others } = withoutQueuesAndFunctions(configuration, entry.id);
  const isThere = topics.some(({ Id }) => Id === entry.id);
  return {
    ...others,
    TopicConfigurations: isThere ? topics.map((one) => (one.Id === entry.id ? own : one)) : [...topics, own],
  };
}

export function withoutEntry(configuration: NotificationConfiguration, id: string): NotificationConfiguration {
  const { TopicConfigurations, ...others } = withoutQueuesAndFunctions(configuration, id);
  return {
    ...others,
    ...(TopicConfigurations && { TopicConfigurations: TopicConfigurations.filter(({ Id }) => Id !== id) }),
  };
}

/** Our id on an entry of another sort is our entry, turned into something else. */
function withoutQueuesAndFunctions(configuration: NotificationConfiguration, id: string): NotificationConfiguration {
  const { QueueConfigurations, LambdaFunctionConfigurations, ...others } = configuration;
  return {
    ...others,
    ...(QueueConfigurations && { QueueConfigurations: QueueConfigurations.filter(({ Id }) => Id !== id) }),
    ...(LambdaFunctionConfigurations && {
      LambdaFunctionConfigurations: LambdaFunctionConfigurations.filter(({ Id }) => Id !== id),
    }),
  };
}

/** Do two entries send the same to the same? Their ids may differ: S3 makes up those that nobody gave. */
export function isSameEntry(one: Entry, other: Entry): boolean {
  return canonical({ ...one, id: '' }) === canonical({ ...other, id: '' });
}

/** Is all but the entry of this id the same in both? */
export function isSameBeside(id: string, one: NotificationConfiguration, other: NotificationConfiguration): boolean {
  return besideOf(id, one) === besideOf(id, other);
}

function besideOf(id: string, configuration: NotificationConfiguration): string {
  const entries = entriesOf(configuration).filter((entry) => entry.id !== id);
  return canonical([entries.map((entry) => ({ ...entry })), configuration.EventBridgeConfiguration !== undefined]);
}

/**
 * May an object's event go both ways? S3 refuses two such entries (User Guide, "Configuring event notifications using
 * object key name filtering"): they share an event, and a key may fit both prefixes and both suffixes.
 */
export function overlap(one: Pick<Entry, OverlapField>, other: Pick<Entry, OverlapField>): boolean {
  const share = one.events.some((event) => other.events.some((its) => takesIn(event, its) || takesIn(its, event)));
  return (
    share &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  );
}

type OverlapField = 'events' | 'prefix' | 'suffix';

function takesIn(event: string, other: string): boolean {
  return event.endsWith('*') ? other.startsWith(event.slice(0, -1)) : event === other;
}

/** Blanks are `+` in a rule, and all that is special is percent-encoded, as in the keys of events; slashes stay. */
export function encodeRule(text: string): string {
  return new URLSearchParams({ key: text }).toString().slice('key='.length).replaceAll('%2F', '/');
}

/** What cannot be decoded is as it is. */
function decodeRule(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
