import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableDescription, Tag, TimeToLiveStatus, UpdateTableInput } from '@aws-sdk/client-dynamodb';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type {
  Difference,
  Draft,
  Observation,
  Permission,
  Place,
  Present,
  Progress,
  ResourceType,
  Target,
  Use,
} from '../engine/types.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { arn, nameInArn } from './arns.ts';
import { LAMBDA_FUNCTION } from './aws-lambda-function.ts';
import { ADOPTED_TAG, markerOf, tagList, tagsOf } from './marker.ts';
import type { Tags } from './marker.ts';
import { isNamedByOwner } from './names.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { removing } from './removal.ts';
import { IMMUTABLE, isSameOfTable, tableInput, tableProperties } from './table-properties.ts';
import type { TableProperties } from './table-properties.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedPresent } from './tagged.ts';
import { setTimeToLive } from './time-to-live.ts';

export interface TableAttributes {
  readonly Arn: string;
}

export const TABLE = 'AWS::DynamoDB::Table';

/** A table is made, or changed, within seconds mostly. */
const SETTLING_MS = 5_000;

/** What UpdateTable changes, one at a time. */
const IN_PLACE = ['BillingMode', 'DeletionProtectionEnabled'] as const satisfies (keyof TableProperties)[];

const ACTIONS: ActionsByUse = {
  read: ['DescribeTable', 'DescribeTimeToLive', 'ListTagsOfResource'],
  create: ['CreateTable', 'TagResource'],
  update: ['UpdateTable', 'TagResource', 'UntagResource'],
  delete: ['DeleteTable'],
  adopt: ['TagResource'],
  release: ['UntagResource'],
};

type TableTarget = Target<TableProperties>;
type TableSeen = Present<TableProperties, TableAttributes>;

/** An observation that remembers what a write right after it must know beside the properties; never sealed. */
interface TablePresent extends TaggedPresent<TableProperties, TableAttributes> {
  readonly table: TableDescription;
  readonly timeToLive: TimeToLiveStatus | undefined;
}

/**
 * A table with its rows, which nobody can make again: it is let go by default, and deleted only where its document says
 * so and DynamoDB's own protection is off. So whoever declares the protection declares `false` where a document says
 * `onRemove: delete`: the apply of that takes it off.
 */
