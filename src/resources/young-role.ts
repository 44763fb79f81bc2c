import { isAwsError } from '../aws/errors.ts';

/** A role, and rights that were just given to one, count after some seconds (IAM: "eventual consistency"). */
export const YOUNG_ROLE_MS = 5_000;

/** As Lambda says it of assuming the role, of a queue that it is to read, and of a destination that it is to write to. */
const WORDS = /cannot be assumed by Lambda|does not have permissions to call|destination ARN .* is invalid/;

/** Did Lambda refuse because of what a function's role may not do yet? */
export function isRoleTooYoung(error: unknown): boolean {
  return error instanceof Error && isAwsError(error, 'InvalidParameterValueException') && WORDS.test(error.message);
}
