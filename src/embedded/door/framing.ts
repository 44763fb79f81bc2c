import type { IncomingMessage } from 'node:http';

/**
 * Whether no two readers could take a request for different ones (RFC 9112, "Request Target", "Message Body"): it is
 * HTTP/1.1 or 1.0, names one host, and its body has a length or comes in chunks. No other coding is undone here, and
 * none is handed on.
 */
export function isPlainlyFramed({
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'httpVersion' | 'rawHeaders'>): boolean {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return false;
  if (valuesOf('host', rawHeaders).length > 1) return false;
  const [coding, ...more] = valuesOf('transfer-encoding', rawHeaders);
  if (coding === undefined) return true;
  const isChunked = coding.toLowerCase() === 'chunked' && more.length === 0;
  return isChunked && httpVersion === '1.1' && valuesOf('content-length', rawHeaders).length === 0;
}

function valuesOf(wanted: string, rawHeaders: readonly string[]): readonly string[] {
  return rawHeaders.filter((_text, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
}

/** Of the request line and the values of the headers, as the quota counts them. */
export function headerOctets({ method = '', rawHeaders }: IncomingMessage, target: number): number {
  const values = rawHeaders.filter((_text, index) => index % 2 === 1);
  return method.length + target + values.reduce((sum, value) => sum + value.length, 0);
}
