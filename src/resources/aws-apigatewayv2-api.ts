import {
  CreateApiCommand,
  DeleteApiCommand,
  GetRoutesCommand,
  GetStagesCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Api, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { documentOf } from '../engine/address.ts';
import type {
  Comparison,
  Draft,
  Located,
  Observation,
  Permission,
  Progress,
  ResourceType,
  Target,
  Unknown,
  Use,
} from '../engine/types.ts';
import { apiArn, permitTags, permitVerbs } from './api-gateway/arns.ts';
import {
  GONE,
  VISIBLE_AGAIN_MS,
  allItems,
  gatewayForOnce,
  gatewayOf,
  gatewayTags,
  getApi,
  listApis,
  sentOnce,
} from './api-gateway/client.ts';
import { foreignRoutes, inTheWay } from './api-gateway/foreign.ts';
import { heldTag, isHeld, witnessOf } from './api-gateway/owner.ts';
import { API, AUTHORIZER, INTEGRATION, ROUTE, STAGE } from './api-gateway/types.ts';
import { nameInArn } from './arns.ts';
import { ADOPTED_TAG, OWNER_TAG, markerOf } from './marker.ts';
import { isNamedByOwner, markersOf } from './names.ts';
import { removing } from './removal.ts';
import {
  adoptTagged,
  releaseTagged,
  taggedDifferences,
  taggedPresent,
  tagsAtCreate,
  tagsSeen,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedPresent, TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::ApiGatewayV2::Api, for HTTP APIs. Tags are a list, as in all types here. */
export interface ApiProperties extends TaggedProperties {
  /** Follows from the identity: API Gateway itself takes one name as often as it comes. */
  readonly Name: string;
  readonly ProtocolType: 'HTTP';
  readonly Description?: string;
  /** True: `execute-api` answers to nobody. */
  readonly DisableExecuteApiEndpoint?: boolean;
  /** Of one that was found by its ARN; never declared. */
  readonly ApiId?: string;
}

export interface ApiAttributes {
  /** API Gateway chooses it. */
  readonly ApiId: string;
  /** `https://ID.execute-api.REGION.amazonaws.com`. */
  readonly ApiEndpoint: string;
}

/** What UpdateApi sets. */
const SETTINGS: readonly string[] = ['Name', 'Description', 'DisableExecuteApiEndpoint'];

type ApiTarget = Target<ApiProperties>;
type ApiPresent = TaggedPresent<ApiProperties, ApiAttributes>;

/**
 * An HTTP API. Its creation knows neither token nor unique name: it is sent once, with the marker among its tags, and what
 * became of it is looked for by that. Two with our marker are twins: a finding, and nothing is deleted.
 */
export function createApiType(aws: Aws): ResourceType<ApiProperties, ApiAttributes> {
  async function find(target: ApiTarget): Promise<readonly Api[]> {
    const { Name, ApiId } = target.properties;
    const all = await listApis(aws, target.place);
    const markers = markersOf({ ...target, marker: markerOf(target) });
    const marked = all.filter(({ Tags: tags }) => markers.includes(tags?.[OWNER_TAG] ?? ''));
    // Of twins first the one that was finished: what is in it is ours, and what others copied its tags to is empty.
    const ours = marked
      .filter((api) => isWitnessed(target, api))
      .toSorted((a, b) => Number(isHeld(b)) - Number(isHeld(a)));
    if (ApiId !== undefined) return [...all.filter((api) => api.ApiId === ApiId), ...ours].filter(isFirst);
    if (ours.length > 0) return ours;
    return marked.length > 0 ? marked : all.filter((api) => api.Name === Name);
  }

  async function observe(target: ApiTarget): Promise<Observation<ApiProperties, ApiAttributes>> {
    try {
      const [api, ...others] = await find(target);
      const { ApiId: wanted } = target.properties;
      if (api === undefined || (wanted !== undefined && api.ApiId !== wanted)) return { state: 'absent' };
      return { ...present(target, api), ...(others.length > 0 && { twins: others.map(idOf) }) };
    } catch (error) {
      return unknownFrom(error);
    }
  }

  function present(target: ApiTarget, api: Api): ApiPresent {
    const { Name = '', ProtocolType, Description, DisableExecuteApiEndpoint = false, ApiEndpoint = '' } = api;
    const ApiId = idOf(api);
    const properties = {
      Name,
      // Those of WebSocket APIs are other objects: never the same as what is declared.
      ProtocolType: ProtocolType as 'HTTP',
      ...(Description !== undefined && Description !== '' && { Description }),
      DisableExecuteApiEndpoint,
    };
    return {
      ...taggedPresent(target, { resource: ApiId, properties, attributes: { ApiId, ApiEndpoint } }, api.Tags ?? {}),
      witness: isWitnessed(target, api),
    };
  }

  function writerOf({ place }: Pick<ApiTarget, 'place'>, ApiId: string): Promise<TagWriter> {
    return gatewayTags(aws, place, apiArn(place, ApiId));
  }

  async function routesOf({ place }: Pick<ApiTarget, 'place'>, ApiId: string): Promise<readonly Route[]> {
    const client = await gatewayOf(aws, place);
    return allItems((page) => client.send(new GetRoutesCommand({ ApiId, ...page })));
  }

  async function stagesOf({ place }: Pick<ApiTarget, 'place'>, ApiId: string): Promise<readonly Stage[]> {
    const client = await gatewayOf(aws, place);
    return allItems((page) => client.send(new GetStagesCommand({ ApiId, ...page })));
  }

  return {
    type: API,
    marker: 'tag',
    managed: ['Name', 'ProtocolType', 'Description', 'DisableExecuteApiEndpoint', 'Tags'],
    removedAfter: [STAGE, ROUTE, INTEGRATION, AUTHORIZER],
    fields: { ProtocolType: 'immutable' },
    describe: ({ properties }) => properties.Name as string,
    permissions: permissionsOf,
    observe,

    /** What others put into it is unmanaged, and said: a route without authorization opens a way in. */
    async compare(target, seen): Promise<Comparison | Unknown> {
      const differences = taggedDifferences(target, seen).map((difference) =>
        difference.path === 'ProtocolType' ? { ...difference, replaces: true as const } : difference,
      );
      try {
        const routes = await routesOf(target, seen.attributes.ApiId);
        return { differences, ...foreignRoutes(target, seen, routes) };
      } catch (error) {
        return isAwsError(error, GONE) ? { differences } : unknownFrom(error);
      }
    },

    async create(target): Promise<Progress> {
      // Whoever else may have made it since the engine's look: a second one would be a twin.
      if ((await find(target)).length > 0) {
        return { done: false, waiting: 'to look once more', again: VISIBLE_AGAIN_MS };
      }
      const { Name, ProtocolType, Description, DisableExecuteApiEndpoint } = target.properties;
      const client = await gatewayForOnce(aws, target.place);
      const command = new CreateApiCommand({
        Name,
        ProtocolType,
        ...(Description !== undefined && { Description }),
        ...(DisableExecuteApiEndpoint !== undefined && { DisableExecuteApiEndpoint }),
        Tags: { ...tagsAtCreate(target) },
      });
      return sentOnce('the API', () => client.send(command));
    },

    async update(target, seen, differences): Promise<Progress> {
      const { ApiId } = seen.attributes;
      const change = async (): Promise<void> => {
        if (!differences.some(({ path }) => SETTINGS.includes(path))) return;
        const { Name, Description, DisableExecuteApiEndpoint } = target.properties;
        const client = await gatewayOf(aws, target.place);
        await client.send(new UpdateApiCommand({ ApiId, Name, Description, DisableExecuteApiEndpoint }));
      };
      return updateTagged(target, seen, await writerOf(target, ApiId), change, {
        [ADOPTED_TAG]: heldTag(ApiId, markerOf(target)),
      });
    },

    async adopt(target, seen): Promise<Progress> {
      const { ApiId } = seen.attributes;
      return adoptTagged(target, seen, await writerOf(target, ApiId), {
        [ADOPTED_TAG]: heldTag(ApiId, markerOf(target)),
      });
    },

    release: async (target, seen) => releaseTagged(seen, await writerOf(target, seen.attributes.ApiId)),

    async locate(found): Promise<Located<ApiProperties> | undefined> {
      const ApiId = nameInArn(found.arn, apiArn(found.place, ''), /^[a-z0-9]+$/);
      if (ApiId === undefined) return undefined;
      const api = await getApi(aws, found.place, ApiId);
      // Lists are late: one that is gone is looked for by its id, and not found.
      return { properties: { ApiId }, ...(api ? witnessOf(api, found) : { witnessed: false }) };
    },

    /** DeleteApi takes all that is in it: what others put there stands in the way. */
    async remove(target, seen): Promise<Progress> {
      const { ApiId } = seen.attributes;
      return removing(
        async () => {
          const [routes, stages] = await Promise.all([routesOf(target, ApiId), stagesOf(target, ApiId)]);
          const why = inTheWay(ApiId, { tags: tagsSeen(seen), document: documentOf(markerOf(target)), routes, stages });
          if (why !== undefined) throw new Error(why);
          const client = await gatewayOf(aws, target.place);
          await client.send(new DeleteApiCommand({ ApiId }));
        },
        { gone: [GONE] },
      );
    },
  };
}

function idOf({ ApiId = '' }: Api): string {
  return ApiId;
}

function isFirst(api: Api, index: number, all: readonly Api[]): boolean {
  return all.findIndex(({ ApiId }) => ApiId === api.ApiId) === index;
}

/** Somebody may have renamed one of ours: then the tag with its own id tells it from a copy. */
function isWitnessed(target: ApiTarget, api: Api): boolean {
  const { Name = '' } = api;
  const marker = api.Tags?.[OWNER_TAG] ?? markerOf(target);
  return Name === target.properties.Name || isHeld(api) || isNamedByOwner({ ...target, marker }, Name);
}

/** API Gateway chooses the id: every API of the region is meant. */
function permissionsOf({ place }: Draft<ApiProperties>, use: Use): readonly Permission[] {
  const tagged = '/apis/*';
  switch (use) {
    case 'read':
      return [...permitVerbs(place, '/apis', ['GET']), ...permitVerbs(place, '/apis/*', ['GET'])];
    case 'create':
      return [...permitVerbs(place, '/apis', ['POST']), ...permitTags(place, tagged, ['POST'])];
    case 'update':
      return [...permitVerbs(place, '/apis/*', ['PATCH']), ...permitTags(place, tagged, ['POST', 'DELETE'])];
    case 'delete':
      return permitVerbs(place, '/apis/*', ['DELETE']);
    case 'adopt':
      return permitTags(place, tagged, ['POST']);
    case 'release':
      return permitTags(place, tagged, ['DELETE']);
  }
}
