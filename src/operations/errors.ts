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

/** What was handed in as a reviewed plan is none. */
export class PlanDocumentError extends Error {
  override readonly name = 'PlanDocumentError';

  constructor(name: string, why: string) {
    super(`${name} ${why}`);
  }
}

/** A trust policy that cannot be exact is not printed. */
export class IamError extends Error {
  override readonly name = 'IamError';
  readonly code: 'TU5060' | 'TU5061';
  readonly hint: string;

  constructor(code: IamError['code'], message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** The file of a document whose drift is accepted cannot be changed, or was since it was read. */
export class EditError extends Error {
  override readonly name = 'EditError';
}

/** A file of a new estate cannot be written. */
export class InitError extends Error {
  override readonly name = 'InitError';
}

/** Exit code of a refusal: of what is there, of what has moved on, of a guard. */
type PublishExit = 'error' | 'stale' | 'guard' | 'usage';

/** A bundle that is not published, or a plan that is not approved. Nothing was written then. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly code: string;
  readonly hint: string;
  readonly exit: PublishExit;

  /** @param code one of TU3040 to TU3049 */
  constructor(
    code: string,
    message: string,
    { hint, exit = 'error', cause }: { readonly hint: string; readonly exit?: PublishExit; readonly cause?: unknown },
  ) {
    super(message, { cause });
    this.code = code;
    this.hint = hint;
    this.exit = exit;
  }
}

/** What a watch was told to watch cannot be: no such document, remote or branch. */
export class WatchError extends Error {
  override readonly name = 'WatchError';
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.hint = hint;
  }
}
