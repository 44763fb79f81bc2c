import { ResourceGroupsTaggingAPIClient, paginateGetResources } from '@aws-sdk/client-resource-groups-tagging-api';
import type { Aws } from '../aws/clients.ts';
import { splitMarker } from '../engine/ownership.ts';
import type { Place } from '../engine/types.ts';
import { OWNER_TAG, tagsOf } from './marker.ts';
import type { Tags } from './marker.ts';

export interface Marked {
  readonly arn: string;
  /** `owner/kind/name/id`. */
  readonly marker: string;
  readonly tags: Tags;
}

/** What carries an owner tag, as the tagging API has it: late by minutes. */
export interface MarkedTopics {
  /** Topics with the marker of one of these owners. */
  topics(place: Place, owners: readonly string[]): Promise<readonly Marked[]>;
  /** APIs with the marker of one of these owners; what is in them, as stages, is not among them. */
  apis(place: Place, owners: readonly string[]): Promise<readonly Marked[]>;
  /** Functions and queues with any marker: what a topic may tell. */
  endpoints(place: Place): Promise<readonly Marked[]>;
}

const TOPIC_ARN = /^arn:[\w-]+:sns:/;
const API_ARN = /^arn:[\w-]+:apigateway:[\w-]+::\/apis\/[a-z0-9]+$/;

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

  /** What holds things that have no tags of their own: one question for all. */
  async function containers(place: Place, owners: readonly string[], isOne: RegExp): Promise<readonly Marked[]> {
    const marked = await ask(place, ['apigateway', 'sns']);
    return marked.filter(({ arn, marker }) => isOne.test(arn) && owners.includes(splitMarker(marker).owner));
  }

  return {
    topics: (place, owners) => containers(place, owners, TOPIC_ARN),
    apis: (place, owners) => containers(place, owners, API_ARN),
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
      const tags = tagsOf(Tags);
      const marker = tags[OWNER_TAG];
      if (marker !== undefined) marked.push({ arn, marker, tags });
    }
  }
  return marked;
}
