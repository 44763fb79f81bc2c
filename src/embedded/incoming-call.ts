import type { ClientRequest } from './attach.ts';
import type { Caller } from './caller.ts';
import { serviceError } from './errors.ts';
import type { ServiceError } from './errors.ts';
import type { FaultKind } from './faults.ts';
import { denied, reasonToRefuse } from './iam/authorize.ts';
import { findService } from './services.ts';
import type { CallContext, Operation, Service } from './service.ts';

/** The operation that a request means. */
export interface Route {
  /** Of the service: `route-53`. */
  readonly name: string;
  readonly service: Service;
  readonly operation: Operation;
}

export interface IncomingCall extends Route {
  readonly request: ClientRequest;
  readonly region: string;
}

/** @throws NotEmbedded for what no service here answers. */
export function route(request: ClientRequest): Route {
  const found = findService(request.service);
  const operation = found?.service.operations[request.command];
  if (found === undefined || operation === undefined) {
    throw serviceError(
      'NotEmbedded',
      `The embedded account has no ${request.service} ${request.command}. Use an emulator (--endpoint URL) or AWS for it.`,
      { status: 400 },
    );
  }
  return { ...found, operation };
}

/** What an injected fault makes of a call before it runs; undefined: nothing. */
export function refusalOf(
  fault: FaultKind | undefined,
  { service, request }: IncomingCall,
  caller: Caller,
): Error | undefined {
  if (fault === 'throttle') return service.throttled(request.command);
  if (fault === 'server-error') {
    return serviceError('InternalFailure', 'The request failed because of an internal error (injected).', {
      status: 500,
    });
  }
  if (fault === 'error-in-body') return errorInBody();
  if (fault !== 'access-denied') return undefined;
  const action = `${service.actionPrefix}:${request.command}`;
  return denied(service.deniedName, caller, action, `because no identity-based policy allows the ${action} action`);
}

/**
 * What the SDK makes of an answer of S3 whose status is 200 and whose body is an error: it reads the error's code and
 * takes the status for 503, which is tried again.
 */
function errorInBody(): Error {
  return serviceError('InternalError', 'We encountered an internal error. Please try again. (injected)', {
    status: 503,
    fields: { Code: 'InternalError' },
  });
}

/** @throws the service's refusal when the caller's policies do not allow the call. */
export function authorize({ service, operation, request }: IncomingCall, input: object, context: CallContext): void {
  const { access } = operation;
  if (access.open) return;
  const action = access.actionOf?.(input) ?? access.action ?? `${service.actionPrefix}:${request.command}`;
  const resources = [access.resource?.(input, context) ?? '*'].flat();
  const question = {
    action,
    resources,
    conditions: access.conditions?.(input, context) ?? {},
    conditionsOf: (resource: string) => access.conditionsOf?.(resource, input, context) ?? {},
    policyOf: (resource: string) => access.resourcePolicy?.(resource, input, context),
  };
  const why = reasonToRefuse(question, context);
  if (why !== undefined) throw denied(service.deniedName, context.caller, action, why);
}

/** What the SDK sees when the connection breaks after the service has acted. */
export function lostReply(command: string): Error {
  return Object.assign(new Error(`The reply to ${command} was lost (injected).`), {
    name: 'TimeoutError',
    code: 'ECONNRESET',
    $metadata: {},
  });
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && '$fault' in error;
}
