import { describe, expect, it } from 'vitest';
import { findSecrets } from './secrets.ts';
import { sourceText } from './source-text.ts';

function found(text: string): string[] {
  return findSecrets(sourceText('a.yaml', text)).map(({ span }) => text.slice(span.start, span.end));
}

describe('findSecrets', () => {
  it.each([
    ['a: xoxb-123456789012-abcdefghijkl', ['xoxb-123456789012-abcdefghijkl']],
    ['a: [AKIAIOSFODNN7EXAMPLE, x]', ['AKIAIOSFODNN7EXAMPLE']],
    ['url: https://user:hunter2hunter2@example.com/', ['hunter2hunter2']],
    ['password: correct-horse-1', ['correct-horse-1']],
    ['DB_PASSWORD: "correct horse 1" # comment', ['"correct horse 1"']],
    ['{ apiKey: abcdefgh12, b: c }', ['abcdefgh12']],
    ['token: |\n  line one\n  line two\nnext: x', ['  line one\n  line two']],
    ['  token: >-\n    folded\n\n    more\n  next: x', ['    folded\n\n    more']],
    [
      'a: -----BEGIN RSA PRIVATE KEY-----\n  MIIE\n  -----END RSA PRIVATE KEY-----',
      ['-----BEGIN RSA PRIVATE KEY-----\n  MIIE\n  -----END RSA PRIVATE KEY-----'],
    ],
    ['a: -----BEGIN PRIVATE KEY-----\n  cut off', ['-----BEGIN PRIVATE KEY-----\n  cut off']],
  ])('finds the secret in %j', (text, secrets) => {
    expect(found(text)).toEqual(secrets);
  });

  it.each([
    'secret: ssm:/dns/xfr-key',
    'slack: "secretsmanager:ops/slack"',
    'secret: { ssm: x }',
    '# the secret: kept elsewhere',
    'token: none',
    'domain: corp.example.com',
    'digest: 4f2a9c1e7b0d5c3aa1f0e9d8c7b6a59483726150f1e2d3c4b5a6978812345678',
    'planRole: "arn:aws:iam::111122223333:role/trueup-plan"',
    'certificate: -----BEGIN CERTIFICATE-----',
    'primaries: ["[2001:db8::1]:5353"]',
  ])('finds none in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it.each([
    'eyJ',
    'xoxb-',
    'AKIA',
    '://a:',
    '-----BEGIN RSA PRIVATE KEY',
    'token: aaaaaaaaa, ',
    'secret: |\n',
    ' ',
    '1:',
    'sk-',
  ])('T141 64 KiB of %j take linear time', (piece) => {
    const text = piece.repeat(Math.floor(65_536 / piece.length));
    const start = performance.now();

    findSecrets(sourceText('a.yaml', text));

    expect(performance.now() - start).toBeLessThan(500);
  });
});
