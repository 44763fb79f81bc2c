import { serviceError } from '../errors.ts';

/** Errors of CloudWatch by their modelled names (API reference). */
export function invalidValue(message: string): Error {
  return serviceError('InvalidParameterValueException', message);
}

export function invalidCombination(message: string): Error {
  return serviceError('InvalidParameterCombinationException', message);
}

export function missingParameter(message: string): Error {
  return serviceError('MissingRequiredParameterException', message);
}

/** "Common errors": the input fails to satisfy the constraints of the service. */
export function validationError(message: string): Error {
  return serviceError('ValidationError', message);
}

export function invalidNextToken(): Error {
  return serviceError('InvalidNextToken', 'The next token specified is invalid.');
}
