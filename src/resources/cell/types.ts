/** More than a lease or the state of a loop over the largest estate. */
export const MAX_TEXT_BYTES: number = 32 * 1024 * 1024;

/** A text with the version under which it was read: an ETag, a row's own version. */
export interface StoredText {
  readonly text: string;
  readonly version: string;
}

/** One text somewhere in an account. Each write is a compare-and-swap; `undefined`: somebody else was faster. */
export interface Cell {
  read(): Promise<StoredText | undefined>;
  create(text: string): Promise<string | undefined>;
  replace(text: string, version: string): Promise<string | undefined>;
}
