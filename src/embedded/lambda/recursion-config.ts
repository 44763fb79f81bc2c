import type {
  GetFunctionRecursionConfigRequest,
  GetFunctionRecursionConfigResponse,
  PutFunctionRecursionConfigRequest,
  PutFunctionRecursionConfigResponse,
  RecursiveLoop,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { constraintViolation } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { putFunction } from './model.ts';

const DEFAULT: RecursiveLoop = 'Terminate';
const VALUES: readonly string[] = ['Allow', 'Terminate'] satisfies RecursiveLoop[];

/** May a function go on that invokes itself again and again? */
export function putRecursionConfig(
  input: PutFunctionRecursionConfigRequest,
  context: CallContext,
): PutFunctionRecursionConfigResponse {
  const found = ownFunction(input, context);
  const { RecursiveLoop: wanted } = input;
  if (wanted === undefined || !VALUES.includes(wanted)) {
    throw constraintViolation('recursiveLoop', wanted, `Member must satisfy enum value set: [${VALUES.join(', ')}]`);
  }
  putFunction(context.data, { ...found, recursiveLoop: wanted });
  return { RecursiveLoop: wanted };
}

export function getRecursionConfig(
  input: GetFunctionRecursionConfigRequest,
  context: CallContext,
): GetFunctionRecursionConfigResponse {
  return { RecursiveLoop: ownFunction(input, context).recursiveLoop ?? DEFAULT };
}
