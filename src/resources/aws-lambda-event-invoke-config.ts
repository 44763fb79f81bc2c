import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import type { FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type {
  Draft,
  Observation,
  Permission,
  Present,
  Progress,
  ResourceType,
  Target,
  Use,
  Value,
} from '../engine/types.ts';
import { functionArn } from './arns.ts';
import { BUCKET_NOTIFICATION } from './bucket-notification/types.ts';
import { isInOurs, markerThrough, stampTag } from './container.ts';
import { OWNER_TAG } from './marker.ts';
import type { Tags } from './marker.ts';
import { knownText, permit } from './permissions.ts';
import type { ActionsByUse } from './permissions.ts';
import { removing } from './removal.ts';
import { YOUNG_ROLE_MS, isRoleTooYoung } from './young-role.ts';

/** CloudFormation's properties of AWS::Lambda::EventInvokeConfig: what becomes of asynchronous invocations that fail. */
export interface EventInvokeConfigProperties {
  /** Name or ARN. */
  readonly FunctionName: string;
  readonly Qualifier: '$LATEST';
  /** 0 to 2. */
  readonly MaximumRetryAttempts?: number;
  /** Seconds, 60 to 21,600: an event that is older is not tried again. */
  readonly MaximumEventAgeInSeconds?: number;
  /** ARN of what takes the failed ones; the function's role must be allowed to send there. */
  readonly DestinationConfig?: { readonly OnFailure: { readonly Destination: string } };
}

export const EVENT_INVOKE_CONFIG = 'AWS::Lambda::EventInvokeConfig';

const SETTLING_MS = 2_000;

const STAMP = stampTag('EventInvokeConfig');

const ACTIONS: ActionsByUse = {
  read: ['GetFunctionEventInvokeConfig', 'ListTags'],
  create: ['PutFunctionEventInvokeConfig', 'TagResource'],
  update: ['PutFunctionEventInvokeConfig', 'TagResource'],
  delete: ['DeleteFunctionEventInvokeConfig', 'UntagResource'],
  adopt: [],
  release: [],
};

type ConfigTarget = Target<EventInvokeConfigProperties>;

interface ConfigPresent extends Present<EventInvokeConfigProperties, Record<string, never>> {
  readonly found: FunctionEventInvokeConfig;
}

/** Owned through its function: what was applied last is stamped there. It goes with the function. */
export function createEventInvokeConfigType(
  aws: Aws,
): ResourceType<EventInvokeConfigProperties, Record<string, never>> {
  function clientFor({ place }: Pick<ConfigTarget, 'place'>): Promise<LambdaClient> {
    return aws.client(LambdaClient, place);
  }

  async function tagsOf(target: ConfigTarget): Promise<Tags> {
    const client = await clientFor(target);
    const { Tags: tags = {} } = await client.send(new ListTagsCommand({ Resource: arnOf(target) }));
    return tags;
  }

  async function observe(
    target: ConfigTarget,
  ): Promise<Observation<EventInvokeConfigProperties, Record<string, never>>> {
    const { FunctionName, Qualifier } = target.properties;
    try {
      const client = await clientFor(target);
      const found = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));
      const tags = await tagsOf(target);
      const present: ConfigPresent = {
        state: 'present',
        resource: `${nameOf(FunctionName)}:${Qualifier}`,
        properties: observedProperties(target.properties, found),
        attributes: {},
        marker: markerThrough(target, tags[OWNER_TAG]),
        witness: true,
        applied: tags[STAMP],
        // The function's own: what protects it moves in the same apply, and must not make this look moved.
        protected: false,
        found,
      };
      return present;
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? { state: 'absent' } : unknownFrom(error);
    }
  }

  /** Calls that replace and remove by name: nothing is done to a function that is not ours any more. */
  async function refuseStrangers(target: ConfigTarget): Promise<void> {
    const owner = (await tagsOf(target))[OWNER_TAG];
    if (isInOurs(target, owner)) return;
    const name = nameOf(target.properties.FunctionName);
    throw new Error(`the function ${name} is not ours (${owner ?? 'no marker'}): plan again`);
  }

  /** PutFunctionEventInvokeConfig replaces all of it: what is not managed is written back as it is. */
  async function put(target: ConfigTarget, found: Partial<FunctionEventInvokeConfig>): Promise<Progress> {
    await refuseStrangers(target);
    const client = await clientFor(target);
    const { FunctionName, Qualifier, DestinationConfig, ...declared } = target.properties;
    const OnSuccess = found.DestinationConfig?.OnSuccess;
    const OnFailure = DestinationConfig?.OnFailure ?? found.DestinationConfig?.OnFailure;
    const command = new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      Qualifier,
      MaximumRetryAttempts: found.MaximumRetryAttempts,
      MaximumEventAgeInSeconds: found.MaximumEventAgeInSeconds,
      ...declared,
      DestinationConfig: {
        ...(OnSuccess?.Destination !== undefined && { OnSuccess }),
        ...(OnFailure?.Destination !== undefined && { OnFailure: { ...OnFailure } }),
      },
    });
    try {
      await client.send(command);
    } catch (error) {
      // Lambda asks, when it is told the destination, whether the function's role may send there.
      if (isRoleTooYoung(error)) return again('for the function’s role to be allowed to send', YOUNG_ROLE_MS);
      if (!isAwsError(error, 'ResourceConflictException')) throw error;
      return again('for an earlier change of the function to settle', SETTLING_MS);
    }
    await stamp(target);
    return { done: true };
  }

  async function stamp(target: ConfigTarget): Promise<void> {
    const client = await clientFor(target);
    await client.send(new TagResourceCommand({ Resource: arnOf(target), Tags: { [STAMP]: target.applied } }));
  }

  return {
    type: EVENT_INVOKE_CONFIG,
    marker: 'container',
    managed: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],
    removedAfter: [BUCKET_NOTIFICATION],
    fields: { FunctionName: 'immutable', Qualifier: 'immutable' },
    describe: ({ properties: { FunctionName, Qualifier } }) =>
      `${typeof FunctionName === 'string' ? nameOf(FunctionName) : '(known later)'}:${Qualifier as string}`,
    permissions: permissionsOf,
    exclusive: ({ place, properties }) =>
      `lambda/${place.account}/${place.region}/${nameOf(properties.FunctionName)}/event-invoke-config`,
    observe,
    create: (target) => put(target, {}),
    update: (target, seen) => put(target, (seen as ConfigPresent).found),

    async remove(target): Promise<Progress> {
      const client = await clientFor(target);
      const { FunctionName, Qualifier } = target.properties;
      return removing(
        async () => {
          await refuseStrangers(target);
          await client.send(new UntagResourceCommand({ Resource: arnOf(target), TagKeys: [STAMP] }));
          await client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }));
        },
        { gone: ['ResourceNotFoundException'], moving: ['ResourceConflictException'] },
      );
    },
  };
}

/** Of the destinations only the declared one: a function may have another for what succeeds. */
function observedProperties(
  { FunctionName, Qualifier }: EventInvokeConfigProperties,
  found: FunctionEventInvokeConfig,
): Readonly<Record<string, Value>> {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = found;
  const Destination = DestinationConfig?.OnFailure?.Destination;
  return {
    FunctionName,
    Qualifier,
    ...(MaximumRetryAttempts !== undefined && { MaximumRetryAttempts }),
    ...(MaximumEventAgeInSeconds !== undefined && { MaximumEventAgeInSeconds }),
    ...(Destination !== undefined && { DestinationConfig: { OnFailure: { Destination } } }),
  };
}

function again(waiting: string, milliseconds: number): Progress {
  return { done: false, waiting, again: milliseconds };
}

function permissionsOf({ place, properties }: Draft<EventInvokeConfigProperties>, use: Use): readonly Permission[] {
  return permit('lambda', functionArn(place, knownText(properties.FunctionName)), ACTIONS[use]);
}

function arnOf({ place, properties }: ConfigTarget): string {
  return functionArn(place, properties.FunctionName);
}

function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf(':') + 1);
}
