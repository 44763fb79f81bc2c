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

const DOCUMENT = /^config\/[^/]+\//;

/** Path of the first document, if it was written. Settings lie beside the folders of kinds. */
export function writtenDocument(files: readonly InitFile[]): string | undefined {
  return files.find(({ path, state }) => state === 'written' && DOCUMENT.test(path))?.path;
}
