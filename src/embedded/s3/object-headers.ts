import type { PutObjectRequest } from '@aws-sdk/client-s3';
import { s3Error } from './errors.ts';
import { DEFAULT_TYPE } from './model.ts';
import type { ObjectHeaders } from './stored-headers.ts';

/** Octets of UTF-8 (User Guide, "Naming Amazon S3 objects"). */
const MAX_KEY = 1024;
/** Octets of names and values together (User Guide, "User-defined object metadata"). */
const MAX_METADATA = 2048;
/** "The value must be prefixed by /, http:// or https://. The length of the value is limited to 2 KB." */
const REDIRECT = /^(?:\/|https?:\/\/)/;
const MAX_REDIRECT = 2048;

/** @throws KeyTooLongError */
export function checkKey(key: string = ''): string {
  const size = Buffer.byteLength(key);
  if (size <= MAX_KEY) return key;
  throw s3Error('KeyTooLongError', 'Your key is too long', 400, {
    Size: String(size),
    MaxSizeAllowed: String(MAX_KEY),
  });
}

/** @returns names in lower case. @throws MetadataTooLarge */
export function checkMetadata(metadata: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const size = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (size <= MAX_METADATA) return Object.fromEntries(entries);
  throw s3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
    Size: String(size),
    MaxSizeAllowed: String(MAX_METADATA),
  });
}

/** @throws InvalidRedirectLocation */
export function checkRedirect(redirect: string | undefined): string | undefined {
  if (redirect === undefined || (REDIRECT.test(redirect) && redirect.length <= MAX_REDIRECT)) return redirect;
  throw s3Error(
    'InvalidRedirectLocation',
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  );
}

type GivenHeaders = Pick<
  PutObjectRequest,
  'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'ContentType' | 'Expires'
>;

export function headersOf(input: GivenHeaders): ObjectHeaders {
  return {
    ...(input.CacheControl !== undefined && { CacheControl: input.CacheControl }),
    ...(input.ContentDisposition !== undefined && { ContentDisposition: input.ContentDisposition }),
    ...(input.ContentEncoding !== undefined && { ContentEncoding: input.ContentEncoding }),
    ...(input.ContentLanguage !== undefined && { ContentLanguage: input.ContentLanguage }),
    ContentType: input.ContentType ?? DEFAULT_TYPE,
    ...(input.Expires !== undefined && { ExpiresString: input.Expires.toUTCString() }),
  };
}
