import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import type { Permission, Place, Unknown } from '../engine/types.ts';
import { permit } from './permissions.ts';

/** How many functions of an account may run at once in a region. */
export interface Capacity {
  readonly state: 'read';
  /** In all. */
  readonly limit: number;
  /** What no function has reserved. */
  readonly unreserved: number;
}

export type ReadCapacity = (place: Place) => Promise<Capacity | Unknown>;

/** "As long as you leave at least 100 simultaneous executions unreserved" (API reference, PutFunctionConcurrency). */
export const LEAST_UNRESERVED = 100;

/** Asks once for each place. */
export function createCapacityReader(aws: Aws): ReadCapacity {
  const asked = new Map<string, ReturnType<ReadCapacity>>();
  return (place) => {
    const key = `${place.account}/${place.region}`;
    const capacity = asked.get(key) ?? readCapacity(aws, place);
    asked.set(key, capacity);
    return capacity;
  };
}

async function readCapacity(aws: Aws, place: Place): Promise<Capacity | Unknown> {
  try {
    const client = await aws.client(LambdaClient, place);
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = 0 } = AccountLimit ?? {};
    return { state: 'read', limit, unreserved };
  } catch (error) {
    return unknownFrom(error);
  }
}

/** What that takes: the action knows no finer grain (Service Authorization Reference, "AWS Lambda"). */
export function capacityPermissions(): readonly Permission[] {
  return permit('lambda', '*', ['GetAccountSettings']);
}

/** How many executions a function has reserved for itself; 0: none, or there is no such function. */
export type ReadReserved = (place: Place, name: string) => Promise<number | Unknown>;

/** Asks once for each function. */
export function createReservedReader(aws: Aws): ReadReserved {
  const asked = new Map<string, ReturnType<ReadReserved>>();
  return (place, name) => {
    const key = `${place.account}/${place.region}/${name}`;
    const reserved = asked.get(key) ?? readReserved(aws, place, name);
    asked.set(key, reserved);
    return reserved;
  };
}

async function readReserved(aws: Aws, place: Place, FunctionName: string): Promise<number | Unknown> {
  try {
    const client = await aws.client(LambdaClient, place);
    const found = await client.send(new GetFunctionConcurrencyCommand({ FunctionName }));
    return found.ReservedConcurrentExecutions ?? 0;
  } catch (error) {
    return isAwsError(error, 'ResourceNotFoundException') ? 0 : unknownFrom(error);
  }
}

/** Whether a function exists; asked for by the same call as the function itself is looked at. */
export type ReadFunction = (place: Place, name: string) => Promise<'present' | 'absent' | Unknown>;

export function createFunctionReader(aws: Aws): ReadFunction {
  return async (place, name) => {
    try {
      const client = await aws.client(LambdaClient, place);
      await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      return 'present';
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? 'absent' : unknownFrom(error);
    }
  };
}
