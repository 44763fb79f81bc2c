import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionError } from '../wire.ts';
import { functionError } from './function-error.ts';

/** A function's handler. */
export type Handler = (event: unknown, context: object) => unknown;

const EXTENSIONS: readonly string[] = ['.mjs', '.js', '.cjs'];
/** Event and context; a third one would be a callback. */
const MAX_PARAMETERS = 2;

/** Loads the module and finds the export that `index.handler` names; what went wrong is an error of the init phase. */
export async function loadHandler(
  folder: string,
  handler: string,
): Promise<{ readonly handle: Handler } | FunctionError> {
  const [module = '', ...path] = basename(handler).split('.');
  const candidates = EXTENSIONS.map((extension) => join(folder, dirname(handler), module + extension));
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined || path.length === 0) {
    return { errorType: 'Runtime.ImportModuleError', errorMessage: `Error: Cannot find module '${module}'`, trace: [] };
  }
  let found: unknown;
  try {
    found = await import(pathToFileURL(file).href);
  } catch (error) {
    return functionError(error, folder);
  }
  for (const name of path) found = (found as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof found !== 'function') {
    return { errorType: 'Runtime.HandlerNotFound', errorMessage: `${handler} is undefined or not exported`, trace: [] };
  }
  if (found.length > MAX_PARAMETERS) {
    return {
      errorType: 'Runtime.CallbackHandlerDeprecated',
      errorMessage: 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.',
      trace: [],
    };
  }
  return { handle: found as Handler };
}
