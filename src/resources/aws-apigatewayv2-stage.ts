import {
  CreateStageCommand,
  DeleteStageCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { RouteSettings, Stage } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type {
  Draft,
  Located,
  Observation,
  Permission,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../engine/types.ts';
import { apiArn, gatewayArn, permitTags, permitVerbs, stageArn } from './api-gateway/arns.ts';
import { GONE, THERE, VISIBLE_AGAIN_MS, gatewayOf, gatewayTags } from './api-gateway/client.ts';
import { containerOf, witnessThrough } from './api-gateway/owner.ts';
import { STAGE } from './api-gateway/types.ts';
import { nameInArn } from './arns.ts';
import { ADOPTED_TAG } from './marker.ts';
import { knownText, permit } from './permissions.ts';
import { removing } from './removal.ts';
import { adoptTagged, releaseTagged, taggedDifferences, taggedPresent, tagsAtCreate, updateTagged } from './tagged.ts';
import type { TagWriter, TaggedPresent, TaggedProperties } from './tagged.ts';

/** What a route of an HTTP API may be told of how often it answers. */
export interface StageRouteSettings {
  /** Requests a second. */
  readonly ThrottlingRateLimit?: number;
  readonly ThrottlingBurstLimit?: number;
  readonly DetailedMetricsEnabled?: boolean;
}

/** CloudFormation's properties of AWS::ApiGatewayV2::Stage, for HTTP APIs. Tags are a list, as in all types here. */
export interface StageProperties extends TaggedProperties {
  readonly ApiId: string;
  /** `$default`: it answers at the root of the API. */
  readonly StageName: string;
  /** Changes of routes and integrations are deployed at once. */
  readonly AutoDeploy?: boolean;
  readonly DefaultRouteSettings?: StageRouteSettings;
  /** By the key of a route: in place of the default ones, whole. Of routes that are not named here they are unmanaged. */
  readonly RouteSettings?: Readonly<Record<string, StageRouteSettings>>;
}

/** What UpdateStage sets. */
const SETTINGS: readonly string[] = ['AutoDeploy', 'DefaultRouteSettings', 'RouteSettings'];

type StageTarget = Target<StageProperties>;

/** An observation that remembers what the write right after it must know beside the properties; never sealed. */
interface StagePresent extends TaggedPresent<StageProperties, Record<string, never>> {
  readonly apiId: string;
  readonly stage: Partial<Stage>;
}

/** A stage of an HTTP API of ours: found by its name, with its marker among its tags from its creation on. */
export function createStageType(aws: Aws): ResourceType<StageProperties, Record<string, never>> {
  async function observe(target: StageTarget): Promise<Observation<StageProperties, Record<string, never>>> {
    const { StageName } = target.properties;
    try {
      // A document that is gone tells no id: then its API is looked for.
      const ApiId = target.properties.ApiId ?? (await containerOf(aws, target))?.ApiId;
      if (ApiId === undefined) return { state: 'absent' };
      const client = await gatewayOf(aws, target.place);
      const stage = await client.send(new GetStageCommand({ ApiId, StageName }));
      const properties = stageProperties(target.properties, ApiId, stage);
      const found = { resource: `${ApiId}/stages/${StageName}`, properties, attributes: {} };
      const present: StagePresent = { ...taggedPresent(target, found, stage.Tags ?? {}), apiId: ApiId, stage };
      return present;
    } catch (error) {
      return isAwsError(error, GONE) ? { state: 'absent' } : unknownFrom(error);
    }
  }

  function writerOf({ place, properties }: StageTarget, { apiId }: StagePresent): Promise<TagWriter> {
    return gatewayTags(aws, place, stageArn(place, apiId, properties.StageName));
  }

  return {
    type: STAGE,
    marker: 'tag',
    managed: ['ApiId', 'StageName', 'AutoDeploy', 'DefaultRouteSettings', 'RouteSettings', 'Tags'],
    fields: { ApiId: 'immutable', StageName: 'immutable' },
    describe: ({ properties: { ApiId, StageName } }) =>
      `${typeof ApiId === 'string' ? ApiId : '(known later)'}/stages/${knownText(StageName)}`,
    permissions: permissionsOf,
    exclusive: ({ place, properties }) => `apigateway/${place.account}/${place.region}/${properties.ApiId}`,
    observe,
    compare: async (target, seen) => ({ differences: taggedDifferences(target, seen) }),

    async create(target): Promise<Progress> {
      const { ApiId, StageName, AutoDeploy, DefaultRouteSettings, RouteSettings } = target.properties;
      const client = await gatewayOf(aws, target.place);
      try {
        await client.send(
          new CreateStageCommand({
            ApiId,
            StageName,
            ...(AutoDeploy !== undefined && { AutoDeploy }),
            ...(DefaultRouteSettings && { DefaultRouteSettings: { ...DefaultRouteSettings } }),
            ...(RouteSettings && { RouteSettings: { ...RouteSettings } }),
            Tags: { ...tagsAtCreate(target) },
          }),
        );
      } catch (error) {
        // The reply to an earlier try was lost, or somebody was faster: the next look says who.
        if (!isAwsError(error, THERE)) throw error;
        return { done: false, waiting: 'for the stage to be seen', again: VISIBLE_AGAIN_MS };
      }
      return { done: false, waiting: 'to stamp the stage', again: 0 };
    },

    async update(target, seen, differences): Promise<Progress> {
      const { apiId, stage } = seen as StagePresent;
      return updateTagged(target, seen, await writerOf(target, seen as StagePresent), async () => {
        const moved = differences.map(({ path }) => path).filter((path) => SETTINGS.includes(path));
        if (moved.length === 0) return;
        const { StageName, AutoDeploy, DefaultRouteSettings, RouteSettings } = target.properties;
        const client = await gatewayOf(aws, target.place);
        await client.send(
          new UpdateStageCommand({
            ApiId: apiId,
            StageName,
            AutoDeploy,
            // It replaces all settings: what is not managed is written back as it is.
            DefaultRouteSettings: { ...routeSettings(stage.DefaultRouteSettings), ...DefaultRouteSettings },
            // Those of routes that it does not name stay.
            ...(RouteSettings && moved.includes('RouteSettings') && { RouteSettings: { ...RouteSettings } }),
          }),
        );
      });
    },

    async adopt(target, seen): Promise<Progress> {
      const { apiId } = seen as StagePresent;
      return adoptTagged(target, seen, await writerOf(target, seen as StagePresent), { [ADOPTED_TAG]: apiId });
    },

    release: async (target, seen) => releaseTagged(seen, await writerOf(target, seen as StagePresent)),

    /** Names of stages say nothing: its API must be ours, and of the same document. */
    async locate(found): Promise<Located<StageProperties> | undefined> {
      const path = nameInArn(found.arn, apiArn(found.place, ''), /^[a-z0-9]+\/stages\/(?:\$default|[\w-]{1,128})$/);
      if (path === undefined) return undefined;
      const [ApiId = '', , StageName = ''] = path.split('/');
      const through = await witnessThrough(aws, found, ApiId);
      return { properties: { ApiId, StageName }, ...(through?.witness ?? { witnessed: false }) };
    },

    async remove(target, seen): Promise<Progress> {
      const { apiId } = seen as StagePresent;
      const client = await gatewayOf(aws, target.place);
      const command = new DeleteStageCommand({ ApiId: apiId, StageName: target.properties.StageName });
      return removing(() => client.send(command), { gone: [GONE] });
    },
  };
}

/** Of the settings only the declared ones, in their order. */
function stageProperties(
  { StageName, DefaultRouteSettings, RouteSettings }: StageProperties,
  ApiId: string,
  { AutoDeploy = false, DefaultRouteSettings: found, RouteSettings: foundByRoute = {} }: Partial<Stage>,
): Readonly<Record<string, Value>> {
  const byRoute = Object.entries(RouteSettings ?? {}).map(
    ([key, settings]) => [key, declaredOf(settings, foundByRoute[key])] as const,
  );
  return {
    ApiId,
    StageName,
    AutoDeploy,
    DefaultRouteSettings: declaredOf(DefaultRouteSettings, found),
    ...(RouteSettings && { RouteSettings: Object.fromEntries(byRoute) }),
  };
}

function declaredOf(declared: StageRouteSettings = {}, found?: RouteSettings): Readonly<Record<string, Value>> {
  const settings = new Map(Object.entries(routeSettings(found) as Readonly<Record<string, Value>>));
  return Object.fromEntries(
    Object.keys(declared).flatMap((name) => {
      const value = settings.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Those that HTTP APIs know. */
function routeSettings(found: RouteSettings = {}): StageRouteSettings {
  const { DetailedMetricsEnabled = false, ThrottlingBurstLimit, ThrottlingRateLimit } = found;
  return {
    DetailedMetricsEnabled,
    ...(ThrottlingBurstLimit !== undefined && { ThrottlingBurstLimit }),
    ...(ThrottlingRateLimit !== undefined && { ThrottlingRateLimit }),
  };
}

function permissionsOf({ place, properties }: Draft<StageProperties>, use: Use): readonly Permission[] {
  const stages = `/apis/${knownText(properties.ApiId)}/stages`;
  const stage = `${stages}/${knownText(properties.StageName)}`;
  switch (use) {
    case 'read':
      return permitVerbs(place, stage, ['GET']);
    case 'create':
      return [
        ...permitVerbs(place, stages, ['POST']),
        // What carries tags from its creation on is asked for this by its name, too.
        ...permit('apigateway', gatewayArn(place, stages), ['TagResource']),
        // Who makes one is asked for tags of any: it is not there yet.
        ...permitTags(place, '/apis/*/stages/*', ['POST']),
      ];
    case 'update':
      return [...permitVerbs(place, stage, ['PATCH']), ...permitTags(place, stage, ['POST', 'DELETE'])];
    case 'delete':
      return permitVerbs(place, stage, ['DELETE']);
    case 'adopt':
      return permitTags(place, stage, ['POST']);
    case 'release':
      return permitTags(place, stage, ['DELETE']);
  }
}
