import type { PutObjectOutput, PutObjectRequest } from '@aws-sdk/client-s3';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { requestObjectTagKeys } from './access.ts';
import { bodyOf } from './body.ts';
import { bucketFor } from './buckets.ts';
import { checkedSum, shownChecksum } from './checksums.ts';
import { shownEncryption } from './encryption.ts';
import { announce } from './events.ts';
import { refuseFields } from './not-embedded-fields.ts';
import { checkKey, checkMetadata, headersOf } from './object-headers.ts';
import { checkWrite } from './preconditions.ts';
import { demandOnObject } from './rights.ts';
import { MAX_BODY, sentOctets } from './sent-octets.ts';
import { tagsInHeader } from './tag-sets.ts';
import { currentObject, keepObject } from './versions.ts';
import { checkWriteRequest, creation, keepingOf, shownVersion, wholeEtag } from './write-object.ts';

const NOT_EMBEDDED = ['ChecksumXXHASH128', 'ChecksumXXHASH3', 'ChecksumXXHASH64', 'WriteOffsetBytes'];

export function putObject(input: PutObjectRequest, context: CallContext): PutObjectOutput {
  refuseFields(input, NOT_EMBEDDED);
  checkWriteRequest(input);
  const bucket = bucketFor(input, context);
  const key = checkKey(input.Key);
  const body = bodyOf(sentOctets(input.Body));
  if (body.size > MAX_BODY) throw notEmbedded(`S3 objects of more than ${MAX_BODY} octets`);
  const checksum = checkedSum(input, body);
  const metadata = checkMetadata(input.Metadata);
  const tags = tagsInHeader(input.Tagging);
  demandMore(input, context);
  const keeping = keepingOf(input, bucket, context);
  checkWrite(key, currentObject(bucket.name, key, context.data), input);
  const etag = wholeEtag(body, keeping, context);
  const object = { key, body, etag, headers: headersOf(input), metadata, checksum, tags, ...keeping };
  const kept = keepObject(bucket, object, context);
  announce(creation('ObjectCreated:Put', bucket, kept), context);
  return { ETag: etag, ...shownEncryption(kept), ...shownVersion(bucket, kept), ...shownChecksum(checksum) };
}

/** Rights beside PutObject: to tag, and to read where the ETag is compared ("you must have … s3:GetObject"). */
function demandMore(input: PutObjectRequest, context: CallContext): void {
  const { Tagging, IfMatch } = input;
  const tags = requestObjectTagKeys(tagsInHeader(Tagging));
  if (Tagging !== undefined) demandOnObject('PutObjectTagging', input, context, tags);
  if (IfMatch !== undefined) demandOnObject('GetObject', input, context);
}
