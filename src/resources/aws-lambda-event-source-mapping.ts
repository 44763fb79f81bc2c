import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  LambdaClient,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type {
  Draft,
  Located,
  MarkedObject,
  Observation,
  Permission,
  Place,
  Progress,
  ResourceType,
  Target,
  Use,
} from '../engine/types.ts';
import { arn, functionArn, nameInArn } from './arns.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { SETTINGS, isAtRest, mappingProperties, settingsOf } from './event-source-mapping-properties.ts';
import type { EventSourceMappingProperties } from './event-source-mapping-properties.ts';
import { ADOPTED_TAG } from './marker.ts';
import type { Tags } from './marker.ts';
import { SOURCE_SUFFIX, isNamedAfterSome, isNamedByOwner } from './names.ts';
import { knownText, permit } from './permissions.ts';
import { removing } from './removal.ts';
import { adoptTagged, releaseTagged, taggedDifferences, taggedPresent, tagsAtCreate, updateTagged } from './tagged.ts';
import type { TagWriter, TaggedPresent } from './tagged.ts';
import { YOUNG_ROLE_MS, isRoleTooYoung } from './young-role.ts';

export type { EventSourceMappingProperties } from './event-source-mapping-properties.ts';

export interface EventSourceMappingAttributes {
  /** UUID, which Lambda chooses. */
  readonly Id: string;
  readonly EventSourceMappingArn: string;
}

export const EVENT_SOURCE_MAPPING = 'AWS::Lambda::EventSourceMapping';

/** How long a mapping takes to be as it was asked to be, mostly. */
const SETTLING_MS = 5_000;

type MappingTarget = Target<EventSourceMappingProperties>;
type MappingObservation = Observation<EventSourceMappingProperties, EventSourceMappingAttributes>;

/** An observation that remembers what the write right after it must know beside the properties; never sealed. */
interface MappingPresent extends TaggedPresent<EventSourceMappingProperties, EventSourceMappingAttributes> {
  readonly mapping: EventSourceMappingConfiguration;
}

/**
 * What makes Lambda read a queue for a function. It is found by the two, since Lambda chooses its id and admits one of
 * them; that its function is ours, which the function's name says, tells it from one with a copied tag.
 */
