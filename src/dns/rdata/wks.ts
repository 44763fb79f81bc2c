import { MalformedRdataError } from '../errors.ts';
import { packBits, unpackBits } from './bitmap.ts';
import type { Field } from './fields.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';

/** IANA protocol numbers that WKS is written with. */
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

/** Protocol and ports of a WKS record (RFC 1035 §3.4.2), ports as numbers. */
export const services: Field = {
  parse(words) {
    const protocol = words.plain('protocol');
    const number = PROTOCOLS[protocol.toLowerCase()] ?? parseUnsigned(protocol, 1, 'protocol');
    const ports: number[] = [];
    while (!words.done) ports.push(parseUnsigned(words.plain('port'), 2, 'port'));
    return packUnsigned(number, 1) + packBits(ports);
  },
  format(octets) {
    const protocol = octets.number(1);
    const bits = octets.rest();
    if (bits.endsWith('\0') || bits.length > 0x2000) throw new MalformedRdataError('The port map is not the shortest.');
    return [protocol, ...unpackBits(bits)].join(' ');
  },
};
