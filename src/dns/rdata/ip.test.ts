import { isIPv6 } from 'node:net';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip.ts';

const ipv6Octets = fc
  .array(fc.constantFrom(0, 0, 0, 1, 0x0a, 0xff), { minLength: 16, maxLength: 16 })
  .map((codes) => String.fromCharCode(...codes));

describe('formatIpv6', () => {
  it.each([
    { text: '2001:db8:0:0:1:0:0:1', canonical: '2001:db8::1:0:0:1' },
    { text: '2001:DB8::0001', canonical: '2001:db8::1' },
    { text: '::', canonical: '::' },
    { text: '::1', canonical: '::1' },
    { text: '1::', canonical: '1::' },
    { text: '2001:0:1:1:1:1:1:1', canonical: '2001:0:1:1:1:1:1:1' },
    { text: '2001:0:0:1:0:0:0:1', canonical: '2001:0:0:1::1' },
    { text: '::ffff:c000:201', canonical: '::ffff:192.0.2.1' },
    { text: '64:ff9b::192.0.2.33', canonical: '64:ff9b::c000:221' },
    { text: '1:2:3:4:5:6:7::', canonical: '1:2:3:4:5:6:7:0' },
  ])('writes $text as $canonical', ({ text, canonical }) => {
    expect(formatIpv6(parseIpv6(text))).toBe(canonical);
  });

  it('is undone by parseIpv6', () => {
    fc.assert(
      fc.property(ipv6Octets, (octets) => {
        const text = formatIpv6(octets);
        expect(isIPv6(text)).toBe(true);
        expect(parseIpv6(text)).toBe(octets);
      }),
    );
  });
});

describe('parseIpv6', () => {
  it.each(['', ':', '1::2::3', 'fe80::1%eth0', '1:2:3:4:5:6:7', '192.0.2.1', '::g'])('refuses %j', (text) => {
    expect(() => parseIpv6(text)).toThrow(expect.objectContaining({ code: 'bad-address' }));
  });
});

describe('parseIpv4', () => {
  it('reads and writes dotted quads', () => {
    expect(parseIpv4('192.0.2.255')).toBe('\xc0\0\x02\xff');
    expect(formatIpv4('\xc0\0\x02\xff')).toBe('192.0.2.255');
  });

  it.each(['', '192.0.2', '192.0.2.256', '192.0.2.01', '1.2.3.4.5', '0x1.2.3.4', '::1'])('refuses %j', (text) => {
    expect(() => parseIpv4(text)).toThrow(expect.objectContaining({ code: 'bad-address' }));
  });
});
