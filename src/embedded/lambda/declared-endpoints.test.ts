import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { declaredEndpoints } from './declared-endpoints.ts';

function pack(document: unknown): Record<string, string> {
  return { TRUEUP_DOCUMENT: deflateSync(JSON.stringify(document)).toString('base64url') };
}

it.each([
  ['127.0.0.1:15353', '127.0.0.1', 15353],
  ['127.8.9.10', '127.8.9.10', 53],
  ['[::1]:53', '::1', 53],
  ['[::1]', '::1', 53],
  ['::1', '::1', 53],
  ['localhost:8080', 'localhost', 8080],
  ['LOCALHOST', 'localhost', 53],
  ['http://127.0.0.1:3128', '127.0.0.1', 3128],
  ['http://user:secret@127.0.0.1:3128/path', '127.0.0.1', 3128],
  ['https://localhost/x', 'localhost', 443],
  ['http://localhost', 'localhost', 80],
])('%s is an endpoint', (text, host, port) => {
  expect(declaredEndpoints(pack({ spec: { list: [1, null, { deep: text }] } }))).toEqual([{ host, port }]);
});

it.each([
  '10.0.0.1:53',
  '127.0.0.1.example.com',
  'http://example.com@evil.test:80',
  'http://127.0.0.1@evil.test:80',
  'at 127.0.0.1:53',
  '127.0.0.1:53,10.0.0.1',
  'localhost.example.com:80',
  'ftp://127.0.0.1',
  '',
])('%j is none', (text) => {
  expect(declaredEndpoints(pack([text]))).toEqual([]);
});

it.each([
  ['no document', {}],
  ['no deflated text', { TRUEUP_DOCUMENT: '!!' }],
  ['no JSON', { TRUEUP_DOCUMENT: deflateSync('{').toString('base64url') }],
  [
    'more than any document',
    { TRUEUP_DOCUMENT: deflateSync(Buffer.alloc(5 * 1024 * 1024, '"')).toString('base64url') },
  ],
])('%s declares nothing', (_what, variables) => {
  expect(declaredEndpoints(variables)).toEqual([]);
});
