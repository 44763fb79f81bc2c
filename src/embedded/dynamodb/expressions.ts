import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validation } from './errors.ts';
import { Placeholders } from './expression/placeholders.ts';

/** "Constraints in Amazon DynamoDB", Expression parameters: 4 KB. */
const MAX_EXPRESSION_BYTES = 4096;

/** What a request says of its expressions' names and values. */
export interface ExpressionAttributes {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>> | undefined;
}

type Parser<Result> = (text: string, placeholders: Placeholders) => Result;
type Parsers = Readonly<Record<string, Parser<unknown>>>;
type Parsed<Of extends Parsers> = { readonly [Name in keyof Of]: ReturnType<Of[Name]> | undefined };

/**
 * Reads the expressions of a request, by the names of their parameters. Every name and value that the request gives
 * must be used by one of them.
 *
 * @throws ValidationException
 */
export function readExpressions<Of extends Parsers>(
  input: ExpressionAttributes & { readonly [Name in keyof Of]?: string | undefined },
  parsers: Of,
): Parsed<Of> {
  const members = Object.keys(parsers).filter((member) => input[member] !== undefined);
  const names = input.ExpressionAttributeNames;
  const values = input.ExpressionAttributeValues;
  if (members.length === 0) {
    for (const [member, given] of Object.entries({
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    })) {
      if (given !== undefined) throw validation(`${member} can only be specified when using expressions`);
    }
  }
  const placeholders = new Placeholders(names, values);
  const parsed = Object.fromEntries(
    Object.entries(parsers).map(([member, parser]) => [member, parse(member, input[member], parser, placeholders)]),
  );
  placeholders.checkAllUsed();
  return parsed as Parsed<Of>;
}

function parse<Result>(
  member: string,
  text: string | undefined,
  parser: Parser<Result>,
  placeholders: Placeholders,
): Result | undefined {
  if (text === undefined) return undefined;
  const size = Buffer.byteLength(text);
  if (text.trim() === '') throw validation(`Invalid ${member}: The expression can not be empty;`);
  if (size > MAX_EXPRESSION_BYTES) {
    throw validation(
      `Invalid ${member}: Expression size has exceeded the maximum allowed size; expression size: ${size}`,
    );
  }
  try {
    return parser(text, placeholders);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ValidationException') throw error;
    throw validation(`Invalid ${member}: ${error.message}`);
  }
}