export function createTableType(aws: Aws): ResourceType<TableProperties, TableAttributes> {
  function clientFor({ place }: Pick<TableTarget, 'place'>): Promise<DynamoDBClient> {
    return aws.client(DynamoDBClient, place);
  }

  async function observe(target: TableTarget): Promise<Observation<TableProperties, TableAttributes>> {
    const { TableName } = target.properties;
    try {
      const client = await clientFor(target);
      const { Table: table } = await client.send(new DescribeTableCommand({ TableName }));
      // Nothing can be done with one that goes, and its name is free once it is gone.
      if (table === undefined || table.TableStatus === 'DELETING') return { state: 'absent' };
      const { TimeToLiveDescription: ttl = {} } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      const tags = await listTags(client, arnOf(target));
      const properties = tableProperties(target.properties, table, ttl);
      const found = { resource: TableName, properties, attributes: { Arn: arnOf(target) } };
      const present: TablePresent = {
        ...taggedPresent(target, found, tags),
        table,
        timeToLive: ttl.TimeToLiveStatus,
      };
      return present;
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf(target: TableTarget): Promise<TagWriter> {
    const client = await clientFor(target);
    const ResourceArn = arnOf(target);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ ResourceArn, Tags: tagList(tags) }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: TABLE,
    marker: 'tag',
    stateful: true,
    // What still runs would write on.
    removedAfter: [BUCKET_NOTIFICATION, LAMBDA_FUNCTION],
    managed: [
      'TableName',
      'AttributeDefinitions',
      'KeySchema',
      'BillingMode',
      'TimeToLiveSpecification',
      'DeletionProtectionEnabled',
      'Tags',
    ],
    fields: { AttributeDefinitions: 'immutable', KeySchema: 'immutable' },
    describe: ({ properties }) => properties.TableName as string,
    predict: (target) => ({ Arn: arnOf(target) }),
    permissions: permissionsOf,
    observe,
    compare: async (target, seen) => ({ differences: tableDifferences(target, seen) }),

    async create(target): Promise<Progress> {
      const client = await clientFor(target);
      const Tags = tagList({ ...tagsAtCreate(target), ...nameTag(target) });
      return settling(() => client.send(new CreateTableCommand({ ...tableInput(target.properties), Tags })));
    },

    async update(target, seen, differences): Promise<Progress> {
      const { table, timeToLive } = seen as TablePresent;
      if (table.TableStatus !== 'ACTIVE') return SETTLING;
      const client = await clientFor(target);
      const { TableName, TimeToLiveSpecification: ttl } = target.properties;
      const paths = new Set(differences.map(({ path }) => path));
      const path = IN_PLACE.find((one) => paths.has(one));
      if (path !== undefined) {
        const input: UpdateTableInput = { TableName, [path]: target.properties[path] };
        return settling(() => client.send(new UpdateTableCommand(input)));
      }
      if (ttl !== undefined && paths.has('TimeToLiveSpecification')) {
        const found = { ...seen.properties.TimeToLiveSpecification, status: timeToLive };
        await setTimeToLive(client, TableName, found, ttl);
        return { done: false, waiting: 'for its time to live to be known', again: SETTLING_MS };
      }
      return updateTagged(target, seen, await writerOf(target), async () => {}, nameTag(target));
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerOf(target)),
    release: async (target, seen) => releaseTagged(seen, await writerOf(target)),

    async locate(found) {
      const TableName = nameInArn(found.arn, arnOfTable(found.place, ''), /^[\w.-]+$/);
      return TableName === undefined ? undefined : locateTagged(found, TableName, { TableName }, observe);
    },

    /** As DynamoDB counts them, "approximately every six hours"; who plans may not read rows. */
    async losses(_target, seen) {
      const count = (seen as TablePresent).table.ItemCount ?? 0;
      if (count === 0) return [];
      const extent = { create: 0, update: 0, delete: count, population: count };
      return [{ path: 'Items', before: count, after: 0, extent }];
    },

    async remove(target, seen): Promise<Progress> {
      const { TableName } = target.properties;
      if (seen.properties.DeletionProtectionEnabled === true) throw new Error(protectedTable(TableName));
      const client = await clientFor(target);
      return removing(() => client.send(new DeleteTableCommand({ TableName })), {
        gone: ['ResourceNotFoundException'],
        moving: ['ResourceInUseException'],
      });
    },
  };
}

const SETTLING: Progress = { done: false, waiting: 'for the table to be ready', again: SETTLING_MS };

/** Also where another change is in progress, or somebody was faster: the next look tells. */
async function settling(write: () => Promise<unknown>): Promise<Progress> {
  try {
    await write();
  } catch (error) {
    if (!isAwsError(error, 'ResourceInUseException')) throw error;
  }
  return SETTLING;
}

async function listTags(client: DynamoDBClient, ResourceArn: string): Promise<Tags> {
  const tags: Tag[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken }));
    tags.push(...(page.Tags ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return tagsOf(tags);
}

/** A name that people chose does not follow from the marker: so the tag of its own name tells it from a copy. */
function nameTag(target: TableTarget): Tags {
  const { TableName } = target.properties;
  return isNamedByOwner({ ...target, marker: markerOf(target) }, TableName) ? {} : { [ADOPTED_TAG]: TableName };
}

function tableDifferences(target: TableTarget, seen: TableSeen): readonly Difference[] {
  return taggedDifferences(target, seen, isSameOfTable).map((difference) =>
    IMMUTABLE.has(difference.path) ? { ...difference, replaces: true } : difference,
  );
}

function protectedTable(name: string): string {
  return `table ${name} is protected against deletion: aws dynamodb update-table --table-name ${name} --no-deletion-protection-enabled`;
}

function permissionsOf({ place, properties }: Draft<TableProperties>, use: Use): readonly Permission[] {
  const table = arnOfTable(place, knownText(properties.TableName));
  const setsTtl = properties.TimeToLiveSpecification !== undefined && (use === 'create' || use === 'update');
  return permit('dynamodb', table, [...ACTIONS[use], ...(setsTtl ? ['UpdateTimeToLive'] : [])]);
}

function arnOf({ place, properties }: TableTarget): string {
  return arnOfTable(place, properties.TableName);
}

function arnOfTable(place: Place, name: string): string {
  return arn('dynamodb', place, `table/${name}`);
}
