import { pathToFileURL } from 'node:url';
import type { FunctionError } from '../wire.ts';

/** Where Lambda puts a function's files: traces name it instead of a folder of this machine. */
const TASK_ROOT = '/var/task';

/** What was thrown, as Lambda answers it. */
export function functionError(thrown: unknown, folder: string): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const { name, message, stack = '' } = thrown;
  const trace = stack
    .replaceAll(pathToFileURL(folder).href, `file://${TASK_ROOT}`)
    .replaceAll(folder, TASK_ROOT)
    .split('\n');
  return { errorType: name, errorMessage: message, trace };
}
