/** The part of Lambda's context that handlers use. */
export interface FunctionContext {
  readonly awsRequestId: string;
  /** Milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
}
