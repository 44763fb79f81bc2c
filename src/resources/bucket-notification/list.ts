import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError } from '../../aws/errors.ts';
import { splitMarker } from '../../engine/ownership.ts';
import type { MarkedObject, Place } from '../../engine/types.ts';
import { arn, bucketArn, nameInArn } from '../arns.ts';
import type { MarkedTopics } from '../marked-topics.ts';
import { statementsOf } from '../policy-document.ts';
import { entriesOf } from './entries.ts';
import { readConfiguration } from './store.ts';
import { isEstateId } from './types.ts';

export interface ListedEntry {
  /** `BUCKET/ID`, as `observe` calls it. */
  readonly resource: string;
  readonly object: MarkedObject;
}

/**
 * Entries that send to a topic of ours: the topic has a marker, its policy names the bucket, and the entry's id is a
 * marker. Whoever has no such topic asks no bucket.
 *
 * @param owners today's first.
 */
export async function* listEntries(
  aws: Aws,
  topics: MarkedTopics,
  owners: readonly string[],
  place: Place,
): AsyncGenerator<ListedEntry> {
  for (const topic of await topics.topics(place, owners)) {
    for (const bucket of await bucketsOf(aws, place, topic.arn)) {
      const configuration = (await readConfiguration(aws, { place, bucket })) ?? {};
      for (const { id, target } of entriesOf(configuration)) {
        if (target !== topic.arn || !isEstateId(id) || !owners.includes(splitMarker(id).owner)) continue;
        const resource = `${bucket}/${id}`;
        // The id keeps the estate's first owner: its marker is today's.
        const marker = `${owners[0] ?? ''}/${splitMarker(id).address}`;
        yield { resource, object: { marker, arn: arnOf(place, resource), place } };
      }
    }
  }
}

/** Whose events the topic takes, by its policy. */
async function bucketsOf(aws: Aws, place: Place, TopicArn: string): Promise<readonly string[]> {
  const client = await aws.client(SNSClient, place);
  try {
    const { Attributes = {} } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
    const policy: unknown = JSON.parse(Attributes['Policy'] ?? '{}');
    const sources = statementsOf(policy).flatMap(({ conditions }) => conditions);
    const beginning = bucketArn(place, '');
    const names = sources.flatMap((source) => {
      const [, value = ''] = /^\S+ aws:sourcearn = (\S+)$/.exec(source) ?? [];
      return nameInArn(value, beginning, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/) ?? [];
    });
    return [...new Set(names)];
  } catch (error) {
    if (isAwsError(error, 'NotFoundException')) return [];
    throw error;
  }
}

/** An entry has no ARN: this one is ours alone, and ends in what `observe` calls it. */
function arnOf(place: Place, resource: string): string {
  return arn('s3', place, `notification/${resource}`);
}

/** The bucket in such an ARN. */
export function entryInArn(text: string, place: Place): string | undefined {
  const resource = nameInArn(text, arnOf(place, ''), /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/);
  if (resource === undefined) return undefined;
  const cut = resource.indexOf('/');
  return isEstateId(resource.slice(cut + 1)) ? resource.slice(0, cut) : undefined;
}
