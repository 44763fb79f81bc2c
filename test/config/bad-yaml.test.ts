import { Socket } from 'node:net';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Diagnostic } from '../../src/engine/types.ts';
import { loadFiles, mirror, settings } from './tree.ts';

/** [what is wrong, code, line:column, the text of bad.yaml] */
type Row = readonly [reason: string, code: string, place: string, text: string | Uint8Array];

const SYNTAX: readonly Row[] = [
  ['a flow list that is never closed', 'TU1001', '7:3', mirror('  primaries: ["10.0.0.1"')],
  ['a quote that is never closed', 'TU1001', '10:1', mirror('  schedule: "rate(15 minutes)')],
  ['a tab as indentation', 'TU1001', '10:1', mirror('\tdomain: corp.example.com')],
  ['two mappings in one line', 'TU1001', '5:11', mirror('  domain: corp: example')],
  ['a line that belongs nowhere', 'TU1001', '10:1', `${mirror()}stray\n`],
  ['a field indented too little', 'TU1001', '10:2', `${mirror()} records: live\n`],
  ['a character that cannot begin a value', 'TU1001', '5:11', mirror('  domain: @corp')],
  ['an alias without an anchor', 'TU1001', '5:11', mirror('  domain: *corp')],
  ['an escape that does not exist', 'TU1001', '9:18', mirror('  schedule: "rate\\q"')],
  ['a closing bracket alone', 'TU1001', '1:1', ']\n'],
  ['a document that is a list', 'TU1001', '1:1', '- apiVersion: trueup/v1\n'],
  ['a document that is a word', 'TU1001', '1:1', 'hello\n'],
];

const RULES: readonly Row[] = [
  ['the same key twice', 'TU1002', '10:3', `${mirror()}  tsig: none\n`],
  ['the same key twice in a flow mapping', 'TU1002', '3:25', mirror('metadata: { name: corp, name: corp }')],
  ['an unknown tag', 'TU1013', '5:11', mirror('  domain: !include corp.txt')],
  ['a tag that would make a function', 'TU1013', '5:11', mirror('  domain: !!js/function "return 1"')],
  ['a tag that would make bytes', 'TU1013', '5:20', mirror('  domain: !!binary aGVsbG8=')],
  ['a merge key', 'TU1013', '10:3', `${mirror()}  <<: { partial: true }\n`],
  ['a key that is a number', 'TU1013', '9:11', settings('  tags: { 1: one }')],
  ['a key that is a list', 'TU1013', '9:13', settings('  tags: { ? [a] : one }')],
  ['YAML 1.1', 'TU1013', '1:1', `%YAML 1.1\n---\n${mirror()}`],
  ['__proto__ as a key', 'TU1023', '9:11', settings('  tags: { __proto__: x }')],
  ['NUL', 'TU1012', '5:15', mirror('  domain: corp\0.example.com')],
  ['a control character', 'TU1012', '5:11', mirror('  domain: \u001b[31mcorp')],
  ['a byte order mark inside', 'TU1012', '5:11', mirror('  domain: \ufeffcorp')],
  ['latin1', 'TU1012', '5:12', Buffer.from(mirror('  domain: c\u00f6rp'), 'latin1')],
];

const HEADER: readonly Row[] = [
  ['no kind', 'TU1005', '1:1', mirror('kind: ZoneMirror').replace('kind: ZoneMirror\n', '')],
  ['an unknown kind', 'TU1006', '2:7', mirror('kind: ZoneMiror')],
  ['a kind that is a number', 'TU1006', '2:7', mirror('kind: 5')],
  ['another apiVersion', 'TU1007', '1:13', mirror('apiVersion: trueup/v2')],
  ['no apiVersion', 'TU1005', '1:1', mirror().replace('apiVersion: trueup/v1\n', '')],
  ['no metadata', 'TU1005', '1:1', mirror().replace('metadata: { name: corp }\n', '')],
  ['no name', 'TU1005', '3:1', mirror('metadata: {}')],
  ['an upper case name', 'TU1008', '3:19', mirror('metadata: { name: Corp }')],
  ['a name with an underscore', 'TU1008', '3:19', mirror('metadata: { name: corp_a }')],
  ['a name of 64 characters', 'TU1008', '3:19', mirror(`metadata: { name: ${'a'.repeat(64)} }`)],
  ['a reserved name', 'TU1008', '3:19', mirror('metadata: { name: constructor }')],
  ['a name that is a number', 'TU1017', '3:19', mirror('metadata: { name: 42 }')],
  ['an unknown field of metadata', 'TU1004', '3:25', mirror('metadata: { name: corp, labels: {} }')],
  ['a misspelt onRemove', 'TU1003', '3:35', mirror('metadata: { name: corp, onRemove: relase }')],
  ['protect as a word', 'TU1003', '3:34', mirror('metadata: { name: corp, protect: yes }')],
  ['a pause without a reason', 'TU1005', '3:25', mirror('metadata: { name: corp, pause: { until: 2026-12-01 } }')],
  [
    'a pause until no day',
    'TU1003',
    '3:41',
    mirror('metadata: { name: corp, pause: { until: 2026-02-30, reason: x } }'),
  ],
  ['a pause for ever', 'TU1022', '3:41', mirror('metadata: { name: corp, pause: { until: 2099-01-01, reason: x } }')],
  [
    'a pause that is over',
    'TU1022',
    '3:41',
    mirror('metadata: { name: corp, pause: { until: 2026-11-24, reason: x } }'),
  ],
  ['a former name that is its own', 'TU1021', '3:36', mirror('metadata: { name: corp, formerly: [corp] }')],
];

