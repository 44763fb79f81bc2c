import { serviceError } from '../errors.ts';

/** Errors of EC2 by their codes (EC2 API Reference, "Error codes"); wording as AWS's where it is published. */
export function invalidParameter(message: string): Error {
  return serviceError('InvalidParameterValue', message);
}

export function missingParameter(name: string): Error {
  return serviceError('MissingParameter', `The request must contain the parameter ${name}`);
}

export function invalidCombination(message: string): Error {
  return serviceError('InvalidParameterCombination', message);
}

/** "The user has the required permissions, so the request would have succeeded, but the DryRun parameter was used." */
export function dryRunOperation(): Error {
  return serviceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });
}

export function invalidNextToken(): Error {
  return serviceError('InvalidNextToken', 'The specified NextToken is not valid.');
}

export function requestLimitExceeded(): Error {
  return serviceError('RequestLimitExceeded', 'Request limit exceeded.', {
    status: 503,
    fields: { $retryable: { throttling: true } },
  });
}

/** A parameter of AWS that the embedded account does not know: better refused than ignored. */
export function refuseUnknown<Input extends object>(input: Input, names: readonly (keyof Input & string)[]): void {
  const used = names.find((name) => input[name] !== undefined);
  if (used === undefined) return;
  throw serviceError(
    'NotEmbedded',
    `The embedded account does not know the parameter ${used} here. Use an emulator (--endpoint URL) or AWS for it.`,
  );
}
