import type { CallContext } from '../../service.ts';
import { bucketFor } from '../buckets.ts';
import type { BucketReference } from '../buckets.ts';
import { s3Error } from '../errors.ts';
import { objectRow } from '../model.ts';
import type { StoredBucket } from '../model.ts';
import { uploads } from './model.ts';
import type { Upload } from './model.ts';

/** How a call names an upload. */
interface UploadReference extends BucketReference {
  readonly Key?: string | undefined;
  readonly UploadId?: string | undefined;
}

/** @throws NoSuchUpload, also for the upload of another key */
export function uploadFor(
  { Key: key = '', UploadId: id = '', ...reference }: UploadReference,
  context: CallContext,
): { readonly bucket: StoredBucket; readonly upload: Upload } {
  const bucket = bucketFor(reference, context);
  const upload = context.data.get(uploads(bucket.name), objectRow(key))?.find((one) => one.id === id);
  if (upload !== undefined) return { bucket, upload };
  throw s3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: id },
  );
}
