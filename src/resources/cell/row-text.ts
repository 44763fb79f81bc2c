import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MAX_TEXT_BYTES } from './types.ts';

/** 400 KB a row ("Constraints in Amazon DynamoDB", Items), of which 4 KB are left to its key, its version and their names. */
export const MAX_ATTRIBUTE_BYTES: number = (400 - 4) * 1024;

/** A lease, or the state of a small loop, can be read as it stands. */
const MOST_PLAIN_BYTES = 4 * 1024;

/** A text as an attribute: a string, or, where it is long, octets that are compressed (RFC 1952). */
export function attributeOf(text: string): AttributeValue.SMember | AttributeValue.BMember {
  return Buffer.byteLength(text) <= MOST_PLAIN_BYTES ? { S: text } : { B: gzipSync(text) };
}

/** Its text; an empty one for what nobody here can have written. */
export function textOf({ S, B }: Partial<AttributeValue> = {}): string {
  if (B === undefined) return S ?? '';
  try {
    return gunzipSync(B, { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8');
  } catch {
    return '';
  }
}

/** Octets of a text as an attribute. */
export function bytesOf({ S, B }: AttributeValue.SMember | AttributeValue.BMember): number {
  return B?.length ?? Buffer.byteLength(S ?? '');
}
