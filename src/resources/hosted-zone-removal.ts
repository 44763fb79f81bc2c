import { ChangeResourceRecordSetsCommand, DeleteHostedZoneCommand } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import { isAwsError, isReplyLost, wasSentTwice } from '../aws/errors.ts';
import { parseName } from '../dns/name.ts';
import { MAX_BATCH_CHARACTERS, MAX_BATCH_ELEMENTS } from '../dns/route53.ts';
import type { Progress } from '../engine/types.ts';
import { listRecordSets } from './record-sets/listing.ts';

/** A change of the same zone is in progress for a second, mostly. */
const PRIOR_REQUEST_MS = 2_000;
const LIST_AGAIN: Progress = { done: false, waiting: 'to list the zone again', again: 1_000 };

type Batch = readonly ResourceRecordSet[];

/** Deletes hosted zones with all that is in them, one batch a step; what was listed is remembered between the steps. */
export interface ZoneRemoval {
  step(client: Route53Client, id: string, name: string): Promise<Progress>;
}

export function createZoneRemoval(): ZoneRemoval {
  const left = new Map<string, Batch[]>();

  async function send(client: Route53Client, id: string, batch: Batch): Promise<void> {
    const Changes = batch.map((set) => ({ Action: 'DELETE' as const, ResourceRecordSet: set }));
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes } }));
  }

  return {
    async step(client, id, name) {
      const remembered = left.get(id);
      try {
        const batches = remembered ?? deletionBatches(await listRecordSets(client, id), name);
        const [batch, ...rest] = batches;
        if (batch === undefined) {
          await client.send(new DeleteHostedZoneCommand({ Id: id }));
          return { done: true };
        }
        left.set(id, batches);
        await send(client, id, batch);
        // The last one is followed by a new listing: somebody may have added to the zone since.
        if (rest.length > 0) left.set(id, rest);
        else left.delete(id);
        return { done: false, waiting: 'to empty the zone', again: 0 };
      } catch (error) {
        if (isAwsError(error, 'PriorRequestNotComplete')) {
          return { done: false, waiting: 'for an earlier change of the zone', again: PRIOR_REQUEST_MS };
        }
        left.delete(id);
        if (isAwsError(error, 'NoSuchHostedZone')) return { done: true };
        const isOutdated = isAwsError(error, 'InvalidChangeBatch') && (remembered !== undefined || wasSentTwice(error));
        if (isOutdated || isReplyLost(error)) return LIST_AGAIN;
        throw error;
      }
    },
  };
}

/**
 * Everything but the apex NS and SOA, which go with the zone. Aliases come first: their targets may be in the same zone.
 * A value of a set counts as one element; a set without values, an alias, as one as well.
 */
export function deletionBatches(sets: readonly ResourceRecordSet[], zoneName: string): Batch[] {
  const apex = parseName(zoneName.toLowerCase(), 'octal');
  const isKept = ({ Name = '', Type }: ResourceRecordSet): boolean =>
    (Type === 'NS' || Type === 'SOA') && parseName(Name.toLowerCase(), 'octal') === apex;
  const isAlias = ({ AliasTarget }: ResourceRecordSet): boolean => AliasTarget !== undefined;
  const going = sets.filter((set) => !isKept(set));
  const ordered = [...going.filter(isAlias), ...going.filter((set) => !isAlias(set))];
  const batches: ResourceRecordSet[][] = [];
  let room = { elements: 0, characters: 0 };
  for (const set of ordered) {
    const values = (set.ResourceRecords ?? []).map(({ Value = '' }) => Value);
    const elements = Math.max(values.length, 1);
    const characters = values.reduce((sum, value) => sum + value.length, 0);
    if (batches.length === 0 || room.elements < elements || room.characters < characters) {
      batches.push([]);
      room = { elements: MAX_BATCH_ELEMENTS, characters: MAX_BATCH_CHARACTERS };
    }
    batches.at(-1)?.push(set);
    room = { elements: room.elements - elements, characters: room.characters - characters };
  }
  return batches;
}
