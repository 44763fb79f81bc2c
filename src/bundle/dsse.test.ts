import { expect, it } from 'vitest';
import { preAuthEncoding } from './dsse.ts';

it('encodes what is signed as the specification shows (DSSE v1.0.2, protocol.md, "Test Vectors")', () => {
  const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));

  expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

it('counts octets and not characters', () => {
  expect(Buffer.from(preAuthEncoding('é', Buffer.from('ü'))).toString()).toBe('DSSEv1 2 é 2 ü');
});
