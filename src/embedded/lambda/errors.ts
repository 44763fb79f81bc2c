import { serviceError } from '../errors.ts';

/** Errors of Lambda by their modelled names (API reference); `Type` says whose fault it was. */
export function invalidParameter(message: string): Error {
  return serviceError('InvalidParameterValueException', message, { fields: { Type: 'User' } });
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraintViolation(member: string, value: unknown, rule: string): Error {
  return serviceError(
    'ValidationException',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

export function notFound(message: string): Error {
  return serviceError('ResourceNotFoundException', message, {
    status: 404,
    fields: { Type: 'User', Message: message },
  });
}

export function conflict(message: string): Error {
  return serviceError('ResourceConflictException', message, { status: 409, fields: { Type: 'User' } });
}

export function staleRevision(): Error {
  return serviceError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    { status: 412, fields: { Type: 'User' } },
  );
}

export function requestTooLarge(message: string): Error {
  return serviceError('RequestTooLargeException', message, { status: 413, fields: { Type: 'User' } });
}

export function tooManyRequests(reason: string, message: string = 'Rate Exceeded.'): Error {
  return serviceError('TooManyRequestsException', message, {
    status: 429,
    fields: { Reason: reason, Type: 'User', $retryable: { throttling: true } },
  });
}

export function recursiveInvocation(): Error {
  return serviceError(
    'RecursiveInvocationException',
    'Lambda found the function in a recursive loop and stopped this invocation.',
    { fields: { Type: 'User' } },
  );
}

/** What Lambda has and the embedded account has not: it says so instead of doing less. */
export function notEmbedded(what: string): Error {
  return serviceError(
    'NotEmbedded',
    `The embedded account has no ${what}. Use an emulator (--endpoint URL) or AWS for it.`,
  );
}
