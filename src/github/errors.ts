/** GitHub said no, or nothing. */
export class GithubError extends Error {
  override readonly name = 'GithubError';
  /** HTTP status; 0: no answer. */
  readonly status: number;
  /** A write whose answer was lost, or came as 5xx: it may be done all the same. */
  readonly maybeDone: boolean;

  constructor(
    message: string,
    options: { readonly status?: number; readonly maybeDone?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = options.status ?? 0;
    this.maybeDone = options.maybeDone ?? false;
  }
}

/** The environment does not say where on GitHub we are. */
export class GithubContextError extends Error {
  override readonly name = 'GithubContextError';
  readonly hint: string;

  constructor(
    message: string,
    hint = 'run it in a GitHub Actions workflow; docs/github.md lists what is read of the environment',
  ) {
    super(message);
    this.hint = hint;
  }
}

/** Nothing was reviewed that this apply may rely on: exit 3. */
export class ReviewError extends Error {
  override readonly name = 'ReviewError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The default branch is none that can be trusted: whoever may push there decides alone. */
export class UnprotectedError extends Error {
  override readonly name = 'UnprotectedError';
}
