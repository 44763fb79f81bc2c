import { serviceError } from '../errors.ts';

/** Errors of Route 53 by their modelled names (API reference); wording as AWS's where it is published. */
export function invalidInput(message: string): Error {
  return serviceError('InvalidInput', message);
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraintViolation(member: string, value: unknown, rule: string): Error {
  return invalidInput(
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

export function noSuchHostedZone(id: string): Error {
  return serviceError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, { status: 404 });
}

export function accessDenied(arn: string): Error {
  return serviceError('AccessDenied', `User: ${arn} is not authorized to access this resource`, { status: 403 });
}

/** One message for every bad change of the batch. */
export function invalidChangeBatch(messages: readonly string[]): Error {
  return serviceError('InvalidChangeBatch', `[${messages.join(', ')}]`, { fields: { messages: [...messages] } });
}

export function limitsExceeded(message: string): Error {
  return serviceError('LimitsExceeded', message);
}

export function invalidPaginationToken(): Error {
  return serviceError('InvalidPaginationToken', 'The value that you specified to get the next page is invalid.');
}

export function priorRequestNotComplete(): Error {
  return serviceError(
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  );
}
