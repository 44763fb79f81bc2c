/** Headers that are kept with an object and come back with it. */
export interface ObjectHeaders {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType: string;
  /** HTTP date. */
  readonly ExpiresString?: string;
}
