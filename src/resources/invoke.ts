import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { AwsError, isAwsError } from '../aws/errors.ts';
import type { Permission, Place } from '../engine/types.ts';
import { arn } from './arns.ts';
import { permit } from './permissions.ts';

/** Runs a deployed function with an event and waits for its end; undefined: there is no such function. */
export type Invoke = (place: Place, functionName: string, event: unknown) => Promise<unknown>;

/** @throws AwsError TU2030 when the function threw or timed out; the SDK's error when it could not be run. */
export function createInvoke(aws: Aws): Invoke {
  return async function invoke(place, functionName, event) {
    const client = await aws.client(LambdaClient, place, { patient: true });
    const Payload = Buffer.from(JSON.stringify(event));
    try {
      const answer = await client.send(new InvokeCommand({ FunctionName: functionName, Payload }));
      return read(functionName, answer);
    } catch (error) {
      if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
      throw error;
    }
  };
}

/** Starts a function with an event, and does not wait for it. @throws the SDK's error when it could not be started */
export async function startFunction(aws: Aws, place: Place, functionName: string, event: object): Promise<void> {
  const client = await aws.client(LambdaClient, place);
  const Payload = Buffer.from(JSON.stringify(event));
  await client.send(new InvokeCommand({ FunctionName: functionName, InvocationType: 'Event', Payload }));
}

/** What that takes. */
export function invokePermissions(place: Place, functionName: string): readonly Permission[] {
  return permit('lambda', arn('lambda', place, `function:${functionName}`), ['InvokeFunction']);
}

function read(
  functionName: string,
  {
    Payload,
    FunctionError,
  }: { readonly Payload?: Uint8Array | undefined; readonly FunctionError?: string | undefined },
): unknown {
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError === undefined) return answer;
  const { errorType = FunctionError, errorMessage = 'no message' } = (answer ?? {}) as Record<string, string>;
  throw new AwsError('TU2030', `the function ${functionName} failed: ${errorType}: ${errorMessage}`, {
    hint: `its log says more: /aws/lambda/${functionName}`,
  });
}
