import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import {
  onBatch,
  onItem,
  onQuery,
  onTable,
  onTags,
  recordedBatch,
  recordedItem,
  recordedQuery,
  toCreateTable,
  toTag,
  toUntag,
} from './access.ts';
import { batchGetItem, batchWriteItem } from './batch-items.ts';
import { throughputExceeded } from './errors.ts';
import { deleteItem, getItem, putItem, updateItem } from './items.ts';
import { query, scan } from './query.ts';
import { IAM, createTable } from './table-creation.ts';
import { listTableTags, tagTable, taggedTables, untagTable } from './table-tags.ts';
import { deleteTable, describeTable, listTables, updateTable } from './tables.ts';
import { clockwork, describeTimeToLive, updateTimeToLive } from './time-to-live.ts';

const ITEMS = /^(?:.*Item|Query|Scan)$/;

/** Tables and their items, as DynamoDB's API reference and Developer Guide describe them; no indexes, no transactions. */
export const dynamodb: Service = {
  ...IAM,
  eventSource: 'dynamodb.amazonaws.com',
  secretFields: ['AttributeUpdates', 'Expected', 'ExpressionAttributeValues', 'Item'],
  throttled: (command) => (ITEMS.test(command) ? throughputExceeded() : throttling()),
  operations: {
    BatchGetItem: { ...read(batchGetItem, onBatch), recorded: recordedBatch },
    BatchWriteItem: { ...write(batchWriteItem, onBatch), recorded: recordedBatch },
    CreateTable: write(createTable, toCreateTable),
    DeleteItem: { ...write(deleteItem, onItem), recorded: recordedItem },
    DeleteTable: write(deleteTable, onTable),
    DescribeTable: read(describeTable, onTable),
    DescribeTimeToLive: read(describeTimeToLive, onTable),
    GetItem: { ...read(getItem, onItem), recorded: recordedItem },
    ListTables: read(listTables),
    ListTagsOfResource: read(listTableTags, onTags),
    PutItem: { ...write(putItem, onItem), recorded: recordedItem },
    Query: { ...read(query, onQuery), recorded: recordedQuery },
    Scan: { ...read(scan, onTable), recorded: recordedQuery },
    TagResource: write(tagTable, toTag),
    UntagResource: write(untagTable, toUntag),
    UpdateItem: { ...write(updateItem, onItem), recorded: recordedItem },
    UpdateTable: write(updateTable, onTable),
    UpdateTimeToLive: write(updateTimeToLive, onTable),
  },
  clockwork,
  tagged: taggedTables,
};