export function createEventSourceMappingType(
  aws: Aws,
): ResourceType<EventSourceMappingProperties, EventSourceMappingAttributes> {
  function clientFor({ place }: Pick<MappingTarget, 'place'>): Promise<LambdaClient> {
    return aws.client(LambdaClient, place);
  }

  /** Those that are there to stay. */
  async function list(
    of: Pick<MappingTarget, 'place'>,
    filter: { readonly FunctionName?: string; readonly EventSourceArn?: string },
  ): Promise<readonly EventSourceMappingConfiguration[]> {
    const client = await clientFor(of);
    const found: EventSourceMappingConfiguration[] = [];
    const pages = paginateListEventSourceMappings({ client }, filter);
    for await (const { EventSourceMappings = [] } of pages) found.push(...EventSourceMappings);
    return found.filter(({ State }) => State !== 'Deleting');
  }

  async function tagsOf(of: Pick<MappingTarget, 'place'>, Resource: string): Promise<Tags> {
    const client = await clientFor(of);
    const { Tags: tags = {} } = await client.send(new ListTagsCommand({ Resource }));
    return tags;
  }

  async function observe(target: MappingTarget): Promise<MappingObservation> {
    const { FunctionName, EventSourceArn } = target.properties;
    try {
      const [mapping, ...others] = await list(target, { FunctionName, EventSourceArn });
      if (mapping === undefined) return { state: 'absent' };
      const Id = idOf(mapping);
      const EventSourceMappingArn = arnOfMapping(target.place, Id);
      const found = {
        resource: Id,
        properties: mappingProperties(target.properties, mapping),
        attributes: { Id, EventSourceMappingArn },
      };
      const tags = await tagsOf(target, EventSourceMappingArn);
      const present: MappingPresent = {
        ...taggedPresent(target, found, tags),
        ...(others.length > 0 && { twins: others.map(idOf) }),
        mapping,
      };
      return present;
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerOf({ place }: Pick<MappingTarget, 'place'>, Id: string): Promise<TagWriter> {
    const client = await clientFor({ place });
    const Resource = arnOfMapping(place, Id);
    return {
      async add(tags) {
        await client.send(new TagResourceCommand({ Resource, Tags: { ...tags } }));
      },
      async remove(keys) {
        await client.send(new UntagResourceCommand({ Resource, TagKeys: [...keys] }));
      },
    };
  }

  return {
    type: EVENT_SOURCE_MAPPING,
    marker: 'tag',
    managed: ['FunctionName', 'EventSourceArn', ...SETTINGS, 'Tags'],
    removedAfter: [BUCKET_NOTIFICATION],
    fields: { FunctionName: 'immutable', EventSourceArn: 'immutable' },
    describe: ({ properties: { FunctionName, EventSourceArn } }) =>
      `${lastPart(EventSourceArn)} to ${lastPart(FunctionName)}`,
    permissions: permissionsOf,
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    async create(target): Promise<Progress> {
      const { FunctionName, EventSourceArn } = target.properties;
      const client = await clientFor(target);
      const command = new CreateEventSourceMappingCommand({
        FunctionName,
        EventSourceArn,
        ...settingsOf(target.properties),
        Tags: { ...tagsAtCreate(target) },
      });
      return settling(() => client.send(command));
    },

    async update(target, seen, differences): Promise<Progress> {
      const { mapping } = seen as MappingPresent;
      if (!isAtRest(mapping)) return SETTLING;
      const UUID = seen.attributes.Id;
      if (differences.some(({ path }) => SETTINGS.includes(path))) {
        const client = await clientFor(target);
        const command = new UpdateEventSourceMappingCommand({ UUID, ...settingsOf(target.properties) });
        return settling(() => client.send(command));
      }
      return updateTagged(target, seen, await writerOf(target, UUID), async () => {});
    },

    async adopt(target, seen): Promise<Progress> {
      const { Id } = seen.attributes;
      return adoptTagged(target, seen, await writerOf(target, Id), { [ADOPTED_TAG]: Id });
    },

    release: async (target, seen) => releaseTagged(seen, await writerOf(target, seen.attributes.Id)),

    async locate(found): Promise<Located<EventSourceMappingProperties> | undefined> {
      const id = nameInArn(found.arn, arnOfMapping(found.place, ''), /^[0-9a-f-]{36}$/);
      if (id === undefined) return undefined;
      const mapping = (await list(found, {})).find((one) => idOf(one) === id);
      if (mapping === undefined) return undefined;
      const { FunctionArn = '', EventSourceArn = '' } = mapping;
      const FunctionName = lastPart(FunctionArn);
      const properties = { FunctionName, EventSourceArn };
      const ofFunction = functionMarking(found);
      if (isNamedByOwner(ofFunction, FunctionName)) return { properties, witnessed: true };
      const isHeld = (await tagsOf(found, found.arn))[ADOPTED_TAG] === id;
      const isByTag = isHeld && !isNamedAfterSome(ofFunction, FunctionName);
      return { properties, witnessed: isHeld, ...(isByTag && { byTag: true }) };
    },

    async remove(target, seen): Promise<Progress> {
      const client = await clientFor(target);
      const UUID = seen.attributes.Id;
      return removing(() => client.send(new DeleteEventSourceMappingCommand({ UUID })), {
        gone: ['ResourceNotFoundException'],
        moving: ['ResourceInUseException', 'ResourceConflictException'],
      });
    },
  };
}

const SETTLING: Progress = { done: false, waiting: 'for the mapping to be ready', again: SETTLING_MS };

/** A write after which the mapping is not ready for a while, and before which it may not have been. */
async function settling(write: () => Promise<unknown>): Promise<Progress> {
  try {
    await write();
  } catch (error) {
    // Lambda asks whether the function's role may read the queue.
    if (isRoleTooYoung(error)) {
      return { done: false, waiting: 'for the function’s role to be allowed to read the queue', again: YOUNG_ROLE_MS };
    }
    // Another change is in progress, or the reply to an earlier try was lost: the next look tells.
    const moving = ['ResourceConflictException', 'ResourceInUseException'];
    if (!moving.some((name) => isAwsError(error, name))) throw error;
  }
  return SETTLING;
}

/** The marker that its function has, by the suffix of its logical id; where it has none, no function's. */
function functionMarking(found: MarkedObject): Pick<MarkedObject, 'marker' | 'formerOwners'> {
  const { marker } = found;
  return { ...found, marker: marker.endsWith(SOURCE_SUFFIX) ? marker.slice(0, -SOURCE_SUFFIX.length) : '' };
}

/** Lambda chooses the id: all mappings of the region are meant, as far as they are of this function. */
function permissionsOf({ place, properties }: Draft<EventSourceMappingProperties>, use: Use): readonly Permission[] {
  const every = arnOfMapping(place, '*');
  const ofFunction = { 'lambda:FunctionArn': functionArn(place, knownText(properties.FunctionName)) };
  switch (use) {
    case 'read':
      return [...permit('lambda', '*', ['ListEventSourceMappings']), ...permit('lambda', every, ['ListTags'])];
    case 'create':
      return [
        ...permit('lambda', '*', ['CreateEventSourceMapping'], ofFunction),
        ...permit('lambda', every, ['TagResource']),
      ];
    case 'update':
      return [
        ...permit('lambda', every, ['UpdateEventSourceMapping'], ofFunction),
        ...permit('lambda', every, ['TagResource', 'UntagResource']),
      ];
    case 'delete':
      return permit('lambda', every, ['DeleteEventSourceMapping'], ofFunction);
    case 'adopt':
      return permit('lambda', every, ['TagResource']);
    case 'release':
      return permit('lambda', every, ['UntagResource']);
  }
}

function idOf({ UUID = '' }: EventSourceMappingConfiguration): string {
  return UUID;
}

function arnOfMapping(place: Place, id: string): string {
  return arn('lambda', place, `event-source-mapping:${id}`);
}

function lastPart(reference: unknown): string {
  return typeof reference === 'string' ? reference.slice(reference.lastIndexOf(':') + 1) : '(known later)';
}
