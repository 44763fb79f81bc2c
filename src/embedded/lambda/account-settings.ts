import type { GetAccountSettingsResponse } from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { reservedIn } from './concurrency.ts';
import { ACCOUNT_CONCURRENCY, MAX_UNZIPPED_BYTES, MAX_ZIP_BYTES } from './limits.ts';
import { functions } from './model.ts';

/** "The maximum size of function code and layers stored": 75 GB a region (Developer Guide, "Lambda quotas"). */
const TOTAL_CODE_BYTES = 75 * 1024 ** 3;

/** Limits of the account in a region, and what it uses of them (API reference, GetAccountSettings). */
export function getAccountSettings(_input: object, context: CallContext): GetAccountSettingsResponse {
  const { caller, region, data } = context;
  const own = [...data.entries(functions)].filter(([, one]) => one.account === caller.account && one.region === region);
  return {
    AccountLimit: {
      TotalCodeSize: TOTAL_CODE_BYTES,
      CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
      CodeSizeZipped: MAX_ZIP_BYTES,
      ConcurrentExecutions: ACCOUNT_CONCURRENCY,
      UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reservedIn(context),
    },
    AccountUsage: { FunctionCount: own.length },
  };
}
