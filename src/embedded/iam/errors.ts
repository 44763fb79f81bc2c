import { serviceError } from '../errors.ts';

/** Errors of IAM by their modelled names (API reference); wording as AWS's where it is known. */
export function noSuchEntity(message: string): Error {
  return serviceError('NoSuchEntityException', message, { status: 404 });
}

export function noSuchRole(name: string | undefined): Error {
  return noSuchEntity(`The role with name ${name} cannot be found.`);
}

export function noSuchPolicy(arn: string | undefined): Error {
  return noSuchEntity(`Policy ${arn} was not found.`);
}

export function alreadyExists(message: string): Error {
  return serviceError('EntityAlreadyExistsException', message, { status: 409 });
}

export function deleteConflict(message: string): Error {
  return serviceError('DeleteConflictException', message, { status: 409 });
}

export function limitExceeded(message: string): Error {
  return serviceError('LimitExceededException', message, { status: 409 });
}

export function malformedDocument(message: string): Error {
  return serviceError('MalformedPolicyDocumentException', message);
}

export function invalidInput(message: string): Error {
  return serviceError('InvalidInputException', message);
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraintViolation(member: string, value: unknown, rule: string): Error {
  return serviceError(
    'ValidationError',
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}
