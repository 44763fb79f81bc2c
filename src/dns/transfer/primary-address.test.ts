import { describe, expect, it } from 'vitest';
import { parsePrimary } from './primary-address.ts';

describe('the address of a primary', () => {
  it.each([
    { text: '10.0.0.1', wanted: { host: '10.0.0.1', port: 53 } },
    { text: 'ns1.example:5353', wanted: { host: 'ns1.example', port: 5353 } },
    { text: '[2001:db8::1]', wanted: { host: '2001:db8::1', port: 53 } },
    { text: '[2001:db8::1]:5353', wanted: { host: '2001:db8::1', port: 5353 } },
    { text: '2001:db8::1', wanted: { host: '2001:db8::1', port: 53 } },
  ])('$text', ({ text, wanted }) => {
    expect(parsePrimary(text)).toEqual(wanted);
  });

  it.each(['host:0', 'host:65536', 'host:abc', 'host:', '[::1]:99999'])('refuses %s', (text) => {
    expect(() => parsePrimary(text)).toThrow(/names no port/);
  });
});
