/** A file that `init` is about. */
export interface InitFile {
  /** Relative to the directory, POSIX separators. */
  readonly path: string;
  /** left: there is another one of this name, and it stays; extended: it got a line more. */
  readonly state: 'written' | 'same' | 'extended' | 'left';
}

/** `trueup/init@1`. */
export interface InitResult {
  readonly format: 'trueup/init@1';
  /** By path. */
  readonly files: readonly InitFile[];
  /** Commands, in their order. */
  readonly next: readonly string[];
}
