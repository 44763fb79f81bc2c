import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/reconcilers/bucket-fan-out/check.ts';
import { isFanOut } from '../../src/reconcilers/bucket-fan-out/places.ts';
import { loadConfig } from '../../src/operations/project.ts';
import { createFanOutEstate, fanOutYaml, SOURCE, US } from '../support/bucket-fan-out.ts';
import { NOW } from '../support/estate.ts';

/** Faults of the document `invoices`, beside others by their names. */
async function problemsOf(
  spec: readonly string[],
  others: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly string[]> {
  const estate = await createFanOutEstate(spec);
  for (const [name, lines] of Object.entries(others)) estate.write(`${name}.yaml`, fanOutYaml(lines, name));
  const { result } = await loadConfig(join(estate.directory, 'config'), { cwd: estate.directory, now: NOW });
  return [...result.errors, ...result.warnings]
    .filter(({ file }) => file?.endsWith('invoices.yaml'))
    .map(({ code, path, message, hint }) => [code, path, message, hint].filter(Boolean).join(' | '));
}

const PARTNER_KEY = 'arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('validate', () => {
  it.each<[string, readonly string[]]>([
    ['the least that there is', [SOURCE, US]],
    [
      'every field',
      [
        'source: { bucket: acme-invoices, account: prod, region: eu-west-1 }',
        'topic: acme-invoices-fanout',
        'events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"]',
        'filter: { prefix: "2026/", suffix: ".pdf", minSize: 1B, maxSize: 50GB }',
        'key: { strip: "2026/", replace: [{ pattern: "^in/", with: "out/" }] }',
        'replicateDeletes: true',
        'concurrency: 5',
        'alarms: { sns: "arn:aws:sns:eu-west-1:111122223333:alarms" }',
        'function: { memory: 1024, timeout: 10m, logRetention: 90d }',
        'ledger: { table: trueup-fanout-invoices, ttl: 30d }',
        'destinations:',
        '  - { bucket: acme-invoices-us, region: us-east-1, storageClass: STANDARD_IA }',
        '  - { bucket: partner.invoices, account: partner, prefix: from-acme/, kmsKey: alias/partner, acl: bucket-owner-full-control }',
      ],
    ],
    ['a key of a declared account', [SOURCE, `destinations: [{ bucket: b-one, kmsKey: "${PARTNER_KEY}" }]`]],
    [
      'two prefixes of one bucket',
      [SOURCE, 'destinations: [{ bucket: b-one, prefix: a/ }, { bucket: b-one, prefix: b/ }]'],
    ],
    [
      'groups in a replacement',
      [SOURCE, US, 'key: { replace: [{ pattern: "^(?P<year>[0-9]+)/(.*)", with: "$<year>-$2" }] }'],
    ],
  ])('takes %s', async (_what, spec) => {
    expect(await problemsOf(spec)).toEqual([]);
  });

  it.each<[string, readonly string[], string]>([
    ['no destination', [SOURCE, 'destinations: []'], 'TU1003 | /spec/destinations'],
    [
      'a public ACL',
      [SOURCE, 'destinations: [{ bucket: b-one, acl: public-read }]'],
      'TU1003 | /spec/destinations/0/acl',
    ],
    ['a size without a unit', [SOURCE, US, 'filter: { maxSize: "50" }'], 'TU1003 | /spec/filter/maxSize'],
    ['events of deletes', [SOURCE, US, 'events: ["s3:ObjectRemoved:*"]'], 'TU1003 | /spec/events/0'],
    ['a bucket that is none', ['source: { bucket: Acme_Invoices }', US], 'TU1003 | /spec/source/bucket'],
    ['a topic that is none', [SOURCE, US, 'topic: a.b'], 'TU1003 | /spec/topic'],
    ['an unknown account', [SOURCE, 'destinations: [{ bucket: b-one, account: other }]'], 'TU1020 | '],
    [
      'a managed key',
      [SOURCE, 'destinations: [{ bucket: b-one, kmsKey: alias/aws/s3 }]'],
      'TU1003 | /spec/destinations/0/kmsKey',
    ],
    [
      'a key of a stranger',
      [SOURCE, `destinations: [{ bucket: b-one, kmsKey: "${PARTNER_KEY.replace('444455556666', '999900001111')}" }]`],
      'TU1020 | /spec/destinations/0/kmsKey | spec.destinations[0].kmsKey is a key of account 999900001111',
    ],
    [
      'a key of another region',
      [SOURCE, `destinations: [{ bucket: b-one, region: us-east-1, kmsKey: "${PARTNER_KEY}" }]`],
      'TU1030 | /spec/destinations/0/kmsKey | spec.destinations[0].kmsKey is a key of eu-west-1, and the bucket is in us-east-1',
    ],
    ['sizes that cross', [SOURCE, US, 'filter: { minSize: 2KB, maxSize: 1KB }'], 'TU1030 | /spec/filter | '],
    [
      'what is never taken off',
      [SOURCE, US, 'filter: { prefix: "2026/" }', 'key: { strip: "2025/" }'],
      'TU1030 | /spec/key/strip | ',
    ],
    ['half days', [SOURCE, US, 'ledger: { ttl: 36h }'], 'TU1030 | /spec/ledger/ttl | spec.ledger.ttl is 36h'],
    [
      'overlapping prefixes of one bucket',
      [SOURCE, 'destinations: [{ bucket: b-one, prefix: a/ }, { bucket: b-one, prefix: a/b/ }]'],
      'TU1030 | /spec/destinations/1 | spec.destinations[1] is b-one/a/b/, and spec.destinations[0] is b-one/a/',
    ],
    [
      'look-around',
      [SOURCE, US, 'key: { replace: [{ pattern: "a(?=b)", with: "c" }] }'],
      'TU1035 | /spec/key/replace/0/pattern | spec.key.replace[0].pattern uses look-around',
    ],
    [
      'a back-reference',
      [SOURCE, US, 'key: { replace: [{ pattern: "x", with: "y" }, { pattern: "(a)\\\\1", with: "b" }] }'],
      'TU1035 | /spec/key/replace/1/pattern | spec.key.replace[1].pattern ',
    ],
    [
      'a group that is not there',
      [SOURCE, US, 'key: { replace: [{ pattern: "(a)", with: "$2" }] }'],
      'TU1035 | /spec/key/replace/0/pattern | spec.key.replace[0].pattern has no group $2',
    ],
  ])('refuses %s', async (_what, spec, expected) => {
    const [problem, ...others] = await problemsOf(spec);
    expect([problem?.slice(0, expected.length), others]).toEqual([expected, []]);
  });

  it.each<[string, string, RegExp]>([
    ['look-around', '{ pattern: "a(?=b)", with: "" }', /\| write it without look-around and back-references: /],
    ['a group that is not there', '{ pattern: "(a)", with: "$3" }', /\| in with, \$1 to \$9 and \$<name> stand for/],
    ['a single $', '{ pattern: "a", with: "1$" }', /\| write \$\$ in with for a dollar sign$/],
    [
      'an open bracket',
      '{ pattern: "[", with: "" }',
      /\| a character that stands for itself is written with \\ before/,
    ],
    ['an open group', '{ pattern: "(", with: "" }', /\| a character that stands for itself is written with \\ before/],
    ['no escape', '{ pattern: "\\\\q", with: "" }', /\| write it as RE2 has it: /],
  ])('says what mends %s', async (_what, rule, hint) => {
    const [problem] = await problemsOf([SOURCE, US, `key: { replace: [${rule}] }`]);
    expect(problem).toMatch(/^TU1035 /);
    expect(problem).toMatch(hint);
  });

  it('refuses what takes too much room in the environment of a function', async () => {
    const rules = Array.from({ length: 10 }, (_, rule) => {
      const parts = Array.from({ length: 3 }, (__, part) =>
        createHash('sha512').update(`${rule} ${part}`).digest('hex'),
      );
      return `{ pattern: "${parts.join('')}", with: "${parts.reverse().join('x')}" }`;
    });
    const [problem] = await problemsOf([SOURCE, US, `key: { replace: [${rules.join(', ')}] }`]);
    expect(problem).toMatch(/^TU1028 \| \/spec\/destinations\/0 \| /);
  });
});

