import { GetRoutesCommand } from '@aws-sdk/client-apigatewayv2';
import type { ApiGatewayV2Client, Route } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../../aws/clients.ts';
import { isAwsError, unknownFrom } from '../../aws/errors.ts';
import { documentOf } from '../../engine/address.ts';
import type {
  Comparison,
  Difference,
  Draft,
  Finding,
  MarkedObject,
  Observation,
  Permission,
  Place,
  Present,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../../engine/types.ts';
import { nameInArn } from '../arns.ts';
import { isInOurs, markerThrough } from '../container.ts';
import type { MarkedTopics } from '../marked-topics.ts';
import { OWNER_TAG, onRemoveOf } from '../marker.ts';
import type { Tags } from '../marker.ts';
import { knownText } from '../permissions.ts';
import { removing } from '../removal.ts';
import { propertyDifferences } from '../tagged.ts';
import { apiArn, permitTags, permitVerbs } from './arns.ts';
import { GONE, THERE, VISIBLE_AGAIN_MS, allItems, gatewayForOnce, gatewayOf, gatewayTags, sentOnce } from './client.ts';
import { containerOf, witnessThrough } from './owner.ts';
import { choosePart } from './parts.ts';
import { stampKey, stampValue, stampedIds, stampsIn } from './stamps.ts';
import type { Collection } from './types.ts';

/** Properties that a part of an API has whatever it is. */
export interface PartProperties {
  readonly ApiId: string;
}

/** What tells the parts of an API apart: its routes, its integrations, its authorizers. */
export interface PartKind<Properties extends PartProperties, Item, IdName extends string> {
  readonly type: string;
  readonly collection: Collection;
  /** `the route`. */
  readonly what: string;
  readonly managed: readonly (keyof Properties & string)[];
  readonly removedAfter?: readonly string[];
  /** The property by which one is found that carries no stamp yet. */
  readonly key: keyof Properties & string;
  /** API Gateway has one of a key in an API, and refuses a second one. */
  readonly isUnique?: true;
  /** Those of one key that routes of others use are not ours. */
  readonly isUsedBy?: (id: string, route: Route) => boolean;
  readonly idName: IdName;
  /** Name for people, by what is declared. */
  describe(properties: Draft<Properties>['properties']): string;
  list(client: ApiGatewayV2Client, ApiId: string): Promise<readonly Item[]>;
  idOf(item: Item): string;
  /** The managed properties as they are, but for the API's id. */
  read(item: Item, declared: Properties): Readonly<Record<string, Value>>;
  /** What differs in another way than property by property. */
  differences?(target: Target<Properties>, found: Readonly<Record<string, Value>>): readonly Difference[];
  findings?(target: Target<Properties>, ApiId: string, item: Item): Comparison['findings'];
  risk?(item: Item): Readonly<Record<string, Value>> | undefined;
  create(client: ApiGatewayV2Client, properties: Properties): Promise<unknown>;
  /** @param item as it is. */
  update(client: ApiGatewayV2Client, ApiId: string, item: Item, properties: Properties): Promise<unknown>;
  remove(client: ApiGatewayV2Client, ApiId: string, id: string): Promise<unknown>;
}

/** Of one that was found by its ARN: its id, beside what is declared. */
type Located<Properties> = Properties & { readonly LocatedId?: string };

interface PartPresent<Properties, Item, IdName extends string> extends Present<Properties, Record<IdName, string>> {
  readonly apiId: string;
  readonly tags: Tags;
  /** Others that could be it as well, but for its stamp. */
  readonly rivals: readonly string[];
  readonly item: Item;
  readonly found: Readonly<Record<string, Value>>;
}

/**
 * A part of an HTTP API, which has no tags. It is owned through the API, and marked there right after it was made: a tag of
 * the API holds its id and what was applied last. So one is found again whatever somebody changed of it, and one that
 * nothing declares any more is told from what others put there.
 */
export function createPartType<Properties extends PartProperties, Item, IdName extends string>(
  aws: Aws,
  marked: MarkedTopics,
  kind: PartKind<Properties, Item, IdName>,
): ResourceType<Properties, Record<IdName, string>> {
  type PartTarget = Target<Properties>;
  type Seen = PartPresent<Properties, Item, IdName>;
  const { collection } = kind;

  async function observe(target: PartTarget): Promise<Observation<Properties, Record<IdName, string>>> {
    try {
      const api = await containerOf(aws, target);
      if (api === undefined) return { state: 'absent' };
      const { ApiId, tags } = api;
      const client = await gatewayOf(aws, target.place);
      const items = (await kind.list(client, ApiId)).map((item) => ({ id: kind.idOf(item), item }));
      const stamp = stampsIn(tags).get(logicalIdOf(target));
      const ownId = stamp?.collection === collection ? stamp.id : undefined;
      const { LocatedId } = target.properties as Located<Properties>;
      const choice =
        LocatedId === undefined
          ? choosePart({
              parts: items.map(({ id, item }) => ({ id, key: kind.read(item, target.properties)[kind.key] })),
              key: target.properties[kind.key] as Value | undefined,
              ownId,
              others: stampedIds(withoutOwn(target, tags), collection),
              isUnique: kind.isUnique ?? false,
            })
          : { id: LocatedId, rivals: [] };
      const chosen = items.find(({ id }) => id === choice?.id);
      if (choice === undefined || chosen === undefined) return { state: 'absent' };
      const rivals = await withoutUsed(client, ApiId, choice.rivals);
      const isStamped = ownId === chosen.id;
      const found = { ApiId, ...kind.read(chosen.item, target.properties) };
      const risk = kind.risk?.(chosen.item);
      const present: Seen = {
        state: 'present',
        resource: `${ApiId}/${collection}/${chosen.id}`,
        properties: found as unknown as Partial<Properties>,
        attributes: { [kind.idName]: chosen.id } as Record<IdName, string>,
        // What nothing declares is ours by its stamp alone.
        marker: LocatedId === undefined || isStamped ? markerThrough(target, tags[OWNER_TAG]) : undefined,
        witness: true,
        applied: isStamped ? stamp?.applied : undefined,
        // The API's own: what protects it moves in the same apply, and must not make this look moved.
        protected: false,
        ...onRemoveOf(tags),
        ...(risk && { risk }),
        // Where a stamp tells which is ours, the others stand in nobody's way.
        ...(rivals.length > 0 && !isStamped && { twins: rivals, twinsHint: removalOf(target.place, ApiId, rivals) }),
        rivals: isStamped ? rivals : [],
        apiId: ApiId,
        tags,
        item: chosen.item,
        found,
      };
      return present;
    } catch (error) {
      return isAwsError(error, GONE) ? { state: 'absent' } : unknownFrom(error);
    }
  }

  /** Two of one key are twins, but for those that somebody's route uses: those were not made by a try of ours. */
  async function withoutUsed(
    client: ApiGatewayV2Client,
    ApiId: string,
    ids: readonly string[],
  ): Promise<readonly string[]> {
    const { isUsedBy } = kind;
    if (ids.length === 0 || isUsedBy === undefined) return ids;
    const routes = await allItems((page) => client.send(new GetRoutesCommand({ ApiId, ...page })));
    return ids.filter((id) => !routes.some((route) => isUsedBy(id, route)));
  }

  /** Nothing is done in an API that is not ours any more. */
  function refuseStrangers(target: PartTarget, ApiId: string, tags: Tags): void {
    const owner = tags[OWNER_TAG];
    if (!isInOurs(target, owner)) {
      throw new Error(`the API ${ApiId} is not ours (${owner ?? 'no marker'}): plan again`);
    }
  }

  function rivalFindings(
    { address, place }: PartTarget,
    resource: string,
    rivals: readonly string[],
  ): readonly Finding[] {
    if (rivals.length === 0) return [];
    const [ApiId = ''] = resource.split('/');
    return [
      {
        document: documentOf(address),
        code: 'twins',
        severity: 'warning',
        message:
          `beside ${kind.what} of ours (${resource}) the API has ${rivals.join(', ')}, which could be it as well and which no route uses: ` +
          'somebody made it, or a try whose reply was lost. Nothing is deleted',
        hint: removalOf(place, ApiId, rivals),
      },
    ];
  }

  function removalOf({ region }: Place, ApiId: string, [id = '']: readonly string[]): string {
    const noun = collection.slice(0, -1);
    return `aws apigatewayv2 delete-${noun} --api-id ${ApiId} --${noun}-id ${id} --region ${region}`;
  }

  async function unstamp(target: PartTarget, { apiId, tags }: Seen): Promise<void> {
    const key = stampKey(target.address);
    if (!(key in tags)) return;
    await (await gatewayTags(aws, target.place, apiArn(target.place, apiId))).remove([key]);
  }

  return {
    type: kind.type,
    marker: 'companion',
    managed: kind.managed,
    // A route is there, though the authorizer that it is to have is not.
    foundBy: ['ApiId', kind.key],
    ...(kind.removedAfter && { removedAfter: kind.removedAfter }),
    describe: ({ properties }) => kind.describe(properties),
    permissions: (draft, use) => permissionsOf(collection, draft, use),
    exclusive: ({ place, properties }) => `apigateway/${place.account}/${place.region}/${properties.ApiId}`,
    observe,

    async compare(target, seen): Promise<Comparison> {
      const { apiId, item, found, rivals } = seen as Seen;
      const findings = [
        ...(kind.findings?.(target, apiId, item) ?? []),
        ...rivalFindings(target, seen.resource, rivals),
      ];
      return {
        differences: [...propertyDifferences(target, seen), ...(kind.differences?.(target, found) ?? [])],
        ...(findings.length > 0 && { findings }),
      };
    },

    async create(target): Promise<Progress> {
      const { ApiId } = target.properties;
      const api = await containerOf(aws, target);
      refuseStrangers(target, ApiId, api?.tags ?? {});
      const client = await gatewayForOnce(aws, target.place);
      try {
        return await sentOnce(kind.what, () => kind.create(client, target.properties));
      } catch (error) {
        // Somebody was faster: the next look says what differs.
        if (!isAwsError(error, THERE)) throw error;
        return { done: false, waiting: `for ${kind.what} to be listed`, again: VISIBLE_AGAIN_MS };
      }
    },

    async update(target, seen, differences): Promise<Progress> {
      const { apiId, tags, item, applied } = seen as Seen;
      refuseStrangers(target, apiId, tags);
      if (differences.length > 0) await kind.update(await gatewayOf(aws, target.place), apiId, item, target.properties);
      if (applied !== target.applied) {
        const value = stampValue({ collection, id: kind.idOf(item), applied: target.applied });
        const writer = await gatewayTags(aws, target.place, apiArn(target.place, apiId));
        await writer.add({ [stampKey(target.address)]: value });
      }
      return { done: true };
    },

    async release(target, seen): Promise<Progress> {
      await unstamp(target, seen as Seen);
      return { done: true };
    },

    /** What stamps on our APIs tell: those lists are late, and a look follows. */
    async *list(owners, place, isDeclared): AsyncGenerator<MarkedObject> {
      for (const api of await marked.apis(place, owners)) {
        const document = api.marker.slice(0, api.marker.lastIndexOf('/'));
        const apiId = nameInArn(api.arn, apiArn(place, ''), /^[a-z0-9]+$/);
        if (apiId === undefined) continue;
        for (const [logicalId, stamp] of stampsIn(api.tags)) {
          const resource = `${apiId}/${collection}/${stamp.id}`;
          if (stamp.collection !== collection || isDeclared(resource)) continue;
          yield { marker: `${document}/${logicalId}`, arn: apiArn(place, resource), place };
        }
      }
    },

    async locate(object) {
      const path = nameInArn(object.arn, apiArn(object.place, ''), /^[a-z0-9]+\/[a-z]+\/[a-z0-9]+$/);
      const [ApiId = '', name, LocatedId = ''] = path?.split('/') ?? [];
      if (name !== collection) return undefined;
      const through = await witnessThrough(aws, object, ApiId);
      const stamp = stampsIn(through?.tags ?? {}).get(object.marker.slice(object.marker.lastIndexOf('/') + 1));
      const isStamped = stamp?.collection === collection && stamp.id === LocatedId;
      const properties = { ApiId, LocatedId } as unknown as Partial<Properties>;
      return { properties, ...(through && isStamped ? through.witness : { witnessed: false }) };
    },

    /** It goes before its stamp: without that it would be a stranger's. */
    async remove(target, seen): Promise<Progress> {
      const { apiId, tags, item } = seen as Seen;
      refuseStrangers(target, apiId, tags);
      const client = await gatewayOf(aws, target.place);
      const removed = await removing(() => kind.remove(client, apiId, kind.idOf(item)), { gone: [GONE] });
      await unstamp(target, seen as Seen);
      return removed;
    },
  };
}

function logicalIdOf({ address }: Pick<Target, 'address'>): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

function withoutOwn({ address }: Pick<Target, 'address'>, tags: Tags): Tags {
  const own = stampKey(address);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== own));
}

/** Ids are chosen by API Gateway: every one of its kind in the API is meant. */
function permissionsOf(
  collection: Collection,
  { place, properties }: Pick<Draft<PartProperties>, 'place' | 'properties'>,
  use: Use,
): readonly Permission[] {
  const api = `/apis/${knownText(properties.ApiId)}`;
  switch (use) {
    case 'read':
      return [...permitVerbs(place, api, ['GET']), ...permitVerbs(place, `${api}/${collection}`, ['GET'])];
    case 'create':
      return [...permitVerbs(place, `${api}/${collection}`, ['POST']), ...permitTags(place, api, ['POST'])];
    case 'update':
      return [...permitVerbs(place, `${api}/${collection}/*`, ['PATCH']), ...permitTags(place, api, ['POST'])];
    case 'delete':
      return [...permitVerbs(place, `${api}/${collection}/*`, ['DELETE']), ...permitTags(place, api, ['DELETE'])];
    case 'release':
      return permitTags(place, api, ['DELETE']);
    case 'adopt':
      return [];
  }
}
