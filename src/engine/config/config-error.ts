import type { ConfigCode } from './codes.ts';

/** Configuration that cannot be used, found after it was validated; the CLI ends with 65. */
export class ConfigError extends Error {
  readonly code: ConfigCode;
  /** What to type or write. */
  readonly hint: string | undefined;

  constructor(code: ConfigCode, message: string, hint?: string) {
    super(message);
    this.name = 'ConfigError';
    this.code = code;
    this.hint = hint;
  }
}
