import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { constraint, invalidValues, validation } from './errors.ts';
import type { KeyAttribute, StoredTable } from './model.ts';
import { valueSize } from './size.ts';
import { attribute, readItem, typeOf } from './value.ts';
import type { Item, Value } from './value.ts';

/** "Constraints in Amazon DynamoDB", Partition keys and sort keys. */
const MAX_HASH_BYTES = 2048;
const MAX_RANGE_BYTES = 1024;

/** "Constraints in Amazon DynamoDB", Items: 400 KB. */
export const MAX_ITEM_BYTES = 409_600;

/** The key of a request. @throws ValidationException */
export function readKey(key: Record<string, AttributeValue> | undefined): Item {
  if (key === undefined) throw constraint('key', undefined, 'not be null');
  return readItem(key);
}

/** The row of an item that is to be written. @throws ValidationException for a key that is missing or does not fit. */
export function keyOfItem(table: StoredTable, item: Item): string {
  return rowOf(
    table.key.map((part) => {
      const value = attribute(item, part.name);
      if (value === undefined) throw invalidValues(`Missing the key ${part.name} in the item`);
      if (typeOf(value) !== part.type) {
        throw invalidValues(`Type mismatch for key ${part.name} expected: ${part.type} actual: ${typeOf(value)}`);
      }
      return checked(value, part);
    }),
  );
}

/** The row that a key means, which has the attributes of the primary key and no other. @throws ValidationException */
export function keyOf(table: StoredTable, key: Item): string {
  const values = table.key.map((part) => {
    const value = attribute(key, part.name);
    return value !== undefined && typeOf(value) === part.type ? checked(value, part) : undefined;
  });
  const found = values.filter((value) => value !== undefined);
  if (found.length === table.key.length && Object.keys(key).length === found.length) return rowOf(found);
  throw validation('The provided key element does not match the schema');
}

/** With it begin the rows of one partition, and no others. */
export function partitionPrefix(value: Value): string {
  return rowOf([value]).slice(0, -1);
}

function rowOf(values: readonly Value[]): string {
  return JSON.stringify(values);
}

function checked(value: Value, { name, role }: KeyAttribute): Value {
  const isEmpty = ('S' in value && value.S === '') || ('B' in value && value.B === '');
  if (isEmpty) {
    throw validation(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${'S' in value ? 'string' : 'binary'} value. Key: ${name}`,
    );
  }
  const size = valueSize(value);
  if (role === 'HASH' && size > MAX_HASH_BYTES) {
    throw invalidValues(`Size of hashkey has exceeded the maximum size limit of${MAX_HASH_BYTES} bytes`);
  }
  if (role === 'RANGE' && size > MAX_RANGE_BYTES) {
    throw invalidValues(`Aggregated size of all range keys has exceeded the size limit of ${MAX_RANGE_BYTES} bytes`);
  }
  return value;
}
