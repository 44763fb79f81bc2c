import { expect, it } from 'vitest';
import { readAddress } from './address.ts';

const HOST = 'abc123.execute-api.eu-west-1.amazonaws.com';

it.each<[string, string, string | undefined, unknown]>([
  ['the path of the door', '/_aws/execute-api/abc/survival?x=1', 'a', ['abc', '/survival', 'x=1']],
  ['that alone', '/_aws/execute-api/abc', 'a', ['abc', '/', '']],
  ['that with a query', '/_aws/execute-api/abc?x', 'a', ['abc', '/', 'x']],
  ['a Host', '/survival', HOST, ['abc123', '/survival', '']],
  ['a Host with a port, in capitals', '/', `${HOST.toUpperCase()}:8080`, ['abc123', '/', '']],
  ['the path before the Host', '/_aws/execute-api/abc/', HOST, ['abc', '/', '']],
  ['nothing', '/survival', '127.0.0.1:1', undefined],
  ['another folder', '/_aws/execute-api', 'a', undefined],
  ['another name', '/_aws/execute-api/A-B/x', 'a', undefined],
  ['an absolute target', 'http://a/_aws/execute-api/abc/', 'a', 'malformed'],
  ['the server itself', '*', 'a', 'malformed'],
  ['no target', '', 'a', 'malformed'],
])('reads %s', (_case, target, host, expected) => {
  const address = readAddress(target, host);
  const parts = typeof address === 'object' ? [address.api, address.path, address.query] : address;
  expect(parts).toEqual(expected);
});

it('takes every character of RFC 3986 and no other', () => {
  const taken = Array.from({ length: 256 }, (_, code) => String.fromCodePoint(code)).filter(
    (character) => readAddress(`/${character}`, HOST) !== 'malformed',
  );
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  expect(new Set(taken)).toEqual(new Set(`${letters}-._~:/?[]@!$&'()*+,;=%`));
});
