import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  FunctionResponseType,
} from '@aws-sdk/client-lambda';
import type { Value } from '../engine/types.ts';
import type { TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::Lambda::EventSourceMapping, for queues. */
export interface EventSourceMappingProperties extends TaggedProperties {
  /** Name or ARN. */
  readonly FunctionName: string;
  /** ARN of the queue. There is one mapping of a queue to a function. */
  readonly EventSourceArn: string;
  /** Messages that an invocation is handed at most; above 10 with a window. */
  readonly BatchSize?: number;
  /** Seconds for which a batch is waited for. */
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly Enabled?: boolean;
  /** `ReportBatchItemFailures`: the function answers which messages come again. */
  readonly FunctionResponseTypes?: readonly FunctionResponseType[];
  /** How many invocations it causes at a time, 2 to 1,000; empty: as many as there are. */
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
}

/** What UpdateEventSourceMapping sets. */
export const SETTINGS: readonly string[] = [
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'Enabled',
  'FunctionResponseTypes',
  'ScalingConfig',
] satisfies (keyof EventSourceMappingProperties)[];

/** Only in these can it be changed (API reference, `State`). */
const AT_REST: readonly (string | undefined)[] = ['Enabled', 'Disabled'];
const OFF: readonly (string | undefined)[] = ['Disabled', 'Disabling'];

export function isAtRest({ State }: EventSourceMappingConfiguration): boolean {
  return AT_REST.includes(State);
}

/** A mapping as it is, in the properties' form and without tags. */
export function mappingProperties(
  { FunctionName, EventSourceArn }: EventSourceMappingProperties,
  found: EventSourceMappingConfiguration,
): Readonly<Record<string, Value>> {
  return {
    FunctionName,
    EventSourceArn,
    BatchSize: found.BatchSize ?? null,
    MaximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds ?? 0,
    Enabled: !OFF.includes(found.State),
    FunctionResponseTypes: [...(found.FunctionResponseTypes ?? [])],
    ScalingConfig: {
      ...(found.ScalingConfig?.MaximumConcurrency !== undefined && {
        MaximumConcurrency: found.ScalingConfig.MaximumConcurrency,
      }),
    },
  };
}

/** The declared settings, as both calls take them. */
export function settingsOf(
  properties: EventSourceMappingProperties,
): Omit<CreateEventSourceMappingRequest, 'FunctionName' | 'EventSourceArn' | 'Tags'> {
  const { BatchSize, MaximumBatchingWindowInSeconds, Enabled, FunctionResponseTypes, ScalingConfig } = properties;
  return {
    ...(BatchSize !== undefined && { BatchSize }),
    ...(MaximumBatchingWindowInSeconds !== undefined && { MaximumBatchingWindowInSeconds }),
    ...(Enabled !== undefined && { Enabled }),
    ...(FunctionResponseTypes && { FunctionResponseTypes: [...FunctionResponseTypes] }),
    ...(ScalingConfig && { ScalingConfig: { ...ScalingConfig } }),
  };
}
