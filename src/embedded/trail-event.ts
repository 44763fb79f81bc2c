import type { Caller } from './caller.ts';
import type { IncomingCall } from './incoming-call.ts';
import type { Operation } from './service.ts';
import { HIDDEN, requestParameters, userIdentity } from './trail.ts';
import type { TrailEvent } from './trail.ts';

const ANONYMOUS: Caller = { type: 'IAMUser', account: '', arn: '', userId: '' };

/** What CloudTrail keeps of a call. @param caller undefined: nobody knows who it was */
export function trailEvent(
  call: IncomingCall & { readonly recorded: object },
  caller: Caller | undefined,
  now: number,
  error?: Error,
): TrailEvent {
  const { service, operation, request, region, recorded } = call;
  const who = caller ?? ANONYMOUS;
  return {
    eventID: crypto.randomUUID(),
    eventTime: new Date(now).toISOString(),
    eventSource: service.eventSource,
    eventName: request.command,
    readOnly: operation.kind === 'read',
    awsRegion: region,
    recipientAccountId: who.account,
    userIdentity: userIdentity(who),
    ...(request.userAgent !== undefined && { userAgent: request.userAgent }),
    requestParameters: requestParameters(recorded, service.secretFields),
    ...(error === undefined ? {} : { errorCode: error.name, errorMessage: recordedMessage(error, operation) }),
  };
}

function recordedMessage({ name, message }: Error, operation: Operation): string {
  return operation.recorded !== undefined && name === 'ValidationException' ? HIDDEN : message;
}
