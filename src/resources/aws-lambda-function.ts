import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type {
  Architecture,
  FunctionConfiguration,
  LogFormat,
  Runtime,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Effect, Observation, Place, Present, Progress, ResourceType, Target } from '../engine/types.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { arn, nameInArn } from './arns.ts';
import { API, INTEGRATION } from './api-gateway/types.ts';
import { ALARM } from './aws-cloudwatch-alarm.ts';
import { RULE } from './aws-events-rule.ts';
import { EVENT_SOURCE_MAPPING } from './aws-lambda-event-source-mapping.ts';
import { LAMBDA_PERMISSION } from './aws-lambda-permission.ts';
import { SNS_SUBSCRIPTION } from './aws-sns-subscription.ts';
import { functionDocumentEffect } from './function-document-effect.ts';
import { functionDifferences, shownProperty } from './lambda-function-comparison.ts';
import { functionPermissions } from './lambda-function-permissions.ts';
import { CONFIGURATION, MANAGED, observedProperties } from './lambda-function-properties.ts';
import type { LambdaFunctionProperties } from './lambda-function-properties.ts';
import { CODE_TAG, metadataDifferences } from './marker.ts';
import type { Tags } from './marker.ts';
import { removing } from './removal.ts';
import {
  adoptTagged,
  locateTagged,
  releaseTagged,
  taggedPresent,
  tagsAtCreate,
  tagsSeen,
  updateTagged,
} from './tagged.ts';
import type { TagWriter, TaggedPresent } from './tagged.ts';
import { YOUNG_ROLE_MS, isRoleTooYoung } from './young-role.ts';

export type { LambdaFunctionProperties } from './lambda-function-properties.ts';

export interface LambdaFunctionAttributes {
  readonly Arn: string;
}

/** The zip behind a hash (base64 of SHA-256); undefined: this trueup has no such handler. */
export type BundleLookup = (sha256: string) => Uint8Array | undefined;

export const LAMBDA_FUNCTION = 'AWS::Lambda::Function';

/** How long an update takes to settle, mostly. */
const SETTLING_MS = 2_000;

type FunctionTarget = Target<LambdaFunctionProperties>;
type FunctionSeen = Present<LambdaFunctionProperties, LambdaFunctionAttributes>;

/** An observation that remembers what the write right after it must know beside the properties; never sealed. */
interface FunctionPresent extends TaggedPresent<LambdaFunctionProperties, LambdaFunctionAttributes> {
  readonly configuration: FunctionConfiguration;
}

