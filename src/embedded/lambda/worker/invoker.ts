import type { Invocation, ToHost } from '../wire.ts';
import { functionError } from './function-error.ts';
import type { Handler } from './handler.ts';

/** Runs the handler for one event after the other. */
export function createInvoker(
  handle: Handler,
  folder: string,
  slept: () => number,
): (invocation: Invocation) => Promise<ToHost> {
  return async function invoke({ requestId, payload, trace, timeout, context }) {
    // The SDK puts it into the function's own requests; it changes with each invocation ("Defined runtime environment variables").
    process.env['_X_AMZN_TRACE_ID'] = trace;
    const deadline = performance.now() + timeout + slept();
    const callContext = {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      /** What the function let pass of the account's clock counts as if it had waited. */
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now() - slept())),
    };
    try {
      const answer: unknown = await handle(JSON.parse(payload), callContext);
      return { kind: 'done', requestId, payload: JSON.stringify(answer) ?? 'null', heap: heapUsed() };
    } catch (error) {
      return { kind: 'failed', requestId, error: functionError(error, folder), heap: heapUsed() };
    }
  };
}

function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}
