/** Octets. The account file holds bodies as base64, and a write rewrites the row: this is a stand-in, not a store. */
export const MAX_BODY: number = 8 * 1024 * 1024;

/** The octets of a request; streams were read before (request-body.ts). */
export function sentOctets(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : '');
}
