import type {
  CopyPartResult,
  UploadPartCopyOutput,
  UploadPartCopyRequest,
  UploadPartOutput,
  UploadPartRequest,
} from '@aws-sdk/client-s3';
import { notEmbedded } from '../../not-embedded.ts';
import type { CallContext } from '../../service.ts';
import { bodyOf, slice } from '../body.ts';
import type { Body } from '../body.ts';
import { checkedSum, checksumOf, shownSum } from '../checksums.ts';
import type { Checksum } from '../checksums.ts';
import { copySourceOf } from '../copy-source.ts';
import { decryptable, shownEncryption } from '../encryption.ts';
import { invalidArgument, invalidRequest, s3Error } from '../errors.ts';
import type { StoredBucket } from '../model.ts';
import { refuseFields } from '../not-embedded-fields.ts';
import { MAX_BODY, sentOctets } from '../sent-octets.ts';
import { idOf } from '../versions.ts';
import { wholeEtag } from '../write-object.ts';
import { uploadFor } from './find-upload.ts';
import { checkPartNumber, partRow, parts } from './model.ts';
import type { Upload, UploadedPart } from './model.ts';

const NOT_EMBEDDED = [
  'ChecksumXXHASH128',
  'ChecksumXXHASH3',
  'ChecksumXXHASH64',
  'SSECustomerAlgorithm',
  'SSECustomerKey',
];
/** Octets (User Guide, "Amazon S3 multipart upload limits"). */
export const MIN_PART: number = 5 * 1024 ** 2;
const MAX_PART: number = 5 * 1024 ** 3;

/** A part that is uploaded again replaces the one that was there. */
export function uploadPart(input: UploadPartRequest, context: CallContext): UploadPartOutput {
  refuseFields(input, NOT_EMBEDDED);
  const { bucket, upload } = uploadFor(input, context);
  const number = checkPartNumber(input.PartNumber);
  const body = bodyOf(sentOctets(input.Body));
  if (body.size > MAX_BODY) throw notEmbedded(`parts of S3 uploads of more than ${MAX_BODY} octets`);
  const sent = checkedSum(input, body);
  checkAlgorithm(upload, sent);
  const part = keepPart({ bucket, upload }, number, body, context);
  return { ETag: part.etag, ...shownEncryption(upload.object), ...shownSum(sent) };
}

/** @throws as `copySourceOf`; InvalidArgument and InvalidRequest for ranges */
export function uploadPartCopy(input: UploadPartCopyRequest, context: CallContext): UploadPartCopyOutput {
  refuseFields(input, NOT_EMBEDDED);
  const { bucket, upload } = uploadFor(input, context);
  const number = checkPartNumber(input.PartNumber);
  const source = copySourceOf(input, context);
  const part = keepPart({ bucket, upload }, number, rangeOf(source.object.body, input.CopySourceRange), context);
  const result: CopyPartResult = {
    ETag: part.etag,
    LastModified: new Date(part.modified),
    ...(part.checksum && shownSum(part.checksum)),
  };
  return {
    ...(source.bucket.versioning !== undefined && { CopySourceVersionId: idOf(source.object) }),
    CopyPartResult: result,
    ...shownEncryption(upload.object),
  };
}

/** Who encrypts by KMS must be able to decrypt: S3 reads the parts again when it puts them together. */
function keepPart(
  { bucket, upload }: { readonly bucket: StoredBucket; readonly upload: Upload },
  number: number,
  body: Body,
  context: CallContext,
): UploadedPart {
  decryptable({ key: upload.key, ...upload.object }, bucket, context);
  const { algorithm } = upload.checksum ?? {};
  const part: UploadedPart = {
    number,
    body,
    etag: wholeEtag(body, upload.object, context),
    modified: Math.floor(context.now / 1000) * 1000,
    ...(algorithm && { checksum: checksumOf(algorithm, body) }),
  };
  context.data.put(parts(upload.id), partRow(number), part);
  return part;
}

/** The SDK sends a CRC-32 with each part unless it is told otherwise. */
function checkAlgorithm({ checksum }: Upload, sent: Checksum): void {
  if (checksum === undefined || checksum.algorithm === sent.algorithm) return;
  throw invalidRequest(
    `Checksum Type mismatch occurred, expected checksum Type: ${checksum.algorithm.toLowerCase()}, actual checksum Type: ${sent.algorithm.toLowerCase()}`,
  );
}

const RANGE = /^bytes=(\d+)-(\d+)$/;

/** The octets that are copied: "You can copy a range only if the source object is greater than 5 MB". */
function rangeOf(body: Body, range: string | undefined): Body {
  const copied = range === undefined ? body : sliceOf(body, range);
  if (copied.size <= MAX_PART) return copied;
  throw invalidRequest(
    `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_PART}`,
  );
}

function sliceOf(body: Body, range: string): Body {
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      range,
    );
  }
  if (Number(last) >= body.size) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${body.size}`,
      'x-amz-copy-source-range',
      range,
    );
  }
  if (body.size <= MIN_PART) {
    throw s3Error('InvalidRequest', 'The specified copy source is not supported as a byte-range copy source');
  }
  return slice(body, Number(first), Number(last) + 1);
}
