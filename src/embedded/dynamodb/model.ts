import type { KeyType, ScalarAttributeType } from '@aws-sdk/client-dynamodb';
import { rowKey, rowKeyIn } from '../row-key.ts';
import type { CallContext, ConditionKeys } from '../service.ts';
import { table } from '../store/database.ts';
import type { Table } from '../store/database.ts';
import { resourceTagKeys } from '../tags.ts';
import type { Tags } from '../tags.ts';
import { constraint, resourceNotFound } from './errors.ts';
import type { Item } from './value.ts';

/** One attribute of a table's primary key. */
export interface KeyAttribute {
  readonly name: string;
  readonly role: KeyType;
  readonly type: ScalarAttributeType;
}

export interface StoredTable {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** The partition key and, if there is one, the sort key. */
  readonly key: readonly KeyAttribute[];
  /** Undefined: on demand. */
  readonly throughput?: { readonly read: number; readonly write: number };
  readonly isProtected: boolean;
  /** The attribute by which items expire, and when that was set; undefined: it never was. */
  readonly timeToLive?: { readonly attribute: string; readonly isEnabled: boolean; readonly changed: number };
  readonly tags: Tags;
}

export const tables = table<StoredTable>('dynamodb/tables');

/** Items of one table by their primary keys. */
export function itemsOf(of: Pick<StoredTable, 'account' | 'region' | 'name'>): Table<Item> {
  return table(`dynamodb/items ${rowKeyIn(of.name, of)}`);
}

export function tableArn({ account, region, name }: Pick<StoredTable, 'account' | 'region' | 'name'>): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${name}`;
}

/** The ARN of a table of the caller's own, by its name or ARN, whether it exists or not. */
export function ownTableArn(reference: string | undefined, context: CallContext): string {
  return `${arnPrefix(context)}${nameOf(reference, context)}`;
}

function arnPrefix({ caller, region }: CallContext): string {
  return tableArn({ account: caller.account, region, name: '' });
}

/** "You can also provide the Amazon Resource Name (ARN) of the table": the name in it, or the name itself. */
function nameOf(reference: string = '', context: CallContext): string {
  const prefix = arnPrefix(context);
  return reference.startsWith(prefix) ? reference.slice(prefix.length) : reference;
}

/** "Naming rules": 3 to 255 of these characters. */
const NAME = /^[\w.-]+$/;
const MIN_NAME = 3;
const MAX_NAME = 255;

/** @throws ValidationException */
export function checkTableName(reference: string | undefined, context: CallContext): string {
  if (reference === undefined) throw constraint('tableName', undefined, 'not be null');
  const name = nameOf(reference, context);
  if (name === '') throw constraint('tableName', name, 'have length greater than or equal to 1');
  if (name.length > MAX_NAME) throw constraint('tableName', name, `have length less than or equal to ${MAX_NAME}`);
  if (!NAME.test(name)) throw constraint('tableName', name, 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (name.length < MIN_NAME) throw constraint('tableName', name, `have length greater than or equal to ${MIN_NAME}`);
  return name;
}

export function findTable(reference: string | undefined, context: CallContext): StoredTable | undefined {
  return context.data.get(tables, rowKey(nameOf(reference, context), context));
}

/** Of calls about a table itself. @throws ValidationException, ResourceNotFoundException */
export function ownTable(reference: string | undefined, context: CallContext): StoredTable {
  const name = checkTableName(reference, context);
  const found = findTable(name, context);
  if (found === undefined) throw resourceNotFound(`: Table: ${name} not found`);
  return found;
}

/** Of calls about items. @throws ResourceNotFoundException */
export function tableOfItems(reference: string | undefined, context: CallContext): StoredTable {
  const found = findTable(reference, context);
  if (found === undefined) throw resourceNotFound();
  return found;
}

/** Condition keys of calls about a table (Service Authorization Reference, "Amazon DynamoDB"). */
export function tableConditions(reference: string | undefined, context: CallContext): ConditionKeys {
  return resourceTagKeys(findTable(reference, context)?.tags);
}
