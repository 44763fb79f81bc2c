import { inflateSync } from 'node:zlib';
import { DOCUMENT_VARIABLE } from '../engine/function-document.ts';

/** Larger than any document that fits, compressed, into the environment. */
const MAX_OCTETS = 1_048_576;

/**
 * What the function is told of its document.
 * @throws Error when the environment does not hold it: the function was not made by trueup.
 */
export function readFunctionDocument(environment: NodeJS.ProcessEnv): unknown {
  const text = environment[DOCUMENT_VARIABLE];
  if (!text) throw new Error(`${DOCUMENT_VARIABLE} is missing: this function is configured by trueup apply`);
  return JSON.parse(inflateSync(Buffer.from(text, 'base64url'), { maxOutputLength: MAX_OCTETS }).toString());
}
