import { serviceError } from '../errors.ts';

/** LookupEvents, "Errors": all of them are 400. */
type LookupErrorName =
  | 'InvalidLookupAttributesException'
  | 'InvalidMaxResultsException'
  | 'InvalidNextTokenException'
  | 'InvalidTimeRangeException';

export function lookupError(name: LookupErrorName, message: string): Error {
  return serviceError(name, message);
}
