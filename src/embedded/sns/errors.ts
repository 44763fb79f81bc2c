import { serviceError } from '../errors.ts';

/**
 * Errors of SNS by their modelled names, as the SDK gives them; on the wire, and in `Code`, they stand without `Exception`
 * (API reference, "Errors").
 */
function refusal(code: string, message: string, status: number): Error {
  return serviceError(`${code}Exception`, message, { status, fields: { Type: 'Sender', Code: code } });
}

/** `Invalid parameter: MEMBER Reason: WHY`, as SNS words it. */
export function invalidParameter(member: string, why?: string): Error {
  const reason = why === undefined ? '' : ` Reason: ${why}`;
  return refusal('InvalidParameter', `Invalid parameter: ${member}${reason}`, 400);
}

/** Of the calls about topics. */
export function notFound(): Error {
  return refusal('NotFound', 'Topic does not exist', 404);
}

export function subscriptionNotFound(): Error {
  return refusal('NotFound', 'Subscription does not exist', 404);
}

/** Of somebody else's subscription. */
export function notAuthorized(): Error {
  return refusal('AuthorizationError', 'Not authorized to access this subscription', 403);
}

/** Of the three calls about tags. */
export function resourceNotFound(): Error {
  return refusal('ResourceNotFound', 'Resource does not exist', 404);
}

export function tagLimitExceeded(message: string): Error {
  return refusal('TagLimitExceeded', message, 400);
}