export function createLambdaFunctionType(
  aws: Aws,
  bundles: BundleLookup,
): ResourceType<LambdaFunctionProperties, LambdaFunctionAttributes> {
  function clientFor(place: Place): Promise<LambdaClient> {
    return aws.client(LambdaClient, place);
  }

  function codeOf({ properties }: FunctionTarget): Uint8Array {
    const { Sha256, Version } = properties.Code;
    const zip = bundles(Sha256);
    if (zip !== undefined) return zip;
    throw new Error(
      `the code of ${properties.FunctionName} (trueup ${Version}, SHA-256 ${Sha256}) is not a handler of this trueup: build it, or plan again with the trueup that is to apply it`,
    );
  }

  async function observe(
    target: FunctionTarget,
  ): Promise<Observation<LambdaFunctionProperties, LambdaFunctionAttributes>> {
    const { FunctionName } = target.properties;
    try {
      const client = await clientFor(target.place);
      // Not GetFunction: who plans may not see a link to the code.
      const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const Arn = configuration.FunctionArn ?? arnOf(target);
      const { Tags: tags = {} } = await client.send(new ListTagsCommand({ Resource: Arn }));
      const { ReservedConcurrentExecutions: concurrency } = await client.send(
        new GetFunctionConcurrencyCommand({ FunctionName }),
      );
      const recursion = await recursionOf(client, target.properties);
      const properties = observedProperties(target.properties, configuration, tags[CODE_TAG], {
        concurrency,
        recursion,
      });
      const found = { resource: FunctionName, properties, attributes: { Arn } };
      const present: FunctionPresent = { ...taggedPresent(target, found, tags), configuration };
      return present;
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  async function writerFor({ place }: FunctionTarget, { attributes }: FunctionSeen): Promise<TagWriter> {
    return writerOf(await clientFor(place), attributes.Arn);
  }

  return {
    type: LAMBDA_FUNCTION,
    marker: 'tag',
    // Nothing starts it any more, and nobody is alarmed that it does not run.
    removedAfter: [
      API,
      BUCKET_NOTIFICATION,
      RULE,
      ALARM,
      INTEGRATION,
      LAMBDA_PERMISSION,
      EVENT_SOURCE_MAPPING,
      SNS_SUBSCRIPTION,
    ],
    managed: MANAGED,
    show: shownProperty,
    describe: ({ properties }) => properties.FunctionName as string,
    predict: (target) => ({ Arn: arnOf(target) }),
    permissions: functionPermissions,
    exclusive: ({ place, properties }) => `lambda/${place.account}/${place.region}/${properties.FunctionName}`,
    observe,

    async compare(target, seen) {
      return {
        differences: [
          ...functionDifferences(target.properties, seen.properties, seen.applied),
          ...metadataDifferences(target, tagsSeen(seen)),
        ],
        effects: documentEffect(target, seen),
      };
    },

    async create(target) {
      const { properties } = target;
      const client = await clientFor(target.place);
      const command = new CreateFunctionCommand({
        FunctionName: properties.FunctionName,
        ...configurationOf(properties),
        Role: properties.Role,
        Code: { ZipFile: codeOf(target) },
        ...(properties.Architectures && { Architectures: properties.Architectures as Architecture[] }),
        Tags: { ...tagsAtCreate(target), ...codeTag(target) },
      });
      return settling(() => client.send(command), 'for the function to be active');
    },

    async update(target, seen, differences) {
      const { configuration } = seen as FunctionPresent;
      if (configuration.State === 'Pending' || configuration.LastUpdateStatus === 'InProgress') {
        return again('for the function to be ready', SETTLING_MS);
      }
      const { properties, place } = target;
      const client = await clientFor(place);
      const { FunctionName } = properties;
      const revision = { FunctionName, RevisionId: configuration.RevisionId };
      const paths = new Set(differences.map(({ path }) => path));
      if (configuration.CodeSha256 !== properties.Code.Sha256 || paths.has('Architectures')) {
        const Architectures = properties.Architectures as Architecture[] | undefined;
        const command = new UpdateFunctionCodeCommand({
          ...revision,
          ZipFile: codeOf(target),
          ...(Architectures && { Architectures }),
        });
        return settling(() => client.send(command), 'for the new code');
      }
      if (CONFIGURATION.some((path) => paths.has(path))) {
        const command = new UpdateFunctionConfigurationCommand({ ...revision, ...configurationOf(properties) });
        return settling(() => client.send(command), 'for the new configuration');
      }
      const { ReservedConcurrentExecutions } = properties;
      if (paths.has('ReservedConcurrentExecutions') && ReservedConcurrentExecutions !== undefined) {
        await reserve(client, FunctionName, ReservedConcurrentExecutions);
        return again('to write tags', 0);
      }
      const { RecursiveLoop } = properties;
      if (paths.has('RecursiveLoop') && RecursiveLoop !== undefined) {
        await client.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }));
        return again('to write tags', 0);
      }
      return updateTagged(target, seen, writerOf(client, seen.attributes.Arn), async () => {}, codeTag(target));
    },

    adopt: async (target, seen) => adoptTagged(target, seen, await writerFor(target, seen)),
    release: async (target, seen) => releaseTagged(seen, await writerFor(target, seen)),

    async locate(found) {
      const FunctionName = nameInArn(found.arn, arnOfFunction(found.place, ''), /^[^:]+$/);
      return FunctionName === undefined ? undefined : locateTagged(found, FunctionName, { FunctionName }, observe);
    },

    /** With its policy, versions and concurrency. */
    async remove({ place, properties: { FunctionName } }) {
      const client = await clientFor(place);
      return removing(() => client.send(new DeleteFunctionCommand({ FunctionName })), {
        gone: ['ResourceNotFoundException'],
        moving: ['ResourceConflictException'],
      });
    },
  };
}

