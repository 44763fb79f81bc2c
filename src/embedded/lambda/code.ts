import { createHash } from 'node:crypto';
import type { Architecture, FunctionCode, UpdateFunctionCodeRequest } from '@aws-sdk/client-lambda';
import { serviceError } from '../errors.ts';
import { constraintViolation, invalidParameter, notEmbedded, requestTooLarge } from './errors.ts';
import { MAX_UNZIPPED_BYTES, MAX_ZIP_BYTES } from './limits.ts';
import type { StoredCode } from './model.ts';
import { unzippedSize } from './zip.ts';

const ARCHITECTURES: readonly string[] = ['x86_64', 'arm64'] satisfies Architecture[];

/** Hash and size of an uploaded zip. @throws InvalidParameterValueException, RequestTooLargeException */
export function acceptCode(
  code: FunctionCode | UpdateFunctionCodeRequest,
  architectures: readonly Architecture[],
): StoredCode {
  if (code.S3Bucket !== undefined || code.S3Key !== undefined) throw notEmbedded('function code in S3');
  if (code.ImageUri !== undefined) throw notEmbedded('container images');
  const { ZipFile: zip } = code;
  if (zip === undefined) throw invalidParameter('Please provide a source for function code.');
  if (zip.byteLength > MAX_ZIP_BYTES) {
    throw requestTooLarge(`Request must be smaller than ${MAX_ZIP_BYTES} bytes for the UpdateFunctionCode operation`);
  }
  const size = unzippedSize(zip);
  if (size === undefined)
    throw serviceError(
      'InvalidParameterValueException',
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  if (size > MAX_UNZIPPED_BYTES) {
    throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
  }
  const [only, ...others] = architectures;
  if (only === undefined || others.length > 0 || !ARCHITECTURES.includes(only)) {
    throw constraintViolation('architectures', architectures.join(', '), `one of [${ARCHITECTURES.join(', ')}]`);
  }
  return { sha256: codeSha256(zip), size: zip.byteLength, architectures: [only] };
}

/** As Lambda shows it (CodeSha256). */
export function codeSha256(zip: Uint8Array): string {
  return createHash('sha256').update(zip).digest('base64');
}
