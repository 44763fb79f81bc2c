import { ResourceGroupsTaggingAPIClient, paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from '../aws/clients.ts';
import { splitMarker } from '../engine/ownership.ts';
import type { Place } from '../engine/types.ts';
import { OWNER_TAG } from './marker.ts';

export interface Marked {
  readonly arn: string;
  /** `owner/kind/name/id`. */
  readonly marker: string;
}

/** What carries an owner tag, as the tagging API has it: late by minutes. */
export interface MarkedTopics {
  /** Topics with the marker of one of these owners. */
  topics(place: Place, owners: readonly string[]): Promise<readonly Marked[]>;
  /** Functions and queues with any marker: what a topic may tell. */
  endpoints(place: Place): Promise<readonly Marked[]>;
}

/** Each is asked once for a place, however many types go by the answer. */
export function createMarkedTopics(aws: Aws): MarkedTopics {
  const answers = new Map<string, Promise<readonly Marked[]>>();

  function ask(place: Place, types: readonly string[]): Promise<readonly Marked[]> {
    const key = `${place.account}/${place.region} ${types.join(' ')}`;
    const answer = answers.get(key) ?? markedObjects(aws, place, types);
    answers.set(key, answer);
    // What failed is asked again; a second look of the same command wants a new answer as well.
    void answer.finally(() => answers.delete(key)).catch(() => undefined);
    return answer;
  }

  return {
    async topics(place, owners) {
      const marked = await ask(place, ['sns']);
      return marked.filter(({ marker }) => owners.includes(splitMarker(marker).owner));
    },
    endpoints: (place) => ask(place, ['lambda:function', 'sqs']),
  };
}

async function markedObjects(
  aws: Aws,
  place: Place,
  ResourceTypeFilters: readonly string[],
): Promise<readonly Marked[]> {
  const client = await aws.client(ResourceGroupsTaggingAPIClient, place);
  const request = { TagFilters: [{ Key: OWNER_TAG }], ResourceTypeFilters: [...ResourceTypeFilters] };
  const marked: Marked[] = [];
  for await (const { ResourceTagMappingList: list = [] } of paginateGetResources({ client }, request)) {
    for (const { ResourceARN: arn = '', Tags = [] } of list) {
      const marker = Tags.find(({ Key }) => Key === OWNER_TAG)?.Value;
      if (marker !== undefined) marked.push({ arn, marker });
    }
  }
  return marked;
}
