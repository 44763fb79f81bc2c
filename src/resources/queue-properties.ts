import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import type { Value } from '../engine/types.ts';
import type { TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::SQS::Queue, for standard queues under SQS's own key. */
export interface QueueProperties extends TaggedProperties {
  readonly QueueName: string;
  /** Seconds, 0 to 900. */
  readonly DelaySeconds?: number;
  /** Octets. */
  readonly MaximumMessageSize?: number;
  /** Seconds, 60 to 1,209,600 (14 days). */
  readonly MessageRetentionPeriod?: number;
  /** Seconds, 0 to 20. */
  readonly ReceiveMessageWaitTimeSeconds?: number;
  /** Seconds, 0 to 43,200; where Lambda reads the queue, six times the function's time limit. */
  readonly VisibilityTimeout?: number;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
  readonly SqsManagedSseEnabled?: boolean;
}

const NUMBERS = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
] as const satisfies (keyof QueueProperties & QueueAttributeName)[];

/** Properties that SQS calls attributes, by the same names. */
export const ATTRIBUTES = [
  ...NUMBERS,
  'RedrivePolicy',
  'SqsManagedSseEnabled',
] as const satisfies (keyof QueueProperties & QueueAttributeName)[];

export type QueueAttributeTexts = Partial<Record<string, string>>;

/** A queue as it is, in the properties' form and without tags. */
export function queueProperties(name: string, found: QueueAttributeTexts): Readonly<Record<string, Value>> {
  const numbers = NUMBERS.flatMap((attribute) =>
    found[attribute] === undefined ? [] : [[attribute, Number(found[attribute])] as const],
  );
  return {
    QueueName: name,
    ...Object.fromEntries(numbers),
    ...(found['RedrivePolicy'] && { RedrivePolicy: redriveIn(found['RedrivePolicy']) }),
    SqsManagedSseEnabled: found['SqsManagedSseEnabled'] === 'true',
  };
}

/** SQS gives the count back as it was given, as a number or as text. */
function redriveIn(text: string): Value {
  const { maxReceiveCount, ...rest } = JSON.parse(text) as Readonly<Record<string, Value>>;
  return { ...rest, maxReceiveCount: Number(maxReceiveCount) };
}

/** The declared attributes, or those of them that are named, as SQS takes them: in text. */
export function attributesOf(
  properties: QueueProperties,
  names: readonly string[] = ATTRIBUTES,
): Record<string, string> {
  return Object.fromEntries(
    ATTRIBUTES.filter((name) => names.includes(name)).flatMap((name) => {
      const value = properties[name];
      if (value === undefined) return [];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
