import type { ErrorObject } from 'ajv';
import type { SchemaNode } from './schema-set.ts';

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

function typeNames(type: unknown): string {
  const types = Array.isArray(type) ? type : String(type).split(',');
  return types.map((name) => TYPE_NAMES[String(name)] ?? String(name)).join(' or ');
}

function oneOf(values: unknown): string {
  const words = Array.isArray(values) ? values.map(String) : [];
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function countOf(count: unknown, unit: string): string {
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** The schema's own words for what it asks for. */
export function ownWords(schema: SchemaNode): string | undefined {
  const words = schema['errorMessage'];
  return typeof words === 'string' ? words : undefined;
}

/** What the schema asks for, beginning with "must". */
export function expectation({ keyword, params }: ErrorObject, schema: SchemaNode): string {
  const own = ownWords(schema);
  if (own !== undefined) return own;
  switch (keyword) {
    case 'type':
      return `must be ${typeNames(params['type'])}`;
    case 'enum':
      return `must be ${oneOf(params['allowedValues'])}`;
    case 'const':
      return `must be ${String(params['allowedValue'])}`;
    case 'minimum':
      return `must be at least ${String(params['limit'])}`;
    case 'maximum':
      return `must be at most ${String(params['limit'])}`;
    case 'minimumDuration':
      return `must be at least ${String(schema[keyword])}`;
    case 'maximumDuration':
      return `must be at most ${String(schema[keyword])}`;
    case 'minLength':
      return params['limit'] === 1
        ? 'must not be empty'
        : `must have at least ${countOf(params['limit'], 'character')}`;
    case 'maxLength':
      return `must have at most ${countOf(params['limit'], 'character')}`;
    case 'minItems':
      return params['limit'] === 1 ? 'must not be empty' : `must have at least ${countOf(params['limit'], 'item')}`;
    case 'maxItems':
      return `must have at most ${countOf(params['limit'], 'item')}`;
    case 'uniqueItems':
      return `must not have the same item twice (items ${String(params['i'])} and ${String(params['j'])}, counted from 0)`;
    case 'minProperties':
      return params['limit'] === 1 ? 'must not be empty' : `must have at least ${countOf(params['limit'], 'field')}`;
    case 'maxProperties':
      return `must have at most ${countOf(params['limit'], 'field')}`;
    default:
      return 'is not allowed';
  }
}

/** Words that other YAML versions read as booleans and 1.2 reads as text. */
const OLD_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['on', true],
  ['y', true],
  ['no', false],
  ['off', false],
  ['n', false],
]);

function readAs(data: unknown, written: string): string | undefined {
  if (data === null) return 'YAML read this as empty';
  if (typeof data === 'boolean') return `YAML read this as the boolean ${data}`;
  if (typeof data !== 'number') return undefined;
  return `YAML read this as the number ${data}${/^[+-]?0[0-9]/.test(written) ? ': the leading zero is lost' : ''}`;
}

function textHint(data: unknown, written: string): string | undefined {
  if (data === null && written === '') return 'nothing stands after the colon';
  const reading = readAs(data, written);
  return reading === undefined ? undefined : `${reading}. Quote it: "${written}"`;
}

/** How YAML came to read a value as another type than was meant; `written` is the scalar as it stands in the file. */
export function quotingHint({ params, data }: ErrorObject, written: string | undefined): string | undefined {
  const wanted: unknown = params['type'];
  if (wanted === 'string') return textHint(data, written ?? '');
  if (data === null) return written === '' ? 'nothing stands after the colon' : undefined;
  if (wanted === 'array' && typeof data !== 'object') return 'write a list: put the value into [ ]';
  if (typeof data !== 'string') return undefined;
  const meant = OLD_BOOLEANS.get(data.toLowerCase());
  if (wanted === 'boolean' && meant !== undefined) return `YAML 1.2 reads ${data} as text. Write ${String(meant)}`;
  const isQuoted = (wanted === 'boolean' && (data === 'true' || data === 'false')) || /^-?[0-9]+$/.test(data);
  return isQuoted ? 'take the quotes off' : undefined;
}
