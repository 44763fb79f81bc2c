import { serviceError } from '../errors.ts';
import type { CallContext } from '../service.ts';
import { constraintViolation, notFound } from './errors.ts';
import { functionArn, functionKey, functions } from './model.ts';
import type { FunctionPlace, StoredFunction } from './model.ts';

/** API model: FunctionName is a name, an ARN or a part of an ARN, each with or without a qualifier. */
const REFERENCE =
  /^(?:arn:aws:lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;
/** CreateFunction: "the function name … is limited to 64 characters in length". */
const MAX_NAME = 64;
const LATEST = '$LATEST';

/** @throws ValidationException */
export function parseFunctionName(
  reference: string | undefined,
  { region, caller }: Pick<CallContext, 'region' | 'caller'>,
): FunctionPlace & { readonly qualifier: string | undefined } {
  const { name = '', ...rest } = REFERENCE.exec(reference ?? '')?.groups ?? {};
  if (name === '' || name.length > MAX_NAME) {
    throw constraintViolation(
      'functionName',
      reference,
      `Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+ and have length 1 to ${MAX_NAME}`,
    );
  }
  return {
    account: rest['account'] ?? caller.account,
    region: rest['region'] ?? region,
    name,
    qualifier: rest['qualifier'],
  };
}

/** The ARN behind a reference, for IAM; a malformed one is refused by the operation itself. */
export function arnBehind(input: { readonly FunctionName?: string | undefined }, context: CallContext): string {
  const { FunctionName: reference } = input;
  return REFERENCE.test(reference ?? '') ? functionArn(parseFunctionName(reference, context)) : '*';
}

/**
 * A function of the caller's account. There are no versions and aliases, so that every qualifier but `$LATEST` is of
 * one that does not exist.
 *
 * @throws ResourceNotFoundException; AccessDeniedException for a function of another account.
 */
export function ownFunction(
  input: { readonly FunctionName?: string | undefined; readonly Qualifier?: string | undefined },
  context: CallContext,
): StoredFunction {
  const place = parseFunctionName(input.FunctionName, context);
  const arn = functionArn(place);
  if (place.account !== context.caller.account) {
    const message = `User: ${context.caller.arn} is not authorized to perform this action on resource: ${arn} because no resource-based policy allows it`;
    throw serviceError('AccessDeniedException', message, { status: 403 });
  }
  const qualifier = input.Qualifier ?? place.qualifier ?? LATEST;
  const found = place.region === context.region ? context.data.get(functions, functionKey(place)) : undefined;
  if (found === undefined || qualifier !== LATEST) {
    throw notFound(`Function not found: ${arn}${qualifier === LATEST ? '' : `:${qualifier}`}`);
  }
  return found;
}

const FUNCTION_ARN = /^arn:aws:lambda:([a-z0-9-]+):(\d{12}):function:([\w-]+)(?::\$LATEST)?$/;

/** The place that a function's full ARN names; undefined: it is none. */
export function placeOfArn(arn: string): FunctionPlace | undefined {
  const [, region, account, name] = FUNCTION_ARN.exec(arn) ?? [];
  return region && account && name ? { region, account, name } : undefined;
}
