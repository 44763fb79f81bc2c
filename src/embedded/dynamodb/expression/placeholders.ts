import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { validation } from '../errors.ts';
import { readValue } from '../value.ts';
import type { Value } from '../value.ts';

const ALIAS = /^#\w+$/;
const PLACEHOLDER = /^:\w+$/;

/** ExpressionAttributeNames and ExpressionAttributeValues of a request, and which of them its expressions use. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #used = new Set<string>();

  /** @throws ValidationException for badly formed names and for values that DynamoDB does not take. */
  constructor(
    names: Readonly<Record<string, string>> | undefined,
    values: Readonly<Record<string, AttributeValue>> | undefined,
  ) {
    this.#names = new Map(entriesOf('ExpressionAttributeNames', names, ALIAS));
    const given = entriesOf('ExpressionAttributeValues', values, PLACEHOLDER);
    this.#values = new Map(given.map(([key, value]) => [key, readValue(value)]));
  }

  /** The attribute's name behind `#alias`. */
  name(alias: string): string {
    this.#used.add(alias);
    const name = this.#names.get(alias);
    if (name !== undefined) return name;
    throw validation(`An expression attribute name used in the document path is not defined; attribute name: ${alias}`);
  }

  value(placeholder: string): Value {
    this.#used.add(placeholder);
    const value = this.#values.get(placeholder);
    if (value !== undefined) return value;
    throw validation(
      `An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
    );
  }

  /** @throws ValidationException for what no expression used. */
  checkAllUsed(): void {
    this.#checkUsed('ExpressionAttributeNames', [...this.#names.keys()]);
    this.#checkUsed('ExpressionAttributeValues', [...this.#values.keys()]);
  }

  #checkUsed(member: string, keys: readonly string[]): void {
    const unused = keys.filter((key) => !this.#used.has(key));
    if (unused.length === 0) return;
    throw validation(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function entriesOf<Given>(
  member: string,
  given: Readonly<Record<string, Given>> | undefined,
  pattern: RegExp,
): readonly [string, Given][] {
  if (given === undefined) return [];
  const entries = Object.entries(given);
  if (entries.length === 0) throw validation(`${member} must not be empty`);
  const odd = entries.find(([key]) => !pattern.test(key));
  if (odd !== undefined) throw validation(`${member} contains invalid key: Syntax error; key: "${odd[0]}"`);
  return entries;
}
