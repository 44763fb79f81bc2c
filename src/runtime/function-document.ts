import { decodeFunctionDocument, DOCUMENT_VARIABLE } from '../engine/function-document.ts';

/**
 * What the function is told of its document.
 * @throws Error when the environment does not hold it: the function was not made by trueup.
 */
export function readFunctionDocument(environment: NodeJS.ProcessEnv): unknown {
  const text = environment[DOCUMENT_VARIABLE];
  if (!text) throw new Error(`${DOCUMENT_VARIABLE} is missing: this function is configured by trueup apply`);
  return decodeFunctionDocument(text);
}