const MIRROR: readonly Row[] = [
  ['an unknown field', 'TU1004', '10:3', mirror('  colour: red')],
  ['a misspelt field', 'TU1004', '10:3', mirror('  ignoreTTL: true')],
  ['no tsig', 'TU1005', '4:1', mirror().replace('  tsig: none\n', '')],
  ['tsig as another word', 'TU1003', '7:9', mirror('  tsig: non')],
  ['tsig as false', 'TU1003', '7:9', mirror('  tsig: false')],
  ['a key without a secret', 'TU1005', '7:3', mirror('  tsig: { name: k, algorithm: hmac-sha256 }')],
  ['an unknown algorithm', 'TU1003', '7:31', mirror('  tsig: { name: k, algorithm: hmac-sha257, secret: "ssm:/k" }')],
  [
    'a literal secret',
    'TU1015',
    '7:52',
    mirror('  tsig: { name: k, algorithm: hmac-sha256, secret: "c2VjcmV0LXNlY3JldA==" }'),
  ],
  ['a secret without a path', 'TU1015', '7:52', mirror('  tsig: { name: k, algorithm: hmac-sha256, secret: "ssm:k" }')],
  ['a schedule in words', 'TU1003', '9:13', mirror('  schedule: every 5 minutes')],
  ['a rate with the wrong plural', 'TU1003', '9:13', mirror('  schedule: rate(1 minutes)')],
  ['a cron of five fields', 'TU1003', '9:13', mirror('  schedule: cron(0 6 * * *)')],
  ['a cron without ?', 'TU1003', '9:13', mirror('  schedule: cron(0 6 * * * *)')],
  ['an empty list of primaries', 'TU1003', '6:14', mirror('  primaries: []')],
  ['a primary that is no list', 'TU1003', '6:14', mirror('  primaries: 10.0.0.1')],
  ['a primary with a port out of range', 'TU1003', '6:15', mirror('  primaries: ["10.0.0.1:70000"]')],
  ['an IPv6 primary without brackets', 'TU1003', '6:15', mirror('  primaries: ["2001:db8::1"]')],
  ['the same primary twice', 'TU1003', '6:14', mirror('  primaries: [a.example, a.example]')],
  ['a zone with an empty label', 'TU1003', '5:11', mirror('  domain: corp..example.com')],
  ['a zone with a label of 64', 'TU1003', '5:11', mirror(`  domain: ${'a'.repeat(64)}.example.com`)],
  ['a zone beyond 253 characters', 'TU1003', '5:11', mirror(`  domain: ${'a.'.repeat(127)}com`)],
  ['a zone beyond ASCII', 'TU1003', '5:11', mirror('  domain: b\u00fccher.example')],
  ['an empty value', 'TU1003', '5:3', mirror('  domain:')],
  ['an id and VPCs', 'TU1003', '8:15', mirror('  hostedZone: { id: Z1, vpcs: [{ id: vpc-aa11bb22 }] }')],
  ['neither id nor private', 'TU1003', '8:15', mirror('  hostedZone: { comment: corp }')],
  ['a private zone without VPCs', 'TU1005', '8:3', mirror('  hostedZone: { private: true }')],
  ['a private zone with no VPC', 'TU1003', '8:38', mirror('  hostedZone: { private: true, vpcs: [] }')],
  [
    'a public zone with a VPC',
    'TU1003',
    '8:39',
    mirror('  hostedZone: { private: false, vpcs: [{ id: vpc-aa11bb22 }] }'),
  ],
  ['a VPC that is none', 'TU1003', '8:45', mirror('  hostedZone: { private: true, vpcs: [{ id: i-aa11bb22 }] }')],
  [
    'a VPC of an unknown account',
    'TU1020',
    '8:68',
    mirror('  hostedZone: { private: true, vpcs: [{ id: vpc-aa11bb22, account: prodd }] }'),
  ],
  ['an unknown account', 'TU1020', '10:12', mirror('  account: prd')],
  ['an account that lost its quotes', 'TU1017', '10:12', mirror('  account: 012345678901')],
  ['a region that is none', 'TU1003', '10:11', mirror('  region: Ireland')],
  ['a region whose direction is none', 'TU1003', '10:11', mirror('  region: eu-wst-1')],
  ['records in another mode', 'TU1003', '10:12', mirror('  records: alive')],
  ['a duration without a unit', 'TU1017', '10:22', mirror('  fullTransferEvery: 24')],
  ['a duration below the least', 'TU1003', '10:22', mirror('  fullTransferEvery: 10s')],
  ['a function of 64 MB', 'TU1003', '10:23', mirror('  function: { memory: 64 }')],
  ['a function of 16 minutes', 'TU1003', '10:24', mirror('  function: { timeout: 16m }')],
  ['a memory in quotes', 'TU1003', '10:23', mirror('  function: { memory: "256" }')],
  ['log retention CloudWatch has not', 'TU1003', '10:29', mirror('  function: { logRetention: 31d }')],
  ['a serial beyond 32 bits', 'TU1003', '10:17', mirror('  acceptSerial: 4294967296')],
  ['a percentage beyond 100', 'TU1003', '10:33', mirror('  guards: { deletes: { percent: 120 } }')],
  [
    'a proxy with a password',
    'TU1003',
    '10:79',
    mirror('  network: { subnets: [subnet-ab12], securityGroups: [sg-ab12], proxy: { url: "http://u:p@h" } }'),
  ],
  ['an unknown record type', 'TU1003', '10:37', mirror('  exclude: [{ name: "a", types: [A, AAA] }]')],
];

