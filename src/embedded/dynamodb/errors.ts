import { serviceError } from '../errors.ts';

/** Errors of DynamoDB by their modelled names (API reference); wording as AWS's where it is known. */
export function validation(message: string): Error {
  return serviceError('ValidationException', message);
}

/** What is wrong with one or more values. */
export function invalidValues(what: string): Error {
  return validation(`One or more parameter values were invalid: ${what}`);
}

/** A value outside the API model, in the words of AWS's request validator. */
export function constraint(member: string, value: string | number | undefined, rule: string): Error {
  const shown = value === undefined ? 'null' : `'${value}'`;
  return validation(
    `1 validation error detected: Value ${shown} at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}

export function resourceNotFound(what: string = ''): Error {
  return serviceError('ResourceNotFoundException', `Requested resource not found${what}`);
}

export function resourceInUse(message: string): Error {
  return serviceError('ResourceInUseException', message);
}

export function throughputExceeded(): Error {
  return serviceError(
    'ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  );
}

/** The single-item writes put what is wrong with the request itself into an envelope; GetItem does not. */
export function inEnvelope<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    throw validation(`1 validation error detected: ${error.message}`);
  }
}
