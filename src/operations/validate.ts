import type { ValidateResult } from '../engine/types.ts';
import { loadConfig } from './project.ts';
import type { LoadOptions } from './project.ts';

/** Is the configuration tree valid? Reads files below the directory and nothing else. */
export async function validate(directory: string, options: LoadOptions = {}): Promise<ValidateResult> {
  const { result } = await loadConfig(directory, options);
  return result;
}
