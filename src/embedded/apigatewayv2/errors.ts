import { serviceError } from '../errors.ts';

/** Errors of API Gateway V2 by their modelled names; each carries its words in `Message` too. */
export function badRequest(message: string): Error {
  return serviceError('BadRequestException', message, { fields: { Message: message } });
}

export function conflict(message: string): Error {
  return serviceError('ConflictException', message, { status: 409, fields: { Message: message } });
}

/** @param type as it stands in the message: `API`, `stage`, `Route`. */
export function notFound(type: string, id: string): Error {
  const message = `Invalid ${type} identifier specified ${id}`;
  return serviceError('NotFoundException', message, { status: 404, fields: { Message: message, ResourceType: type } });
}

/** A quota of the account or of an API is used up; API Gateway answers it with the status of throttling. */
export function limitExceeded(what: string, limit: number): Error {
  const message = `The limit of ${limit} ${what} has been reached`;
  return serviceError('TooManyRequestsException', message, {
    status: 429,
    fields: { Message: message, LimitType: what },
  });
}

/** The control plane's calls are throttled by account ("Amazon API Gateway account-level quotas"). */
export function tooManyRequests(): Error {
  return serviceError('TooManyRequestsException', 'Too Many Requests', {
    status: 429,
    fields: { Message: 'Too Many Requests', $retryable: { throttling: true } },
  });
}