const SETTINGS: readonly Row[] = [
  ['an id that lost its quotes', 'TU1017', '6:27', settings('  accounts: { prod: { id: 012345678901 } }')],
  ['an id of eleven digits', 'TU1017', '6:27', settings('  accounts: { prod: { id: "11112222333" } }')],
  ['no accounts', 'TU1003', '6:13', settings('  accounts: {}')],
  [
    'an alias in upper case',
    'TU1008',
    '6:15',
    settings('  accounts: { Prod: { id: "111122223333" } }', '  defaultAccount: Prod'),
  ],
  [
    'a reserved alias',
    'TU1023',
    '6:15',
    settings('  accounts: { constructor: { id: "111122223333" } }', '  defaultAccount: constructor'),
  ],
  ['an unknown default account', 'TU1020', '7:19', settings('  defaultAccount: pord')],
  [
    'a role of another account',
    'TU1003',
    '6:53',
    settings(
      '  accounts: { prod: { id: "111122223333", planRole: "arn:aws:iam::444455556666:role/p", applyRole: "arn:aws:iam::111122223333:role/a" } }',
    ),
  ],
  [
    'a role that is no ARN',
    'TU1003',
    '6:53',
    settings('  accounts: { prod: { id: "111122223333", planRole: trueup-plan } }'),
  ],
  [
    'two aliases of one account',
    'TU1003',
    '6:54',
    settings('  accounts: { prod: { id: "111122223333" }, b: { id: "111122223333" } }'),
  ],
  ['an owner of two letters', 'TU1003', '5:10', settings('  owner: ab')],
  ['an owner that is former as well', 'TU1021', '9:14', settings('  formerly: [acme-network]')],
  ['a lease in two places', 'TU1003', '9:10', settings('  lease: { bucket: acme-trueup, table: t-lease }')],
  ['a lease of an hour', 'TU1003', '9:17', settings('  lease: { ttl: 1h }')],
  [
    'an override with a short digest',
    'TU1003',
    '9:25',
    settings('  overrides: [{ digest: 4f2a9c1e, allow: [deletes], reason: x, until: 2026-12-01 }]'),
  ],
  [
    'an override that allows nothing',
    'TU1003',
    '9:100',
    settings(`  overrides: [{ digest: "${'4f'.repeat(32)}", allow: [], reason: x, until: 2026-12-01 }]`),
  ],
  ['a tag of AWS', 'TU1003', '9:11', settings('  tags: { "aws:x": y }')],
  ['a tag that is a number', 'TU1017', '9:17', settings('  tags: { team: 7 }')],
  ['a topic that is no ARN', 'TU1003', '9:18', settings('  notify: { sns: trueup }')],
  ['Settings with a pause', 'TU1004', '3:27', settings('metadata: { name: estate, pause: {} }')],
];

function places(errors: readonly Diagnostic[]): string[] {
  return errors.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

describe('bad YAML', () => {
  const connect = vi.spyOn(Socket.prototype, 'connect');

  beforeEach(() => {
    connect.mockClear();
  });

  it.each([...SYNTAX, ...RULES, ...HEADER, ...MIRROR])('%s: %s at %s', async (_reason, code, place, text) => {
    const { result, documents, settings: used } = await loadFiles({ 'settings.yaml': settings(), 'bad.yaml': text });

    expect(places(result.errors)).toEqual([`${code} ${place}`]);
    expect(connect).not.toHaveBeenCalled();
    expect(result.errors[0]?.file).toBe('config/bad.yaml');
    expect({ ok: result.ok, documents, used }).toEqual({ ok: false, documents: [], used: undefined });
  });

  it.each(SETTINGS)('Settings: %s: %s at %s', async (_reason, code, place, text) => {
    const { result } = await loadFiles({ 'bad.yaml': text });

    expect(places(result.errors)).toEqual([`${code} ${place}`]);
  });
});
