import {
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Aws } from '../aws/clients.ts';
import { takeAsFinal } from '../aws/final-errors.ts';
import type { Place } from '../engine/types.ts';
import { tagList } from './marker.ts';
import type { Tags } from './marker.ts';

/** What a call does to instances of one account and region; each is all or nothing. */
export interface InstanceWrites {
  start(ids: readonly string[]): Promise<void>;
  /** @param hibernate keeps their memory on disk. */
  stop(ids: readonly string[], hibernate: boolean): Promise<void>;
  setTags(ids: readonly string[], tags: Tags): Promise<void>;
  removeTags(ids: readonly string[], keys: readonly string[]): Promise<void>;
}

/** AWS has no room now, and will have none in a second: status 500 all the same (EC2 user guide, "Error codes"). */
const NO_ROOM = ['InsufficientInstanceCapacity', 'InsufficientHostCapacity', 'InsufficientCapacity'];

export async function instanceWrites(aws: Aws, place: Place): Promise<InstanceWrites> {
  const client = await aws.client(EC2Client, place);
  takeAsFinal(client, NO_ROOM);
  return {
    async start(ids) {
      await client.send(new StartInstancesCommand({ InstanceIds: [...ids] }));
    },
    async stop(ids, hibernate) {
      await client.send(new StopInstancesCommand({ InstanceIds: [...ids], ...(hibernate && { Hibernate: true }) }));
    },
    async setTags(ids, tags) {
      await client.send(new CreateTagsCommand({ Resources: [...ids], Tags: tagList(tags) }));
    },
    async removeTags(ids, keys) {
      await client.send(new DeleteTagsCommand({ Resources: [...ids], Tags: keys.map((Key) => ({ Key })) }));
    },
  };
}
