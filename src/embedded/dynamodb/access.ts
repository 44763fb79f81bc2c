import type {
  AttributeValue,
  CreateTableInput,
  ReturnValue,
  TagResourceInput,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
import type { ExpressionAttributes } from './expressions.ts';
import { parseCondition } from './expression/parse-condition.ts';
import { Placeholders } from './expression/placeholders.ts';
import { keyConditionOf } from './key-condition.ts';
import { findTable, ownTableArn, tableConditions } from './model.ts';
import type { StoredTable } from './model.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

interface OfTable {
  readonly TableName: string | undefined;
}

interface OfItem extends OfTable {
  readonly Key?: Attributes | undefined;
  readonly Item?: Attributes | undefined;
  readonly ReturnValues?: ReturnValue | undefined;
}

export const onTable: Access<OfTable> = {
  resource: ({ TableName }, context) => ownTableArn(TableName, context),
  conditions: ({ TableName }, context) => tableConditions(TableName, context),
};

export const toCreateTable: Access<CreateTableInput> = {
  ...onTable,
  conditions: ({ Tags }) => requestTagKeys(tagsFrom(Tags)),
};

/** Not modelled: `dynamodb:Attributes`. */
export const onItem: Access<OfItem> = {
  ...onTable,
  conditions: (input, context) => ({
    ...tableConditions(input.TableName, context),
    ...leadingKeys(input, context),
    ...(input.ReturnValues !== undefined && { 'dynamodb:ReturnValues': input.ReturnValues }),
  }),
};

interface OfQuery extends OfTable, ExpressionAttributes {
  readonly KeyConditionExpression?: string | undefined;
  readonly Select?: string | undefined;
}

/** Not modelled for what is no key condition: the call itself refuses it. */
export const onQuery: Access<OfQuery> = {
  ...onTable,
  conditions: (input, context) => ({
    ...tableConditions(input.TableName, context),
    ...partitionKeys(input, context),
    ...(input.Select !== undefined && { 'dynamodb:Select': input.Select }),
  }),
};

interface OfBatch {
  readonly RequestItems:
    | Readonly<Record<string, { readonly Keys: Attributes[] | undefined } | readonly WriteRequest[]>>
    | undefined;
}

/** Each table of a batch must be allowed, with the partition keys of its own items. */
export const onBatch: Access<OfBatch> = {
  resource: ({ RequestItems }, context) =>
    Object.keys(RequestItems ?? {}).map((reference) => ownTableArn(reference, context)),
  conditionsOf: (resource, input, context) => ({
    ...tableConditions(resource, context),
    ...leadingKeysOf(
      keysOfBatch(input, context).flatMap(([arn, keys]) => (arn === resource ? keys : [])),
      findTable(resource, context),
    ),
  }),
};

/** Keys by the ARNs of their tables. */
function keysOfBatch({ RequestItems }: OfBatch, context: CallContext): (readonly [string, readonly Attributes[]])[] {
  return Object.entries(RequestItems ?? {}).map(([reference, request]) => {
    const keys = 'Keys' in request ? (request.Keys ?? []) : writesOf(request);
    return [ownTableArn(reference, context), keys];
  });
}

function writesOf(writes: readonly WriteRequest[]): readonly Attributes[] {
  return writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {});
}

interface OfArn {
  readonly ResourceArn: string | undefined;
}

export const onTags: Access<OfArn> = {
  resource: ({ ResourceArn }) => ResourceArn ?? '*',
  conditions: ({ ResourceArn }, context) => tableConditions(ResourceArn, context),
};

export const toTag: Access<TagResourceInput> = {
  ...onTags,
  conditions: ({ ResourceArn, Tags }, context) => ({
    ...tableConditions(ResourceArn, context),
    ...requestTagKeys(tagsFrom(Tags)),
  }),
};

export const toUntag: Access<OfArn & { readonly TagKeys: string[] | undefined }> = {
  ...onTags,
  conditions: ({ ResourceArn, TagKeys }, context) => ({
    ...tableConditions(ResourceArn, context),
    ...requestTagKeys(TagKeys ?? []),
  }),
};

/** "Non key attribute values … will not appear in logs of actions using the classic API". */
export function recordedItem(input: OfItem, context: CallContext): object {
  return { TableName: input.TableName, Key: plainKey(input, findTable(input.TableName, context)) };
}

/** Which table, and how much was asked for: expressions have values in them. */
export function recordedQuery(input: OfTable & { readonly Limit?: number | undefined }): object {
  return { TableName: input.TableName, ...(input.Limit !== undefined && { Limit: input.Limit }) };
}

/** The keys of each table. */
export function recordedBatch(input: OfBatch, context: CallContext): object {
  const requestItems = keysOfBatch(input, context).map(([arn, keys]) => [
    arn,
    keys.map((Key) => plainKey({ TableName: arn, Key }, findTable(arn, context))),
  ]);
  return { RequestItems: Object.fromEntries(requestItems) as object };
}

/** The partition that a query reads. */
function partitionKeys(input: OfQuery, context: CallContext): ConditionKeys {
  const table = findTable(input.TableName, context);
  if (table === undefined || input.KeyConditionExpression === undefined) return {};
  try {
    const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    const placeholders = new Placeholders(names, values);
    const { partition } = keyConditionOf(parseCondition(input.KeyConditionExpression, placeholders), table);
    return { 'dynamodb:LeadingKeys': Object.values(partition).map(String) };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException') return {};
    throw error;
  }
}

/** The value of the partition key (Developer Guide, "Using IAM policy conditions for fine-grained access control"). */
function leadingKeys(input: OfItem, context: CallContext): ConditionKeys {
  return leadingKeysOf([input.Key ?? input.Item ?? {}], findTable(input.TableName, context));
}

function leadingKeysOf(keys: readonly Attributes[], table: StoredTable | undefined): ConditionKeys {
  const values = keys.flatMap((Key) => plainKey({ TableName: undefined, Key }, table)[table?.key[0]?.name ?? ''] ?? []);
  return values.length === 0 ? {} : { 'dynamodb:LeadingKeys': [...new Set(values)] };
}

/** The values of the primary key in an item or a key; none while there is no such table. */
function plainKey({ Key, Item }: OfItem, table: StoredTable | undefined): Readonly<Record<string, string>> {
  const given = Key ?? Item ?? {};
  return Object.fromEntries(
    (table?.key ?? []).flatMap(({ name }) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      const text = value?.S ?? value?.N ?? (value?.B && Buffer.from(value.B).toString('base64'));
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}