/** Variables that are not declared stay as they are. */
function documentEffect({ address, properties }: FunctionTarget, seen: FunctionSeen): readonly Effect[] {
  const { FunctionName, Environment } = properties;
  return Environment === undefined
    ? []
    : functionDocumentEffect(address, FunctionName, seen.properties.Environment, Environment);
}

function writerOf(client: LambdaClient, Resource: string): TagWriter {
  return {
    async add(tags) {
      await client.send(new TagResourceCommand({ Resource, Tags: { ...tags } }));
    },
    async remove(keys) {
      await client.send(new UntagResourceCommand({ Resource, TagKeys: [...keys] }));
    },
  };
}

function codeTag({ properties }: FunctionTarget): Tags {
  return { [CODE_TAG]: properties.Code.Version };
}

/** Undefined: it is not declared, and nobody looks. */
async function recursionOf(
  client: LambdaClient,
  { FunctionName, RecursiveLoop }: LambdaFunctionProperties,
): Promise<string | undefined> {
  if (RecursiveLoop === undefined) return undefined;
  const found = await client.send(new GetFunctionRecursionConfigCommand({ FunctionName }));
  return found.RecursiveLoop;
}

async function reserve(client: LambdaClient, FunctionName: string, executions: number | null): Promise<void> {
  if (executions === null) await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: executions }));
}

/** A write after which the function is not ready for a while, and before which it may not have been. */
async function settling(write: () => Promise<unknown>, waiting: string): Promise<Progress> {
  try {
    await write();
    return again(waiting, SETTLING_MS);
  } catch (error) {
    // Another change is in progress, or the reply to an earlier try was lost: the next look tells.
    const isMoving = isAwsError(error, 'ResourceConflictException') || isAwsError(error, 'PreconditionFailedException');
    if (isMoving) return again(waiting, SETTLING_MS);
    if (isRoleTooYoung(error)) return again('for the role to be usable by Lambda', YOUNG_ROLE_MS);
    throw error;
  }
}

function again(waiting: string, milliseconds: number): Progress {
  return { done: false, waiting, again: milliseconds };
}

function arnOf({ place, properties }: FunctionTarget): string {
  return arnOfFunction(place, properties.FunctionName);
}

function arnOfFunction(place: Place, name: string): string {
  return arn('lambda', place, `function:${name}`);
}

/** All that is declared of the configuration: one call sets it whole. */
function configurationOf(
  properties: LambdaFunctionProperties,
): Omit<UpdateFunctionConfigurationRequest, 'FunctionName'> {
  const { Description, Environment, Layers = [], VpcConfig, LoggingConfig } = properties;
  return {
    Runtime: properties.Runtime as Runtime,
    Handler: properties.Handler,
    Role: properties.Role,
    MemorySize: properties.MemorySize,
    Timeout: properties.Timeout,
    Layers: [...Layers],
    ...(Description !== undefined && { Description }),
    ...(Environment && { Environment: { Variables: { ...Environment.Variables } } }),
    ...(VpcConfig && {
      VpcConfig: { SubnetIds: [...VpcConfig.SubnetIds], SecurityGroupIds: [...VpcConfig.SecurityGroupIds] },
    }),
    ...(LoggingConfig && {
      LoggingConfig: { ...LoggingConfig, LogFormat: (LoggingConfig.LogFormat ?? 'Text') as LogFormat },
    }),
  };
}
