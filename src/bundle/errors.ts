/** Why a bundle, an approval or an archive is not taken. Stable. */
export type BundleCode =
  /** No envelope with a signature. */
  | 'unsigned'
  /** Signed by another key than the one that is expected. */
  | 'wrong-key'
  | 'bad-signature'
  /** Of another estate. */
  | 'wrong-owner'
  /** Other octets than those that were signed. */
  | 'altered'
  /** Older than what was taken before. */
  | 'rolled-back'
  /** An approval that was given to another bundle. */
  | 'other-bundle'
  | 'too-large'
  /** An entry of an archive that is no regular file with a safe name of its own. */
  | 'hostile-entry'
  | 'malformed';

/** `message` is a sentence without its full stop. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleCode;

  constructor(code: BundleCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
