import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import { formatBase64, formatHex, name, parseBase64, parseHex } from './fields.ts';
import type { Field } from './fields.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';

/** All of a HIP record: algorithm, identity tag, public key, rendezvous servers (RFC 8005 §5 and §6). */
export const hostIdentity: Field = {
  parse(words) {
    const algorithm = parseUnsigned(words.plain('algorithm'), 1, 'algorithm');
    const identity = parseHex(words.plain('identity tag'));
    const key = parseBase64(words.plain('public key'));
    if (identity.length > 0xff || key.length > 0xffff) {
      throw new DnsSyntaxError('The identity tag or the key is too long.', { code: 'rdata-too-long' });
    }
    let octets = packUnsigned(identity.length, 1) + packUnsigned(algorithm, 1) + packUnsigned(key.length, 2);
    octets += identity + key;
    while (!words.done) octets += name.parse(words);
    return octets;
  },
  format(octets, style) {
    const length = octets.number(1);
    const algorithm = octets.number(1);
    const keyLength = octets.number(2);
    if (length === 0 || keyLength === 0) throw new MalformedRdataError('The identity tag or the key is empty.');
    const text = [String(algorithm), formatHex(octets.take(length)), formatBase64(octets.take(keyLength))];
    while (!octets.done) text.push(name.format(octets, style));
    return text.join(' ');
  },
};
