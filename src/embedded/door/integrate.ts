import { functionOf } from '../apigatewayv2/integrations.ts';
import type { ApiPlace, StoredIntegration } from '../apigatewayv2/model.ts';
import type { Host } from '../host.ts';
import { isServiceError } from '../incoming-call.ts';
import { placeOfArn } from '../lambda/function-name.ts';
import { MAX_SYNCHRONOUS_BYTES } from '../lambda/limits.ts';
import { admits } from '../lambda/resource-policy.ts';
import { FAILED, TOO_LARGE, UNAVAILABLE } from './request.ts';
import type { DoorAnswer } from './request.ts';
import { interpret } from './response.ts';

/**
 * Asks the function behind an integration, if its own policy lets API Gateway in for this route.
 *
 * A function that is throttled, or does not answer in time, is 503; one that throws, is not there or does not let API
 * Gateway in is 500; an event that Lambda does not take for its size is 413.
 *
 * @param sourceArn the route, as the function's policy names it
 */
export async function askFunction(
  integration: StoredIntegration,
  payload: string,
  api: ApiPlace,
  sourceArn: string,
  host: Pick<Host, 'read' | 'functions'>,
): Promise<DoorAnswer> {
  const arn = functionOf(integration);
  const place = placeOfArn(arn);
  const admission = { target: arn, principal: 'apigateway.amazonaws.com', sourceArn, sourceAccount: api.account };
  if (place === undefined || !host.read((data) => admits(place, admission, data))) return FAILED;
  if (Buffer.byteLength(payload) > MAX_SYNCHRONOUS_BYTES) return TOO_LARGE;
  const time = timeOut(integration.timeout);
  try {
    return await Promise.race([invoke(arn, payload, host), time.over]);
  } finally {
    time.stop();
  }
}

async function invoke(arn: string, payload: string, host: Pick<Host, 'functions'>): Promise<DoorAnswer> {
  try {
    const result = await host.functions.invoke(arn, payload);
    return result.functionError === undefined ? interpret(result.payload) : FAILED;
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return error.name === 'TooManyRequestsException' ? UNAVAILABLE : FAILED;
  }
}

/** The function goes on, and nobody hears what it answers. */
function timeOut(milliseconds: number): { readonly over: Promise<DoorAnswer>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<DoorAnswer>((resolve) => {
    timer = setTimeout(() => resolve(UNAVAILABLE), milliseconds);
  });
  return { over, stop: () => clearTimeout(timer) };
}
