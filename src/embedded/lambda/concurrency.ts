import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse,
  PutFunctionConcurrencyRequest,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { constraintViolation, invalidParameter } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { ACCOUNT_CONCURRENCY, MIN_UNRESERVED_CONCURRENCY } from './limits.ts';
import { functions, putFunction } from './model.ts';

export function putFunctionConcurrency(input: PutFunctionConcurrencyRequest, context: CallContext): Concurrency {
  const found = ownFunction(input, context);
  const reserved = input.ReservedConcurrentExecutions;
  if (reserved === undefined || !Number.isInteger(reserved) || reserved < 0) {
    throw constraintViolation(
      'reservedConcurrentExecutions',
      reserved,
      'Member must have value greater than or equal to 0',
    );
  }
  if (ACCOUNT_CONCURRENCY - reservedIn(context, found.name) - reserved < MIN_UNRESERVED_CONCURRENCY) {
    throw invalidParameter(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MIN_UNRESERVED_CONCURRENCY}].`,
    );
  }
  putFunction(context.data, { ...found, reservedConcurrency: reserved });
  return { ReservedConcurrentExecutions: reserved };
}

/** What functions of the account and region have reserved; one may be left out. */
export function reservedIn({ caller: { account }, region, data }: CallContext, except?: string): number {
  let sum = 0;
  for (const [, one] of data.entries(functions)) {
    const isCounted = one.account === account && one.region === region && one.name !== except;
    if (isCounted) sum += one.reservedConcurrency ?? 0;
  }
  return sum;
}

export function getFunctionConcurrency(
  input: GetFunctionConcurrencyRequest,
  context: CallContext,
): GetFunctionConcurrencyResponse {
  const { reservedConcurrency } = ownFunction(input, context);
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
}

export function deleteFunctionConcurrency(input: DeleteFunctionConcurrencyRequest, context: CallContext): object {
  const { reservedConcurrency: _before, ...found } = ownFunction(input, context);
  putFunction(context.data, found);
  return {};
}
