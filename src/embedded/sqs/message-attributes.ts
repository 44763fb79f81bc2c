import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { invalidParameter } from './errors.ts';
import type { StoredAttribute, StoredMessage } from './messages.ts';

/** Developer guide, "Amazon SQS message metadata": "Messages can have up to 10 attributes." */
const MAX_ATTRIBUTES = 10;
const MAX_NAME = 256;
const NAME = /^(?!AWS\.|Amazon\.)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/i;
/** A type and, behind a full stop, a label of one's own. */
const TYPE = /^(?:String|Number|Binary)(?:\..{1,249})?$/;

type Attributes = StoredMessage['attributes'];

/** @throws InvalidParameterValueException */
export function readAttributes(given: Readonly<Record<string, MessageAttributeValue>> = {}): Attributes {
  const entries = Object.entries(given);
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidParameter(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, given: MessageAttributeValue): StoredAttribute {
  const { DataType: type = '', StringValue: text, BinaryValue: octets } = given;
  if (name.length > MAX_NAME || !NAME.test(name))
    throw invalidParameter(`The message attribute name '${name}' is invalid.`);
  if (!TYPE.test(type)) throw invalidParameter(`The type of message (user) attribute '${name}' is invalid.`);
  const isBinary = type.startsWith('Binary');
  const value = isBinary ? Buffer.from(octets ?? []).toString('base64') : (text ?? '');
  if (value === '' || (isBinary ? text : octets) !== undefined) {
    throw invalidParameter(
      `The message (user) attribute '${name}' must contain a non-empty value of its type '${type}'.`,
    );
  }
  if (type.startsWith('Number') && !Number.isFinite(Number(value))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { type, value };
}

export function showAttribute({ type, value }: StoredAttribute): MessageAttributeValue {
  if (type.startsWith('Binary')) return { DataType: type, BinaryValue: new Uint8Array(Buffer.from(value, 'base64')) };
  return { DataType: type, StringValue: value };
}

/** Those that were asked for by name, by the beginning of the name (`bar.*`), or all of them (`All`, `.*`). */
export function chosenOf(attributes: Attributes, wanted: readonly string[]): Attributes {
  const isWanted = (name: string): boolean =>
    wanted.some((one) => one === 'All' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -2))));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

/** Bytes that count towards a message's size: names, types and values. */
export function sizeOfAttributes(attributes: Attributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { type, value }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(type) + octetsOf(type, value).length,
    0,
  );
}

/**
 * Developer guide, "Calculating the MD5 message digest for message attributes": by name in order, each with the length of
 * its name, of its type and of its value before them. Undefined: there are none.
 */
export function digestOfAttributes(attributes: Attributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const { type, value } = attributes[name] ?? { type: '', value: '' };
    hash.update(withLength(Buffer.from(name)));
    hash.update(withLength(Buffer.from(type)));
    hash.update(Buffer.from([type.startsWith('Binary') ? 2 : 1]));
    hash.update(withLength(octetsOf(type, value)));
  }
  return hash.digest('hex');
}

function octetsOf(type: string, value: string): Buffer {
  return Buffer.from(value, type.startsWith('Binary') ? 'base64' : 'utf8');
}

function withLength(octets: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([length, octets]);
}