describe('of two documents', () => {
  it('one has the notifications of a bucket', async () => {
    const taken = await problemsOf([SOURCE, US], { accounts: [SOURCE, 'destinations: [{ bucket: b-one }]'] });
    expect(taken).toEqual([
      expect.stringMatching(
        /^TU1036 \| \/spec\/source\/bucket \| spec.source.bucket: BucketFanOut\/accounts \(config\/accounts.yaml:1\) .* \| put the destinations of this document into BucketFanOut\/accounts$/,
      ),
    ]);
    expect(await problemsOf([SOURCE, US], { later: [SOURCE, 'destinations: [{ bucket: b-one }]'] })).toEqual([]);
  });

  it('one has a topic, and one a table', async () => {
    const other = [
      'source: { bucket: acme.invoices }',
      'destinations: [{ bucket: b-one }]',
      'ledger: { table: the-one }',
    ];
    const [topic, table] = await problemsOf([SOURCE, US, 'ledger: { table: the-one }'], { accounts: other });
    expect(topic).toMatch(/^TU1036 \| \/spec\/source\/bucket \| .*:acme-invoices-fanout already/);
    expect(table).toMatch(/^TU1036 \| \/spec\/ledger\/table \| /);
    const elsewhere = ['source: { bucket: acme.invoices, region: us-east-1 }', ...other.slice(1)];
    expect(await problemsOf([SOURCE, US, 'ledger: { table: the-one }'], { accounts: elsewhere })).toEqual([]);
  });
});

