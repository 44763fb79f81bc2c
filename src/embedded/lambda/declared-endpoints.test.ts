import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { declaredEndpoints } from './declared-endpoints.ts';
import type { DeclaredEndpoint } from './declared-endpoints.ts';

function pack(document: unknown): Record<string, string> {
  return { TRUEUP_DOCUMENT: deflateSync(JSON.stringify(document)).toString('base64url') };
}

function endpointsOf(document: unknown, secrets: Readonly<Record<string, string>> = {}): readonly DeclaredEndpoint[] {
  return declaredEndpoints(pack(document), (reference) => secrets[reference]);
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
  expect(endpointsOf({ spec: { list: [1, null, { deep: text }] } })).toEqual([{ host, port }]);
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
  expect(endpointsOf([text])).toEqual([]);
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
  expect(declaredEndpoints(variables, () => undefined)).toEqual([]);
});

it.each([
  ['ssm:/acme/slack', 'http://127.0.0.1:8080/services/T0/B0/x', { host: '127.0.0.1', port: 8080 }],
  ['secretsmanager:acme/slack', 'https://localhost/hook\n', { host: 'localhost', port: 443 }],
  ['ssm:/acme/slack', 'HTTP://[::1]:81', { host: '::1', port: 81 }],
])('%s is an endpoint where the secret is a URL of this machine', (reference, secret, endpoint) => {
  expect(endpointsOf({ notify: [{ slack: reference }] }, { [reference]: secret })).toEqual([endpoint]);
});

it.each([
  ['a URL elsewhere', 'https://hooks.example.com/x'],
  ['another host in disguise', 'http://127.0.0.1@evil.test/x'],
  ['an address that is no URL', '127.0.0.1:8080'],
  ['another scheme', 'redis://127.0.0.1:6379'],
  ['a URL in more text', '{"url":"http://127.0.0.1:8080"}'],
  ['nothing', ''],
])('a secret that is %s is none', (_what, secret) => {
  expect(endpointsOf(['ssm:/acme/slack'], { 'ssm:/acme/slack': secret })).toEqual([]);
});

it('only secrets that the document names by the whole of a text are asked for', () => {
  const asked: string[] = [];
  const document = { a: 'ssm:/acme/slack', b: 'see ssm:/acme/other', c: 'secretsmanager:key', d: 'ssm:', 'ssm:/e': 1 };
  declaredEndpoints(pack(document), (reference) => {
    asked.push(reference);
    return undefined;
  });

  expect(asked).toEqual(['ssm:/acme/slack', 'secretsmanager:key']);
});
