import type { CreateMultipartUploadOutput, CreateMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../../service.ts';
import { requestObjectTagKeys } from '../access.ts';
import { bucketFor } from '../buckets.ts';
import { algorithmOf } from '../checksums.ts';
import { shownEncryption } from '../encryption.ts';
import { invalidRequest } from '../errors.ts';
import { objectRow } from '../model.ts';
import { checkKey, checkMetadata, headersOf } from '../object-headers.ts';
import { demandOnObject } from '../rights.ts';
import { tagsInHeader } from '../tag-sets.ts';
import { checkWriteRequest, keepingOf } from '../write-object.ts';
import { newUploadId, uploads } from './model.ts';
import type { Upload, UploadChecksum } from './model.ts';

/** Says all of the object but its octets, with the rights that this needs (CreateMultipartUpload). */
export function createMultipartUpload(
  input: CreateMultipartUploadRequest,
  context: CallContext,
): CreateMultipartUploadOutput {
  checkWriteRequest(input);
  const bucket = bucketFor(input, context);
  const key = checkKey(input.Key);
  const metadata = checkMetadata(input.Metadata);
  const tags = tagsInHeader(input.Tagging);
  const checksum = checksumFor(input);
  if (Object.keys(tags).length > 0) demandOnObject('PutObjectTagging', input, context, requestObjectTagKeys(tags));
  const keeping = keepingOf(input, bucket, context);
  const upload: Upload = {
    id: newUploadId(context.data),
    key,
    initiated: context.now,
    initiator: context.caller.arn,
    object: { headers: headersOf(input), metadata, tags, ...keeping },
    ...(checksum && { checksum }),
  };
  const row = objectRow(key);
  context.data.put(uploads(bucket.name), row, [...(context.data.get(uploads(bucket.name), row) ?? []), upload]);
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: upload.id,
    ...shownEncryption(upload.object),
    ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
  };
}

/**
 * User Guide, "Checking object integrity": CRC-64/NVME is of the whole object only, digests are of the parts only, and
 * the other CRCs are of the parts unless the request says otherwise.
 *
 * @throws InvalidRequest for what does not go together
 */
function checksumFor({
  ChecksumAlgorithm: name,
  ChecksumType: wanted,
}: CreateMultipartUploadRequest): UploadChecksum | undefined {
  if (name === undefined) {
    if (wanted === undefined) return undefined;
    throw invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
  }
  const algorithm = algorithmOf(name);
  const isCrc = algorithm.startsWith('CRC');
  const type = wanted ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const fits = type === 'FULL_OBJECT' ? isCrc : algorithm !== 'CRC64NVME';
  if (fits) return { algorithm, type };
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}
