/** Limits of functions: API reference (CreateFunction) and Developer Guide, "Lambda quotas". */
export const DEFAULT_MEMORY_MB = 128;
export const MIN_MEMORY_MB = 128;
export const MAX_MEMORY_MB = 10_240;
export const DEFAULT_TIMEOUT_S = 3;
export const MAX_TIMEOUT_S = 900;
export const MAX_DESCRIPTION = 256;
export const MAX_HANDLER = 128;
/** "4 KB, for all environment variables associated with the function, in aggregate". */
export const MAX_ENVIRONMENT_BYTES = 4096;
/** "50 MB (zipped, when uploaded through the Lambda API or SDKs)". */
export const MAX_ZIP_BYTES = 50 * 1024 * 1024;
/** "250 MB … the maximum size of the contents of a deployment package, including layers". */
export const MAX_UNZIPPED_BYTES = 250 * 1024 * 1024;
export const MAX_LAYERS = 5;
export const MAX_SUBNETS = 16;
export const MAX_SECURITY_GROUPS = 5;
/** "6 MB each for request and response (synchronous)", "1 MB (asynchronous)". */
export const MAX_SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
export const MAX_ASYNCHRONOUS_BYTES = 1024 * 1024;
/** Invoke: "6291556 bytes" in the error about a response. */
export const MAX_RESPONSE_BYTES = 6_291_556;
/** LogResult: "The last 4 KB of the execution log". */
export const LOG_TAIL_BYTES = 4096;
/** "1,000 concurrent executions" for an account in a Region; PutFunctionConcurrency leaves 100 to all others. */
export const ACCOUNT_CONCURRENCY = 1000;
export const MIN_UNRESERVED_CONCURRENCY = 100;
/** "Lambda limits the Init phase to 10 seconds". */
export const INIT_TIMEOUT_MS = 10_000;
/** "20 KB" for a function's resource-based policy. */
export const MAX_POLICY_BYTES = 20 * 1024;
/** Asynchronous invocation: two retries, a minute before the first and two before the second; events live six hours. */
export const MAX_RETRIES = 2;
export const RETRY_PAUSES_MS: readonly number[] = [60_000, 120_000];
export const MAX_EVENT_AGE_S = 21_600;
/** Destinations and dead-letter queues: "Error message (truncated to 1 KB)". */
export const MAX_ERROR_MESSAGE_BYTES = 1024;
