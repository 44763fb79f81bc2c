import type { AttributeValue, CreateTableInput, ReturnValue, TagResourceInput } from '@aws-sdk/client-dynamodb';
import type { Access, CallContext, ConditionKeys } from '../service.ts';
import { requestTagKeys, tagsFrom } from '../tags.ts';
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

/** The value of the partition key (Developer Guide, "Using IAM policy conditions for fine-grained access control"). */
function leadingKeys(input: OfItem, context: CallContext): ConditionKeys {
  const table = findTable(input.TableName, context);
  const value = plainKey(input, table)[table?.key[0]?.name ?? ''];
  return value === undefined ? {} : { 'dynamodb:LeadingKeys': [value] };
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