const A = 'source: { bucket: acme-a }';
const B = 'source: { bucket: acme-b }';
const C = 'source: { bucket: acme-c }';
const TO_A = 'destinations: [{ bucket: acme-a }]';
const TO_B = 'destinations: [{ bucket: acme-b }]';
const PUT = 'events: ["s3:ObjectCreated:Put"]';
const PUT_AND_DELETE = [PUT, 'replicateDeletes: true'];
const TO_C = 'destinations: [{ bucket: acme-c }]';

describe('copies in a circle', () => {
  it.each<[string, readonly string[], Readonly<Record<string, readonly string[]>>]>([
    ['into the source itself', [A, TO_A], {}],
    ['into a prefix of the source', [A, 'destinations: [{ bucket: acme-a, prefix: copies/ }]'], {}],
    ['between two', [A, TO_B], { back: [B, TO_A] }],
    ['between three', [A, TO_B], { second: [B, TO_C], third: [C, TO_A] }],
    [
      'where what one writes is what the other takes',
      [A, 'filter: { prefix: in/ }', 'destinations: [{ bucket: acme-b, prefix: from-a/ }]'],
      { back: [B, 'filter: { prefix: from-a/in/ }', 'key: { strip: from-a/ }', TO_A] },
    ],
    [
      'where a rule may give any key',
      [A, 'filter: { prefix: in/ }', TO_B],
      { back: [B, 'key: { replace: [{ pattern: "^in/", with: out/ }] }', TO_A] },
    ],
    [
      'where what is taken off may be the suffix',
      [A, 'filter: { suffix: .pdf }', 'key: { strip: x. }', TO_B],
      { back: [B, 'filter: { suffix: .txt }', 'key: { strip: y. }', TO_A] },
    ],
    [
      'of those that hear of multipart uploads only',
      [A, 'events: ["s3:ObjectCreated:CompleteMultipartUpload"]', TO_A],
      {},
    ],
    ['by deletions', [A, ...PUT_AND_DELETE, TO_B], { back: [B, ...PUT_AND_DELETE, TO_A] }],
    [
      'by deletions, where what one writes is what the other takes',
      [A, ...PUT_AND_DELETE, 'filter: { prefix: in/ }', 'destinations: [{ bucket: acme-b, prefix: from-a/ }]'],
      { back: [B, ...PUT_AND_DELETE, 'filter: { prefix: from-a/in/ }', 'key: { strip: from-a/ }', TO_A] },
    ],
  ])('are refused: %s', async (_what, spec, others) => {
    const [problem] = await problemsOf(spec, others);
    expect(problem).toMatch(/^TU1037 \| \/spec\/destinations\/0 \| .*acme-a → /);
  });

  it.each<[string, readonly string[], Readonly<Record<string, readonly string[]>>]>([
    ['a chain', [A, TO_B], { second: [B, TO_C] }],
    ['two ways to one bucket', [A, TO_C], { second: [B, TO_C] }],
    [
      'another prefix than is taken',
      [A, 'filter: { prefix: in/ }', 'destinations: [{ bucket: acme-a, prefix: out/ }]'],
      {},
    ],
    [
      'a prefix that the next one does not take',
      [A, 'destinations: [{ bucket: acme-b, prefix: from-a/ }]'],
      { back: [B, 'filter: { prefix: own/ }', TO_A] },
    ],
    [
      'another suffix than is taken',
      [A, 'filter: { suffix: .pdf }', TO_B],
      { back: [B, 'filter: { suffix: .txt }', TO_A] },
    ],
    ['deletions that one does not replicate', [A, ...PUT_AND_DELETE, TO_B], { back: [B, PUT, TO_A] }],
    ['copies one way and deletions the other', [A, TO_B], { back: [B, ...PUT_AND_DELETE, TO_A] }],
    [
      'deletions below a prefix that the next one does not take',
      [A, ...PUT_AND_DELETE, 'destinations: [{ bucket: acme-b, prefix: from-a/ }]'],
      { back: [B, ...PUT_AND_DELETE, 'filter: { prefix: own/ }', TO_A] },
    ],
    ['one that hears of uploads only', [A, 'events: ["s3:ObjectCreated:Put"]', TO_B], { back: [B, TO_A] }],
    [
      'what was taken off',
      [A, 'filter: { prefix: in/ }', 'key: { strip: in/ }', 'destinations: [{ bucket: acme-b, prefix: b/ }]'],
      { back: [B, 'filter: { prefix: in/ }', TO_A] },
    ],
  ])('are not: %s', async (_what, spec, others) => {
    expect(await problemsOf(spec, others)).toEqual([]);
  });

  it('are told as deletions where only those go round', async () => {
    const others = { back: [B, ...PUT_AND_DELETE, TO_A] };
    expect(await problemsOf([A, ...PUT_AND_DELETE, TO_B], others)).toEqual([
      'TU1037 | /spec/destinations/0 | spec.destinations[0]: deletions would come back to where they came from: ' +
        'acme-a → acme-b (BucketFanOut/invoices) → acme-a (BucketFanOut/back) | ' +
        'leave spec.replicateDeletes out of one of them; or copy to a prefix, and let spec.filter.prefix of what reads there take another one',
    ]);
  });

  it('are told in words, to each that is on the way', async () => {
    const others = { back: [B, TO_A] };
    expect(await problemsOf([A, 'destinations: [{ bucket: acme-b, prefix: x/ }]'], others)).toEqual([
      'TU1037 | /spec/destinations/0 | spec.destinations[0]: copies would come back to where they came from: ' +
        'acme-a → acme-b/x/… (BucketFanOut/invoices) → acme-a (BucketFanOut/back) | ' +
        'copy to a prefix, and let spec.filter.prefix of what reads there take another one',
    ]);
  });
});

describe('objects that the function has no time for', () => {
  async function findingsOf(lines: readonly string[]) {
    const estate = await createFanOutEstate([SOURCE, US, ...lines]);
    const { estate: look, documents } = await estate.load();
    return documents.filter(isFanOut).flatMap((document) => check(document, look, documents));
  }

  it.each([
    ['as it is by default', []],
    ['with sizes that are small enough', ['filter: { maxSize: 5TB }', 'function: { timeout: 1m }']],
    ['with the time for all of them', ['function: { timeout: 5m }']],
  ])('are none: %s', async (_what, lines) => {
    expect(await findingsOf(lines)).toStrictEqual([]);
  });

  it.each([
    ['info', ['function: { timeout: 1m }'], 'timeout: 5m'],
    ['warning', ['filter: { maxSize: 20TB }', 'function: { timeout: 90s }'], 'timeout: 3m'],
  ])('are said with the time that is enough (%s)', async (severity, lines, hint) => {
    expect(await findingsOf(lines)).toMatchObject([
      {
        code: 'timeout-too-short',
        severity,
        message: expect.stringContaining('dead letters') as string,
        hint: expect.stringContaining(hint) as string,
      },
    ]);
  });
});
