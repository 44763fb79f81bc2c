import { createHash } from 'node:crypto';
import type { CompleteMultipartUploadOutput, CompleteMultipartUploadRequest, CompletedPart } from '@aws-sdk/client-s3';
import type { CallContext } from '../../service.ts';
import { join } from '../body.ts';
import type { Body } from '../body.ts';
import { checksumOf, compositeOf, shownChecksum } from '../checksums.ts';
import type { Checksum } from '../checksums.ts';
import { decryptable, shownEncryption } from '../encryption.ts';
import { announce } from '../events.ts';
import { invalidRequest, malformedXml, s3Error } from '../errors.ts';
import { refuseFields } from '../not-embedded-fields.ts';
import { checkWrite } from '../preconditions.ts';
import { demandOnObject } from '../rights.ts';
import { currentObject, keepObject } from '../versions.ts';
import { creation, shownVersion } from '../write-object.ts';
import { uploadFor } from './find-upload.ts';
import { dropUpload, partRow, parts } from './model.ts';
import type { Upload, UploadedPart } from './model.ts';
import { MIN_PART } from './upload-part.ts';

/** The parts that the request lists become the object; others are gone. */
export function completeMultipartUpload(
  input: CompleteMultipartUploadRequest,
  context: CallContext,
): CompleteMultipartUploadOutput {
  refuseFields(input, ['SSECustomerAlgorithm', 'SSECustomerKey']);
  const { bucket, upload } = uploadFor(input, context);
  if (input.IfMatch !== undefined) demandOnObject('GetObject', input, context);
  decryptable({ key: upload.key, ...upload.object }, bucket, context);
  const listed = listedParts(input, upload, context);
  const body = join(listed.map((part) => part.body));
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== body.size) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${body.size}`,
    );
  }
  const checksum = objectChecksum(input, upload, listed, body);
  const { key } = upload;
  checkWrite(key, currentObject(bucket.name, key, context.data), input);
  const etag = etagOfParts(listed);
  const kept = keepObject(bucket, { key, body, etag, checksum, ...upload.object }, context);
  dropUpload(bucket, upload, context.data);
  announce(creation('ObjectCreated:CompleteMultipartUpload', bucket, kept), context);
  return {
    Location: `https://${bucket.name}.s3.${bucket.region}.amazonaws.com/${encodeURIComponent(key)}`,
    Bucket: bucket.name,
    Key: key,
    ETag: etag,
    ...shownEncryption(kept),
    ...shownVersion(bucket, kept),
    ...shownChecksum(checksum),
  };
}

/** @throws MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, InvalidRequest where checksums are missing */
function listedParts(
  input: CompleteMultipartUploadRequest,
  upload: Upload,
  { data }: CallContext,
): readonly UploadedPart[] {
  const wanted = input.MultipartUpload?.Parts ?? [];
  if (wanted.length === 0) throw malformedXml();
  const numbers = wanted.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, index) => index > 0 && number <= (numbers[index - 1] ?? 0))) {
    throw s3Error(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      400,
      { UploadId: upload.id },
    );
  }
  const listed = wanted.map((one) => {
    const found = data.get(parts(upload.id), partRow(one.PartNumber ?? 0));
    if (found === undefined || !isSame(one, found, upload)) throw invalidPart(one, upload);
    return found;
  });
  const small = listed.slice(0, -1).find(({ body }) => body.size < MIN_PART);
  if (small !== undefined) {
    throw s3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
      ProposedSize: String(small.body.size),
      MinSizeAllowed: String(MIN_PART),
      PartNumber: String(small.number),
      ETag: small.etag.replaceAll('"', ''),
    });
  }
  return listed;
}

/** By the ETag, and by the checksum where one is said; it must be where the object's is one of the parts'. */
function isSame(one: CompletedPart, { etag, checksum }: UploadedPart, upload: Upload): boolean {
  if ((one.ETag ?? '').replaceAll('"', '') !== etag.replaceAll('"', '')) return false;
  if (checksum === undefined) return true;
  const said = one[`Checksum${checksum.algorithm}`];
  if (said === undefined && upload.checksum?.type === 'COMPOSITE') {
    const name = checksum.algorithm.toLowerCase();
    throw invalidRequest(
      `The upload was created using a ${name} checksum. The complete request must include the checksum for each part. It was missing for part ${one.PartNumber} in the request.`,
    );
  }
  return said === undefined || said === checksum.value;
}

function invalidPart({ PartNumber = 0, ETag = '' }: CompletedPart, { id }: Upload): Error {
  return s3Error(
    'InvalidPart',
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    400,
    { UploadId: id, PartNumber: String(PartNumber), ETag: ETag.replaceAll('"', '') },
  );
}

/** @throws BadDigest where the request says another type or another checksum */
function objectChecksum(
  input: CompleteMultipartUploadRequest,
  upload: Upload,
  listed: readonly UploadedPart[],
  body: Body,
): Checksum {
  const { algorithm, type } = upload.checksum ?? ({ algorithm: 'CRC64NVME', type: 'FULL_OBJECT' } as const);
  if (input.ChecksumType !== undefined && input.ChecksumType !== type) {
    throw s3Error('BadDigest', `The checksum type ${input.ChecksumType} is not that of the upload, ${type}.`);
  }
  const sums = listed.flatMap(({ checksum }) => checksum ?? []);
  const computed = type === 'COMPOSITE' ? compositeOf(algorithm, sums) : checksumOf(algorithm, body);
  const said = input[`Checksum${algorithm}`];
  if (said === undefined || said === computed.value) return computed;
  throw s3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** "An MD5 digest of the concatenated MD5 digests of the parts, and a dash and the number of parts." */
function etagOfParts(listed: readonly UploadedPart[]): string {
  const digests = listed.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'));
  return `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-${listed.length}"`;
}
