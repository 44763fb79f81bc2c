import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Aws } from '../../aws/clients.ts';
import { AwsError, isAwsError } from '../../aws/errors.ts';
import type { Place, Target, Value } from '../../engine/types.ts';
import { documentOf } from './comparison-findings.ts';
import { MIRROR_ACTION, PLAN_ACTION } from './function-contract.ts';
import type { MirrorAnswer, MirrorRequest, PlanAnswer, PlanRequest } from './function-contract.ts';
import type { RecordSetsProperties } from './types.ts';

/** The mirror's own functions, which stand where the primary can be reached. */
export interface RemoteMirror {
  /** Asks the function that only looks; undefined: it does not exist yet. */
  compare(target: Target<RecordSetsProperties>, listing: PlanRequest['listing']): Promise<PlanAnswer | undefined>;
  /** Runs a pass of the function that writes. @param expect what was reviewed, of a mirror in `reviewed` mode. */
  mirror(target: Target<RecordSetsProperties>, expect?: Value): Promise<MirrorAnswer>;
}

export function createRemoteMirror(aws: Aws): RemoteMirror {
  return {
    async compare({ address, place, properties }, listing) {
      const request: PlanRequest = { action: PLAN_ACTION, document: documentOf(address), listing };
      try {
        return (await invokeFunction(aws, place, properties.Functions.Plan, request)) as PlanAnswer;
      } catch (error) {
        if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
        throw error;
      }
    },
    async mirror({ address, place, properties }, expect) {
      const request: MirrorRequest = {
        action: MIRROR_ACTION,
        document: documentOf(address),
        ...(expect !== undefined && { expect }),
      };
      return (await invokeFunction(aws, place, properties.Functions.Mirror, request)) as MirrorAnswer;
    },
  };
}

/**
 * Runs a function to its end and returns what it answers.
 * @throws AwsError TU2030 when it threw or timed out; the SDK's error when it could not be run.
 */
export async function invokeFunction(aws: Aws, place: Place, name: string, event: unknown): Promise<unknown> {
  const client = await aws.client(LambdaClient, place, { patient: true });
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) }),
  );
  const answer: unknown = JSON.parse(Buffer.from(Payload ?? []).toString('utf8') || 'null');
  if (FunctionError === undefined) return answer;
  const { errorType = FunctionError, errorMessage = 'no message' } = (answer ?? {}) as Record<string, string>;
  throw new AwsError('TU2030', `the function ${name} failed: ${errorType}: ${errorMessage}`, {
    hint: `its log says more: /aws/lambda/${name}`,
  });
}
