import type { ServiceRequest } from '../../survival/service/delivered-body.ts';

/**
 * The request in an event of an HTTP API, payload format 2.0 (API Gateway developer guide, "Create AWS Lambda proxy
 * integrations for HTTP APIs"): names of headers are in small letters, and repeated ones joined by a comma.
 * @returns undefined for any other event.
 */
export function readEvent(event: unknown): ServiceRequest | undefined {
  if (!isMap(event) || event['version'] !== '2.0' || !isMap(event['requestContext'])) return undefined;
  const { body = '', isBase64Encoded = false } = event;
  if (typeof body !== 'string' || typeof isBase64Encoded !== 'boolean') return undefined;
  return {
    body,
    isBase64: isBase64Encoded,
    contentType: headerOf(event, 'content-type'),
    contentEncoding: headerOf(event, 'content-encoding'),
  };
}

function headerOf({ headers }: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = isMap(headers) && Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
