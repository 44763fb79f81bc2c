import type { Event, NotificationConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { invalidArgument, malformedXml } from './errors.ts';
import type { NotificationEntry } from './notification-model.ts';
import { takesIn } from './notification-model.ts';

/** Service quotas, "Event notifications": of a bucket. */
const MAX_ENTRIES = 100;
/** NotificationConfigurationFilter, Value: characters. */
const MAX_VALUE = 1024;
const MAX_ID = 255;

/** Those that wildcards stand for, and those that stand alone (User Guide, "Supported event types"). */
const FAMILIES = [
  's3:IntelligentTiering',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  's3:LifecycleTransition',
  's3:ObjectAcl:Put',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Put',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:ObjectRestore:Post',
  's3:ObjectTagging:Delete',
  's3:ObjectTagging:Put',
  's3:ReducedRedundancyLostObject',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationNotTracked',
  's3:Replication:OperationReplicatedAfterThreshold',
];
const WILDCARD = /^s3:[A-Za-z]+:\*$/;

/** The entries of a configuration. @throws MalformedXML, InvalidArgument for what S3 does not take */
export function readEntries(given: NotificationConfiguration): readonly NotificationEntry[] {
  const entries = [
    ...(given.TopicConfigurations ?? []).map((one) => readEntry(one, one.TopicArn, 'sns')),
    ...(given.QueueConfigurations ?? []).map((one) => readEntry(one, one.QueueArn, 'sqs')),
    ...(given.LambdaFunctionConfigurations ?? []).map((one) => readEntry(one, one.LambdaFunctionArn, 'lambda')),
  ];
  if (entries.length > MAX_ENTRIES) throw malformedXml();
  const ids = entries.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique', 'Id', twice);
  }
  entries.forEach((entry, index) => checkOverlap(entry, entries.slice(index + 1)));
  return entries;
}

interface GivenEntry {
  readonly Id?: string | undefined;
  readonly Events: Event[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

function readEntry({ Id, Events: events = [], Filter }: GivenEntry, target: string = '', service: string) {
  if (events.length === 0 || (Id ?? '').length > MAX_ID) throw malformedXml();
  const foreign = events.find((event) => !isSupported(event));
  if (foreign !== undefined) {
    throw invalidArgument('The event is not supported for notifications', 'Event', foreign);
  }
  if (target.split(':')[2] !== service) throw invalidArgument('The ARN is not well formed', 'ARN', target);
  const rules = Filter?.Key?.FilterRules ?? [];
  return {
    id: Id === undefined || Id === '' ? crypto.randomUUID() : Id,
    target,
    events,
    ...(Filter !== undefined && { filter: Filter }),
    prefix: ruleOf('prefix', rules),
    suffix: ruleOf('suffix', rules),
  };
}

function isSupported(event: string): boolean {
  if (!WILDCARD.test(event)) return FAMILIES.includes(event);
  return FAMILIES.some((one) => takesIn(event, one));
}

type Rules = readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[];

/** Names compare without case. */
function ruleOf(name: 'prefix' | 'suffix', rules: Rules): string {
  const foreign = rules.find((rule) => !['prefix', 'suffix'].includes((rule.Name ?? '').toLowerCase()));
  if (foreign !== undefined) {
    throw invalidArgument('filter rule name must be either prefix or suffix', 'FilterRule.Name', foreign.Name);
  }
  const [rule, ...others] = rules.filter((one) => one.Name?.toLowerCase() === name);
  if (others.length > 0) {
    throw invalidArgument(`Cannot specify more than one ${name} rule in a filter.`, 'FilterRule.Name', name);
  }
  const value = rule?.Value ?? '';
  if (value.length > MAX_VALUE) {
    throw invalidArgument('Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation', 'Value', value);
  }
  return value;
}

/**
 * No event of an object may go two ways (User Guide, "Configuring event notifications using object key name
 * filtering"): filters of one event type overlap when an object's key may fit both.
 */
function checkOverlap(entry: NotificationEntry, others: readonly NotificationEntry[]): void {
  const other = others.find((one) => shareEvent(entry, one) && mayShareKey(entry, one));
  if (other === undefined) return;
  const isPlain = [entry, other].every(({ prefix, suffix }) => prefix === '' && suffix === '');
  throw invalidArgument(
    isPlain
      ? 'Configurations overlap. Configurations on the same bucket cannot share a common event type.'
      : 'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
    'Configuration',
    `${entry.id}, ${other.id}`,
  );
}

function shareEvent(left: NotificationEntry, right: NotificationEntry): boolean {
  return left.events.some((one) => right.events.some((other) => takesIn(one, other) || takesIn(other, one)));
}

function mayShareKey(left: NotificationEntry, right: NotificationEntry): boolean {
  const isWithin = (one: string, other: string, test: (text: string, part: string) => boolean): boolean =>
    test(one, other) || test(other, one);
  return (
    isWithin(left.prefix, right.prefix, (text, part) => text.startsWith(part)) &&
    isWithin(left.suffix, right.suffix, (text, part) => text.endsWith(part))
  );
}
