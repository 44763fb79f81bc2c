import { read, write } from '../service.ts';
import type { Service } from '../service.ts';
import { throttling } from '../throttling.ts';
import { onItem, onTable, onTags, recordedItem, toCreateTable, toTag, toUntag } from './access.ts';
import { throughputExceeded } from './errors.ts';
import { deleteItem, getItem, putItem, updateItem } from './items.ts';
import { IAM, createTable } from './table-creation.ts';
import { listTableTags, tagTable, taggedTables, untagTable } from './table-tags.ts';
import { deleteTable, describeTable, listTables, updateTable } from './tables.ts';

/** Tables and single items, as DynamoDB's API reference and Developer Guide describe them; no indexes. */
export const dynamodb: Service = {
  ...IAM,
  eventSource: 'dynamodb.amazonaws.com',
  secretFields: ['AttributeUpdates', 'Expected', 'ExpressionAttributeValues', 'Item'],
  throttled: (command) => (command.endsWith('Item') ? throughputExceeded() : throttling()),
  operations: {
    CreateTable: write(createTable, toCreateTable),
    DeleteItem: { ...write(deleteItem, onItem), recorded: recordedItem },
    DeleteTable: write(deleteTable, onTable),
    DescribeTable: read(describeTable, onTable),
    GetItem: { ...read(getItem, onItem), recorded: recordedItem },
    ListTables: read(listTables),
    ListTagsOfResource: read(listTableTags, onTags),
    PutItem: { ...write(putItem, onItem), recorded: recordedItem },
    TagResource: write(tagTable, toTag),
    UntagResource: write(untagTable, toUntag),
    UpdateItem: { ...write(updateItem, onItem), recorded: recordedItem },
    UpdateTable: write(updateTable, onTable),
  },
  tagged: taggedTables,
};
