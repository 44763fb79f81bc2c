import type { CreateTableInput, CreateTableOutput } from '@aws-sdk/client-dynamodb';
import { requireTagging } from '../iam/authorize.ts';
import { notEmbedded } from '../not-embedded.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { tagsFrom, withTags } from '../tags.ts';
import { refuseBeyond } from './beyond.ts';
import { constraint, invalidValues, resourceInUse, validation } from './errors.ts';
import { checkTableName, findTable, tableArn, tables } from './model.ts';
import type { KeyAttribute, StoredTable } from './model.ts';
import { describedTable } from './tables.ts';

export const IAM = { actionPrefix: 'dynamodb', deniedName: 'AccessDeniedException' } as const;

const ATTRIBUTE_TYPES: readonly string[] = ['S', 'N', 'B'];

/** A table is active at once; AWS takes seconds. */
export function createTable(input: CreateTableInput, context: CallContext): CreateTableOutput {
  const name = checkTableName(input.TableName, context);
  refuseBeyond('CreateTable', input, [
    'AttributeDefinitions',
    'BillingMode',
    'DeletionProtectionEnabled',
    'KeySchema',
    'ProvisionedThroughput',
    'TableClass',
    'TableName',
    'Tags',
  ]);
  if ((input.TableClass ?? 'STANDARD') !== 'STANDARD') throw notEmbedded(`tables of the class ${input.TableClass}`);
  const throughput = throughputOf(input);
  const table: StoredTable = {
    account: context.caller.account,
    region: context.region,
    name,
    id: crypto.randomUUID(),
    created: context.now,
    key: keyOf(input),
    ...(throughput !== undefined && { throughput }),
    isProtected: input.DeletionProtectionEnabled ?? false,
    tags: withTags({}, tagsFrom(input.Tags), invalidValues),
  };
  requireTagging(IAM, tableArn(table), table.tags, context);
  if (findTable(name, context) !== undefined) throw resourceInUse(`Table already exists: ${name}`);
  context.data.put(tables, rowKey(name, context), table);
  return { TableDescription: describedTable(table, context) };
}

function throughputOf({ BillingMode: mode = 'PROVISIONED', ProvisionedThroughput: wanted }: CreateTableInput):
  | {
      readonly read: number;
      readonly write: number;
    }
  | undefined {
  if (mode === 'PAY_PER_REQUEST') {
    if (wanted === undefined) return undefined;
    throw invalidValues(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (mode !== 'PROVISIONED') {
    throw constraint('billingMode', mode, 'satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]');
  }
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = wanted ?? {};
  if (read === undefined || write === undefined) {
    throw invalidValues(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  for (const [member, units] of Object.entries({ readCapacityUnits: read, writeCapacityUnits: write })) {
    if (units < 1) {
      throw constraint(`provisionedThroughput.${member}`, units, 'have value greater than or equal to 1');
    }
  }
  return { read, write };
}

function keyOf({ KeySchema: schema = [], AttributeDefinitions: definitions = [] }: CreateTableInput): KeyAttribute[] {
  if (schema.length === 0) throw constraint('keySchema', '[]', 'have length greater than or equal to 1');
  if (schema.length > 2)
    throw constraint('keySchema', `${schema.length} elements`, 'have length less than or equal to 2');
  const [hash, range] = schema;
  if (hash?.KeyType !== 'HASH') {
    throw validation('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (range !== undefined && range.KeyType !== 'RANGE') {
    throw validation('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (hash.AttributeName === range?.AttributeName) {
    throw validation('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const key = schema.map(({ AttributeName: name = '', KeyType: role = 'HASH' }): KeyAttribute => {
    const type = definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    if (type === undefined) {
      throw invalidValues(
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}], AttributeDefinitions: [${defined.join(', ')}]`,
      );
    }
    if (!ATTRIBUTE_TYPES.includes(type)) {
      throw constraint('attributeDefinitions.member.attributeType', type, 'satisfy enum value set: [B, N, S]');
    }
    return { name, role, type };
  });
  if (defined.length === key.length) return key;
  throw invalidValues(
    'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  );
}
