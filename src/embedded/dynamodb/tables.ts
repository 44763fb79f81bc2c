import type {
  DeleteTableInput,
  DeleteTableOutput,
  DescribeTableInput,
  DescribeTableOutput,
  ListTablesInput,
  ListTablesOutput,
  TableDescription,
  UpdateTableInput,
  UpdateTableOutput,
} from '@aws-sdk/client-dynamodb';
import { notEmbedded } from '../not-embedded.ts';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { refuseBeyond } from './beyond.ts';
import { constraint, validation } from './errors.ts';
import { itemsOf, ownTable, tableArn, tables } from './model.ts';
import type { StoredTable } from './model.ts';
import { itemSize } from './size.ts';

/** ListTables, Limit: 1 to 100, by default 100. */
const MAX_PAGE = 100;

export function describeTable(input: DescribeTableInput, context: CallContext): DescribeTableOutput {
  return { Table: describedTable(ownTable(input.TableName, context), context) };
}

/** Size and count are those of now; AWS brings them up to date "approximately every six hours". */
export function describedTable(table: StoredTable, { data }: CallContext): TableDescription {
  const { throughput, key } = table;
  const items = itemsOf(table);
  return {
    AttributeDefinitions: key.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    TableName: table.name,
    KeySchema: key.map(({ name, role }) => ({ AttributeName: name, KeyType: role })),
    TableStatus: 'ACTIVE',
    CreationDateTime: new Date(table.created),
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 0,
      ReadCapacityUnits: throughput?.read ?? 0,
      WriteCapacityUnits: throughput?.write ?? 0,
    },
    TableSizeBytes: [...data.entries(items)].reduce((sum, [, item]) => sum + itemSize(item), 0),
    ItemCount: data.size(items),
    TableArn: tableArn(table),
    TableId: table.id,
    ...(throughput === undefined && {
      BillingModeSummary: {
        BillingMode: 'PAY_PER_REQUEST',
        LastUpdateToPayPerRequestDateTime: new Date(table.created),
      },
    }),
    DeletionProtectionEnabled: table.isProtected,
  };
}

/** A table is gone at once; AWS takes seconds. */
export function deleteTable(input: DeleteTableInput, context: CallContext): DeleteTableOutput {
  const table = ownTable(input.TableName, context);
  if (table.isProtected) {
    throw validation(
      'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    );
  }
  const description = describedTable(table, context);
  const items = itemsOf(table);
  for (const key of context.data.keys(items)) context.data.delete(items, key);
  context.data.delete(tables, rowKey(table.name, context));
  return { TableDescription: { ...description, TableStatus: 'DELETING' } };
}

/** A table is as it was asked to be at once; AWS takes seconds. Of capacities only that none is planned any more. */
export function updateTable(input: UpdateTableInput, context: CallContext): UpdateTableOutput {
  refuseBeyond('UpdateTable', input, ['TableName', 'BillingMode', 'DeletionProtectionEnabled']);
  const { BillingMode: mode, DeletionProtectionEnabled: isProtected } = input;
  if (mode === 'PROVISIONED') throw notEmbedded('BillingMode PROVISIONED of UpdateTable');
  const table = ownTable(input.TableName, context);
  if (mode === undefined && isProtected === undefined) {
    throw validation('At least one of the parameters of UpdateTable is required beside TableName');
  }
  const { throughput, ...rest } = table;
  const changed = {
    ...rest,
    ...(mode === undefined && throughput !== undefined && { throughput }),
    isProtected: isProtected ?? table.isProtected,
  };
  context.data.put(tables, rowKey(table.name, context), changed);
  return { TableDescription: describedTable(changed, context) };
}

export function listTables(input: ListTablesInput, context: CallContext): ListTablesOutput {
  const { Limit: limit = MAX_PAGE, ExclusiveStartTableName: last = '' } = input;
  if (limit < 1) throw constraint('limit', limit, 'have value greater than or equal to 1');
  if (limit > MAX_PAGE) throw constraint('limit', limit, `have value less than or equal to ${MAX_PAGE}`);
  const names = rowsIn(tables, context)
    .map(({ name }) => name)
    .filter((name) => name > last);
  const shown = names.slice(0, limit);
  const end = shown.at(-1);
  return {
    TableNames: shown,
    ...(end !== undefined && names.length > limit && { LastEvaluatedTableName: end }),
  };
}
