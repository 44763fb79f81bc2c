import { BundleError } from '../../bundle/errors.ts';
import type { BundleCode } from '../../bundle/errors.ts';

/** Why a run ends before it has looked at anything. Stable. */
export type RefusalCode =
  | BundleCode
  /** There is no bundle, repository or branch. */
  | 'missing'
  /** The source could not be read. */
  | 'unreadable'
  /** The configuration is not valid for this version. */
  | 'invalid'
  /** The configuration is of another estate or account than the function. */
  | 'other-estate'
  /** An approved plan is not one. */
  | 'bad-plan';

/** A configuration that is not taken: nothing was asked of any account on its behalf. `message` is a sentence without its full stop. */
export class LoopRefusal extends Error {
  override readonly name = 'LoopRefusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** What a bundle or an approval is refused for; anything else is thrown on. */
export function refusalOf(what: string, error: unknown): LoopRefusal {
  if (error instanceof BundleError) return new LoopRefusal(error.code, `${what} is refused: ${error.message}`, error);
  throw error;
}
