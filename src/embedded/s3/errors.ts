import { serviceError } from '../errors.ts';
import type { ServiceError } from '../errors.ts';

/** An error of S3 as its XML tells it: the SDK shows `Code` and the further elements as fields ("Error responses"). */
export function s3Error(
  code: string,
  message: string,
  status: number = 400,
  elements: Readonly<Record<string, string>> = {},
): ServiceError {
  return serviceError(code, message, { status, fields: { Code: code, ...elements } });
}

export function accessDenied(): ServiceError {
  return s3Error('AccessDenied', 'Access Denied', 403);
}

export function noSuchBucket(name: string): ServiceError {
  return s3Error('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
}

export function noSuchKey(key: string): ServiceError {
  return s3Error('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

export function noSuchVersion(key: string, versionId: string): ServiceError {
  return s3Error('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId });
}

export function invalidRequest(message: string): ServiceError {
  return s3Error('InvalidRequest', message);
}

/** User Guide, "Using server-side encryption with customer-provided keys (SSE-C)": the same key goes with each request. */
export function needsCustomerKey(): ServiceError {
  return invalidRequest(
    'The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.',
  );
}

export function methodNotAllowed(method: string, resourceType: string): ServiceError {
  return s3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
    Method: method,
    ResourceType: resourceType,
  });
}

/** @param condition the header that does not hold. */
export function preconditionFailed(condition: string): ServiceError {
  return s3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition: condition,
  });
}

export function notModified(): ServiceError {
  return s3Error('NotModified', 'Not Modified', 304);
}

export function invalidArgument(message: string, name: string, value: unknown): ServiceError {
  return s3Error('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: String(value) });
}

export function malformedXml(): ServiceError {
  return s3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

export function slowDown(): ServiceError {
  return s3Error('SlowDown', 'Please reduce your request rate.', 503);
}

/**
 * What is left of an error when the response has no body: answers to HEAD requests and 304 tell the status alone, and
 * the SDK makes `NotFound` or `Unknown` of it (HeadObject: "it returns a generic code").
 */
export function asSeen(command: string, error: ServiceError): ServiceError {
  const status = error.$metadata.httpStatusCode ?? 0;
  const hasBody = !command.startsWith('Head') && status !== 304;
  if (hasBody || error.name === 'NotEmbedded') return error;
  return serviceError(status === 404 ? 'NotFound' : 'Unknown', 'UnknownError', { status });
}
