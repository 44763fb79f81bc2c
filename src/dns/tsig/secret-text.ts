import { DnsSyntaxError } from '../errors.ts';

/** RFC 4648 §4, with white space and without padding where people write it so. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Octets of a secret, as name servers write it: base64. The text itself is never in the error.
 *
 * @throws DnsSyntaxError `bad-secret`.
 */
export function parseSecret(text: string): Buffer {
  const digits = text.replaceAll(/\s/g, '');
  if (digits === '' || (BASE64.test(digits) && digits.replaceAll('=', '').length % 4 !== 1)) {
    return Buffer.from(digits, 'base64');
  }
  throw new DnsSyntaxError('The secret of the TSIG key is not base64.', {
    code: 'bad-secret',
    hint: 'Store the very text that stands between the quotes of secret "…" in the name server.',
  });
}
