import type { CreateTableInput, TableDescription, TimeToLiveDescription } from '@aws-sdk/client-dynamodb';
import { equal } from '../engine/value.ts';
import type { Value } from '../engine/types.ts';
import { inDeclaredOrder } from './tagged.ts';
import type { TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::DynamoDB::Table, for tables on demand without indexes, under AWS's own key. */
export interface TableProperties extends TaggedProperties {
  readonly TableName: string;
  /** Of the key, and of nothing else. Immutable. */
  readonly AttributeDefinitions: readonly TableAttribute[];
  /** The partition key, then the sort key if there is one. Immutable. */
  readonly KeySchema: readonly TableKey[];
  readonly BillingMode: 'PAY_PER_REQUEST';
  readonly TimeToLiveSpecification?: TimeToLive;
  readonly DeletionProtectionEnabled?: boolean;
}

/** A type alias, not an interface: so it counts as a `Value`. */
export type TableAttribute = { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' };

export type TableKey = { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' };

export type TimeToLive = {
  /** Holds seconds since the epoch; undefined: of a table that has none. */
  readonly AttributeName?: string;
  readonly Enabled: boolean;
};

/** What no table can have changed. */
export const IMMUTABLE: ReadonlySet<string> = new Set(['AttributeDefinitions', 'KeySchema']);

/** A table as it is, in the properties' form and without tags. */
export function tableProperties(
  declared: TableProperties,
  found: TableDescription,
  ttl: TimeToLiveDescription,
): Readonly<Record<string, Value>> {
  const definitions = (found.AttributeDefinitions ?? []).map(({ AttributeName = '', AttributeType = '' }) => ({
    AttributeName,
    AttributeType,
  }));
  return {
    TableName: declared.TableName,
    AttributeDefinitions: inDeclaredOrder(
      declared.AttributeDefinitions,
      definitions,
      ({ AttributeName }) => AttributeName,
    ),
    KeySchema: (found.KeySchema ?? []).map(({ AttributeName = '', KeyType = '' }) => ({
      AttributeName,
      KeyType,
    })),
    BillingMode: found.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    TimeToLiveSpecification: timeToLive(ttl),
    DeletionProtectionEnabled: found.DeletionProtectionEnabled ?? false,
  };
}

/** What is being turned on counts as on (API reference, `TimeToLiveStatus`). */
function timeToLive({ AttributeName, TimeToLiveStatus: status }: TimeToLiveDescription): TimeToLive {
  return {
    ...(AttributeName !== undefined && { AttributeName }),
    Enabled: status === 'ENABLED' || status === 'ENABLING',
  };
}

/** Two ways of having no time to live are one, whatever attribute they name. */
export function isSameOfTable(path: string, before: Value, after: Value): boolean {
  return equal(before, after) || (path === 'TimeToLiveSpecification' && !isOn(before) && !isOn(after));
}

function isOn(value: Value): boolean {
  return (value as TimeToLive | null)?.Enabled === true;
}

/** All that CreateTable takes; a time to live comes after it. */
export function tableInput(properties: TableProperties): CreateTableInput {
  const { TableName, AttributeDefinitions, KeySchema, BillingMode, DeletionProtectionEnabled } = properties;
  return {
    TableName,
    AttributeDefinitions: AttributeDefinitions.map((one) => ({ ...one })),
    KeySchema: KeySchema.map((one) => ({ ...one })),
    BillingMode,
    ...(DeletionProtectionEnabled !== undefined && { DeletionProtectionEnabled }),
  };
}
