import type {
  ListTagsOfResourceInput,
  ListTagsOfResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-dynamodb';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext, TaggedResource } from '../service.ts';
import { listTags, tagsFrom, withTags, withoutTags } from '../tags.ts';
import { invalidValues, resourceNotFound } from './errors.ts';
import { findTable, ownTableArn, tableArn, tables } from './model.ts';
import type { StoredTable } from './model.ts';

export function listTableTags(input: ListTagsOfResourceInput, context: CallContext): ListTagsOfResourceOutput {
  return { Tags: listTags(taggedTable(input.ResourceArn, context).tags) };
}

export function tagTable(input: TagResourceInput, context: CallContext): object {
  const table = taggedTable(input.ResourceArn, context);
  const tags = withTags(table.tags, tagsFrom(input.Tags), invalidValues);
  context.data.put(tables, rowKey(table.name, context), { ...table, tags });
  return {};
}

export function untagTable(input: UntagResourceInput, context: CallContext): object {
  const table = taggedTable(input.ResourceArn, context);
  const tags = withoutTags(table.tags, input.TagKeys ?? []);
  context.data.put(tables, rowKey(table.name, context), { ...table, tags });
  return {};
}

export function taggedTables(context: CallContext): readonly TaggedResource[] {
  return rowsIn(tables, context).map((table) => ({ type: 'dynamodb:table', arn: tableArn(table), tags: table.tags }));
}

/** Tags are addressed by the table's ARN. */
function taggedTable(arn: string | undefined, context: CallContext): StoredTable {
  const table = findTable(arn, context);
  if (table !== undefined && ownTableArn(table.name, context) === arn) return table;
  throw resourceNotFound(`: ResourcArn: ${arn} not found`);
}
