import { serviceError } from '../errors.ts';

/** Errors by the names of the API reference of KMS, "Errors" of each action. */

export function notFound(message: string): Error {
  return serviceError('NotFoundException', message);
}

export function disabled(arn: string): Error {
  return serviceError('DisabledException', `${arn} is disabled.`);
}

export function invalidState(message: string): Error {
  return serviceError('KMSInvalidStateException', message);
}

export function invalidKeyUsage(message: string): Error {
  return serviceError('InvalidKeyUsageException', message);
}

export function invalidSignature(): Error {
  return serviceError('KMSInvalidSignatureException', 'The signature does not fit the message, key and algorithm.');
}

export function unsupported(message: string): Error {
  return serviceError('UnsupportedOperationException', message);
}

export function malformedPolicy(message: string): Error {
  return serviceError('MalformedPolicyDocumentException', message);
}

export function invalidMarker(): Error {
  return serviceError(
    'InvalidMarkerException',
    'The marker that specifies where pagination should next begin is not valid.',
  );
}

export function tagError(message: string): Error {
  return serviceError('TagException', message);
}

export function limitExceeded(message: string): Error {
  return serviceError('LimitExceededException', message);
}

/** A parameter outside of what the API reference allows. */
export function invalid(message: string): Error {
  return serviceError('ValidationException', message);
}
