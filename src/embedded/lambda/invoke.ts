import type { InvocationRequest, InvocationResponse, InvocationType } from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import { Deferred } from '../service.ts';
import type { CallContext } from '../service.ts';
import { constraintViolation, notEmbedded, requestTooLarge } from './errors.ts';
import { ownFunction } from './function-name.ts';
import { logTail } from './invocation-log.ts';
import { MAX_ASYNCHRONOUS_BYTES, MAX_SYNCHRONOUS_BYTES } from './limits.ts';
import { checkActive, functionArn } from './model.ts';

/** HTTP status of an invocation that went well, by its type (Invoke, "Response Elements"). */
const STATUS = { RequestResponse: 200, Event: 202, DryRun: 204 } satisfies Record<InvocationType, number>;

export function invoke(input: InvocationRequest, context: CallContext): Deferred<InvocationResponse> {
  const found = ownFunction(input, context);
  checkActive(found, context.now);
  if (input.ClientContext !== undefined) throw notEmbedded('client contexts');
  if (input.TenantId !== undefined || input.DurableExecutionName !== undefined)
    throw notEmbedded('durable functions and tenants');
  const type = input.InvocationType ?? 'RequestResponse';
  if (!(type in STATUS)) {
    throw constraintViolation(
      'invocationType',
      type,
      `Member must satisfy enum value set: [${Object.keys(STATUS).join(', ')}]`,
    );
  }
  const payload = checkPayload(input.Payload, type);
  const arn = functionArn(found);
  const { trace } = context;
  return new Deferred(async (host) => {
    if (type === 'DryRun') return { StatusCode: STATUS.DryRun };
    if (type === 'Event') {
      host.functions.enqueue(arn, payload, crypto.randomUUID(), trace);
      return { StatusCode: STATUS.Event, Payload: new Uint8Array() };
    }
    const result = await host.functions.invoke(arn, payload, trace);
    return {
      StatusCode: STATUS.RequestResponse,
      ExecutedVersion: '$LATEST',
      Payload: new TextEncoder().encode(result.payload),
      ...(result.functionError && { FunctionError: result.functionError }),
      ...(input.LogType === 'Tail' && { LogResult: logTail(result.log) }),
    };
  });
}

/** The event as JSON; none is an empty object. @throws RequestTooLargeException, InvalidRequestContentException */
function checkPayload(given: Uint8Array | string | undefined, type: InvocationType): string {
  // The SDK's command takes text as well.
  const octets = typeof given === 'string' ? Buffer.from(given) : given;
  const limit = type === 'Event' ? MAX_ASYNCHRONOUS_BYTES : MAX_SYNCHRONOUS_BYTES;
  const size = octets?.byteLength ?? 0;
  if (size > limit) {
    throw requestTooLarge(`${size} byte payload is too large for the ${type} invocation type (limit ${limit} bytes)`);
  }
  const text = size === 0 ? '{}' : Buffer.from(octets ?? []).toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw serviceError('InvalidRequestContentException', 'Could not parse request body into json', {
      fields: { Type: 'User' },
    });
  }
}
