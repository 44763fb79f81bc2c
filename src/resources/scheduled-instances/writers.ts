import { ResourceGroupsTaggingAPIClient, paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from '../../aws/clients.ts';
import type { Place } from '../../engine/types.ts';
import { STAMP_TAG, parseStamp } from './tags.ts';

/** `owner/kind/name` of every document that has stamped instances of a place, as the tagging API has it: late by minutes. */
export async function listWriters(aws: Aws, place: Place): Promise<ReadonlySet<string>> {
  const client = await aws.client(ResourceGroupsTaggingAPIClient, place);
  const request = { TagFilters: [{ Key: STAMP_TAG }], ResourceTypeFilters: ['ec2:instance'] };
  const writers = new Set<string>();
  for await (const { ResourceTagMappingList: found = [] } of paginateGetResources({ client }, request)) {
    for (const { Tags = [] } of found) {
      const stamp = parseStamp(Tags.find(({ Key }) => Key === STAMP_TAG)?.Value);
      if (stamp) writers.add(stamp.writer);
    }
  }
  return writers;
}
