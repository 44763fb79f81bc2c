import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from './index.ts';

function isTaken(format: string, text: string): boolean {
  return TEXT_FORMATS.get(format)?.problemOf(text) === undefined;
}

const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'aws-account-id': ['111122223333', '000000000000'],
  'aws-schedule': [
    'rate(1 minute)',
    'rate(15 minutes)',
    'rate(1 hour)',
    'rate(7 days)',
    'cron(0 10 * * ? *)',
    'cron(15 12 * * ? *)',
    'cron(0 18 ? * MON-FRI *)',
    'cron(0 8 1 * ? *)',
    'cron(0/15 * * * ? *)',
    'cron(0/5 8-17 ? * mon,wed-fri 2026-2030)',
    'cron(0 0 L * ? *)',
    'cron(0 0 LW JAN,DEC ? *)',
    'cron(0 0 15W * ? *)',
    'cron(0 9 ? * 2#1 *)',
    'cron(0 9 ? * FRI#3 *)',
    'cron(0 9 ? * 6L *)',
    'cron(0  9  ?  *  L  *)',
  ],
  'byte-size': ['0B', '50GB', '5GiB'],
  date: ['2026-12-01', '2028-02-29'],
  'document-name': ['a', 'corp', 'a-b-0', '0', 'a'.repeat(63)],
  'domain-name': [
    'corp.example.com',
    'corp.example.com.',
    'CORP.Example.COM',
    '10.in-addr.arpa',
    '128/25.2.0.192.in-addr.arpa',
    '8.b.d.0.1.0.0.2.ip6.arpa',
    '_msdcs.corp.example.com',
    'xn--bcher-kva.example',
    'localhost',
    `${'a'.repeat(63)}.example`,
    `${'a.'.repeat(126)}a`,
  ],
  'duration-text': ['5m', '24h'],
  'host-and-port': [
    '10.0.0.1',
    '10.0.0.2:5353',
    'ns1.example.com',
    'ns1.example.com:53',
    '[2001:db8::1]',
    '[::1]:65535',
  ],
  'secret-reference': ['ssm:/dns/xfr-key', 'secretsmanager:dns/xfr-key', 'secretsmanager:a'],
  'account-reference': ['prod', '111122223333'],
};

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'aws-account-id': ['', '11112222333', '1111222233334', '11112222333x', ' 111122223333', '111122223333\n'],
  'aws-schedule': [
    '',
    'every 5 minutes',
    'rate',
    'rate()',
    'rate(5)',
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(5 seconds)',
    'rate(1.5 hours)',
    'rate(-5 minutes)',
    'rate(5 minutes) ',
    'Rate(5 minutes)',
    'at(2026-11-24T00:00:00)',
    'cron(* * * * *)',
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(60 10 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 10 0 * ? *)',
    'cron(0 10 * 13 ? *)',
    'cron(0 10 ? * 0 *)',
    'cron(0 10 ? * 8 *)',
    'cron(0 10 ? * MON#6 *)',
    'cron(0 10 ? * MO *)',
    'cron(0 10 * * ? 1969)',
    'cron(0 10 * * ? 2200)',
    'cron(0/0 10 * * ? *)',
    'cron(0/5/5 10 * * ? *)',
    'cron(1-2-3 10 * * ? *)',
    'cron(1, 10 * * ? *)',
    'cron(L 10 * * ? *)',
    `cron(${'0,'.repeat(200)}0 10 * * ? *)`,
  ],
  'byte-size': ['', '50', '50 GB', '1.5GB', '50gb', '9000TiB'],
  date: ['2026-1-1', '2026-02-30', '2026-13-01', '2026-12-01T00:00:00Z', '01.12.2026', ''],
  'document-name': ['', 'Corp', 'a_b', 'a.b', 'a/b', 'a'.repeat(64), 'constructor', '__proto__', 'caf\u00e9', 'a\n'],
  'domain-name': [
    '',
    '.',
    'a..b',
    '.a',
    'a b',
    '*.example.com',
    'a\\.b',
    'a@b',
    'b\u00fccher.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}a`,
  ],
  'duration-text': ['5', '5 minutes', ''],
  'host-and-port': [
    '',
    ':53',
    '10.0.0.1:',
    '10.0.0.1:0',
    '10.0.0.1:65536',
    '10.0.0.256',
    '10.0.0',
    '2001:db8::1',
    '[2001:db8::1',
    '[10.0.0.1]',
    '[::1]53',
    '[::1]:x',
    'a:b:c',
    'http://a',
    'a b',
  ],
  'secret-reference': [
    '',
    'ssm:key',
    'ssm:/',
    'ssm:/a b',
    'secretsmanager:',
    'c2VjcmV0',
    'SSM:/a',
    'ssm:/a\n',
    'env:TOKEN',
  ],
  'account-reference': ['', 'a b', '../x', 'a/b'],
};

function rows(table: Readonly<Record<string, readonly string[]>>): (readonly [string, string])[] {
  return Object.entries(table).flatMap(([format, texts]) => texts.map((text) => [format, text] as const));
}

describe('formats', () => {
  it.each(rows(TAKEN))('%s takes %j', (format, text) => {
    expect(isTaken(format, text)).toBe(true);
  });

  it.each(rows(REFUSED))('%s refuses %j', (format, text) => {
    expect(isTaken(format, text)).toBe(false);
  });

  it('every format has both', () => {
    expect(Object.keys(TAKEN).sort()).toEqual([...TEXT_FORMATS.keys()].sort());
    expect(Object.keys(REFUSED).sort()).toEqual([...TEXT_FORMATS.keys()].sort());
  });

  it.each([
    ['rate(1 minutes)', 'write rate(1 minute)'],
    ['rate(5 hour)', 'write rate(5 hours)'],
    [
      'cron(0 10 * * *)',
      'cron takes 6 fields (minutes, hours, day of the month, month, day of the week, year), this has 5',
    ],
    ['cron(0 25 * * ? *)', 'cron cannot read the field of the hours'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(TEXT_FORMATS.get('aws-schedule')?.problemOf(text)).toBe(problem);
  });

  it.each([...TEXT_FORMATS.keys()])('T141 %s looks at 64 KiB in linear time', (format) => {
    const texts = ['a', 'a.', '1:', '[', 'cron(', 'ssm:/', '-', '0,', ' ', '\u00e9'].map((piece) =>
      piece.repeat(65_536 / piece.length),
    );
    const start = performance.now();

    for (const text of texts) expect(isTaken(format, text)).toBe(false);

    expect(performance.now() - start).toBeLessThan(1000);
  });
});
