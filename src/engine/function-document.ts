import { inflateSync } from 'node:zlib';
import { strToU8, zlibSync } from 'fflate';
import { canonical } from './value.ts';

/** The environment variable in which a function finds what it is to do. */
export const DOCUMENT_VARIABLE = 'TRUEUP_DOCUMENT';

/** Lambda takes 4 KB of environment in all; the rest is for names and for what is known only once it exists. */
export const MAX_DOCUMENT_CHARACTERS = 3_584;

/** Larger than any document that fits, compressed, into the environment. */
const MAX_OCTETS = 1_048_576;

/**
 * What a function is told of its document: canonical JSON, compressed (RFC 1950), base64url. Not by Node's zlib, whose
 * output differs from version to version: equal documents give equal text everywhere.
 */
export function encodeFunctionDocument(content: object): string {
  return Buffer.from(zlibSync(strToU8(canonical(content)), { level: 9 })).toString('base64url');
}

/**
 * What such a text says.
 * @throws Error when it is no compressed JSON, or larger than any document that we write.
 */
export function decodeFunctionDocument(text: string): unknown {
  return JSON.parse(inflateSync(Buffer.from(text, 'base64url'), { maxOutputLength: MAX_OCTETS }).toString());
}
