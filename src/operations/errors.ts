// Errors that the command line knows; apart from what throws them, so that `--help` does not wait for it.

/** The revision that somebody named is none. */
export class RevisionError extends Error {
  override readonly name = 'RevisionError';
  readonly hint: string;

  constructor(revision: string, why: string, hint = 'name a commit, a branch or a tag of this repository') {
    super(`--base ${revision} ${why}`);
    this.hint = hint;
  }
}

/** The file of a document cannot be changed. */
export class AdoptError extends Error {
  override readonly name = 'AdoptError';
}

/** The file of a document whose drift is accepted cannot be changed, or was since it was read. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

/** A file of a new estate cannot be written. */
export class InitError extends Error {
  override readonly name = 'InitError';
}
