import { isAwsError } from './errors.ts';

/** By what S3 tells that a bucket is in another region than it was asked in (S3 user guide, "Request redirection"). */
const REDIRECTS: readonly string[] = ['PermanentRedirect', 'AuthorizationHeaderMalformed'];
/** `BUCKET.s3.REGION.amazonaws.com`, `BUCKET.s3-REGION.amazonaws.com`. */
const IN_ENDPOINT = /\.s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\./;

interface Answered {
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  readonly Region?: string;
  readonly Endpoint?: string;
}

/** Where the bucket is, if the error says that it is elsewhere; undefined: another error, or it does not say where. */
export function bucketRegionIn(error: unknown): string | undefined {
  const isRedirect = REDIRECTS.some((name) => isAwsError(error, name)) || statusOf(error) === 301;
  if (!isRedirect) return undefined;
  const { $response, Region, Endpoint = '' } = error as Answered;
  return $response?.headers?.['x-amz-bucket-region'] ?? Region ?? IN_ENDPOINT.exec(Endpoint)?.[1];
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}
