import type { AbortMultipartUploadRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../../service.ts';
import { refuseFields } from '../not-embedded-fields.ts';
import { uploadFor } from './find-upload.ts';
import { dropUpload } from './model.ts';

/** All parts are gone at once; at S3 some that are on their way may still come in. */
export function abortMultipartUpload(input: AbortMultipartUploadRequest, context: CallContext): object {
  refuseFields(input, ['IfMatchInitiatedTime']);
  const { bucket, upload } = uploadFor(input, context);
  dropUpload(bucket, upload, context.data);
  return {};
}
