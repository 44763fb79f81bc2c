import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Aws } from '../aws/clients.ts';
import { isAwsError, unknownFrom } from '../aws/errors.ts';
import { decodeFunctionDocument, DOCUMENT_VARIABLE } from '../engine/function-document.ts';
import type { Place, Unknown } from '../engine/types.ts';

/** What a function was told of its document; `told` is undefined where that cannot be read. */
export interface DeployedDocument {
  readonly state: 'present';
  readonly told: unknown;
}

/** Asked for by the same call as the function itself is looked at. */
export type ReadDeployed = (place: Place, name: string) => Promise<DeployedDocument | 'absent' | Unknown>;

export function createDeployedReader(aws: Aws): ReadDeployed {
  return async (place, name) => {
    try {
      const client = await aws.client(LambdaClient, place);
      const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      return { state: 'present', told: read(Environment?.Variables?.[DOCUMENT_VARIABLE]) };
    } catch (error) {
      return isAwsError(error, 'ResourceNotFoundException') ? 'absent' : unknownFrom(error);
    }
  };
}

function read(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return decodeFunctionDocument(text);
  } catch {
    // Somebody has written over it, which the plan says of the function.
    return undefined;
  }
}
