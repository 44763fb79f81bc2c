import { describe, expect, it } from 'vitest';
import { below } from '../../../test/support/zones.ts';
import { parseMasterFile } from '../master-file.ts';
import { formatName } from '../name.ts';
import { writeSoa } from '../rdata.ts';
import { RR, typeName } from '../rr-types.ts';
import type { RRset, Zone } from '../types.ts';
import { selectMirrored } from './select-mirrored.ts';
import type { MirrorOptions } from './select-mirrored.ts';

const DEFAULTS: MirrorOptions = {
  exclude: [],
  unsupportedTypes: 'block',
  apexNs: 'keep',
  allowUnsignedMirror: false,
  partial: false,
};

function zoneOf(...lines: readonly string[]): Zone {
  const frame = [
    '$ORIGIN z.test.',
    '$TTL 300',
    '@ SOA ns.example. host.example. 1 3600 600 86400 300',
    '@ NS ns.example.',
  ];
  return parseMasterFile([...frame, ...lines, ''].join('\n'));
}

function textOf(sets: readonly RRset[]): string[] {
  return sets.map(
    ({ name, type }) => `${formatName(name, 'decimal').replace(/\.?z\.test\.$/, '') || '@'} ${typeName(type)}`,
  );
}

function many(count: number, line: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => line(index));
}

const LONG_TEXT = Array.from({ length: 20 }, () => `"${'x'.repeat(255)}"`).join(' ');

describe('selectMirrored takes', () => {
  it.each([
    {
      what: 'everything but the apex SOA and NS',
      lines: ['@ MX 10 mail', 'mail A 192.0.2.1'],
      sets: ['@ MX', 'mail A'],
    },
    {
      what: 'the apex NS when it is to be mirrored',
      lines: ['a A 192.0.2.1'],
      options: { apexNs: 'mirror' },
      sets: ['@ NS', 'a A'],
    },
    {
      what: 'wildcards and services',
      lines: ['* A 192.0.2.1', '_sip._udp SRV 0 0 5060 a'],
      sets: ['* A', '_sip._udp SRV'],
    },
    {
      what: 'a delegation with its DS and glue, nothing else below it',
      lines: [
        'sub NS ns.sub',
        'sub DS 1 8 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
        'ns.sub A 192.0.2.1',
        'ns.sub TXT "occluded"',
        'host.sub A 192.0.2.2',
        'deep.sub NS ns.deep.sub',
        'ns.deep.sub A 192.0.2.3',
      ],
      sets: ['sub NS', 'sub DS', 'ns.sub A'],
    },
    {
      what: 'glue of a sibling, in any letter case',
      lines: ['a NS NS.B', 'b NS ns.example.', 'ns.b A 192.0.2.1', 'x.b A 192.0.2.2'],
      sets: ['a NS', 'b NS', 'ns.b A'],
    },
    {
      what: 'a name beside a delegation of a similar name',
      lines: ['sub NS ns.example.', 'xsub A 192.0.2.1'],
      sets: ['sub NS', 'xsub A'],
    },
    {
      what: 'nothing that is excluded',
      lines: ['a A 192.0.2.1', 'a TXT "a"', 'x.b A 192.0.2.2'],
      options: { exclude: [{ name: 'a', types: ['TXT'] }, { name: '*.b' }] },
      sets: ['a A'],
    },
    {
      what: 'the other types of a name when unsupported ones are skipped',
      lines: ['a A 192.0.2.1', 'a HINFO "x" "y"'],
      options: { unsupportedTypes: 'skip' },
      sets: ['a A'],
    },
    {
      what: 'nothing of a name with an unsupported type when those block',
      lines: ['a A 192.0.2.1', 'a HINFO "x" "y"', 'b A 192.0.2.1'],
      sets: ['b A'],
    },
    {
      what: 'no DNSSEC data',
      lines: ['a A 192.0.2.1', 'a TYPE46 \\# 4 00010203', 'a NSEC b.z.test. A'],
      sets: ['a A'],
    },
    { what: '400 values', lines: many(400, (index) => `a A 10.0.${index >> 8}.${index & 255}`), sets: ['a A'] },
  ] satisfies { what: string; lines: string[]; options?: Partial<MirrorOptions>; sets: string[] }[])(
    '$what',
    ({ lines, options, sets }) => {
      expect(textOf(selectMirrored(zoneOf(...lines), { ...DEFAULTS, ...options }).sets)).toEqual(sets);
    },
  );
});

describe('selectMirrored finds', () => {
  const cases: {
    code: string;
    what: string;
    lines: string[];
    options?: Partial<MirrorOptions>;
    severity: string;
    names: string[];
    message: string;
    blocked?: string[];
  }[] = [
    {
      code: 'empty-source',
      what: 'SOA and NS only',
      lines: [],
      severity: 'blocks',
      names: ['z.test.'],
      message: 'z.test.: the primary serves nothing but SOA and NS. Mirroring that would empty the hosted zone.',
    },
    {
      code: 'empty-source',
      what: 'nothing but the frame, partial or not',
      lines: [],
      options: { partial: true },
      severity: 'blocks',
      names: ['z.test.'],
      message: 'nothing but SOA',
    },
    {
      code: 'empty-source',
      what: 'a frame that is signed',
      lines: ['@ DNSKEY 257 3 13 AAAA'],
      severity: 'blocks',
      names: ['z.test.'],
      message: 'nothing but SOA',
    },
    {
      code: 'signed-source',
      what: 'keys',
      lines: ['@ DNSKEY 257 3 13 AAAA', 'a A 192.0.2.1', 'a NSEC b.z.test. A'],
      severity: 'blocks',
      names: ['z.test.'],
      message: 'NSEC 1, DNSKEY 1',
    },
    {
      code: 'signed-source',
      what: 'keys that are allowed',
      lines: ['@ DNSKEY 257 3 13 AAAA', 'a A 192.0.2.1'],
      options: { allowUnsignedMirror: true },
      severity: 'info',
      names: ['z.test.'],
      message: 'DNSSEC data is not mirrored (DNSKEY 1).',
    },
    {
      code: 'dnssec-dropped',
      what: 'DNSSEC data in an unsigned zone',
      lines: ['a CDS 0 0 0 00', 'a A 192.0.2.1'],
      severity: 'info',
      names: ['a.z.test.'],
      message: 'DNSSEC data is not mirrored (CDS 1).',
    },
    {
      code: 'unsupported-type',
      what: 'types that block',
      lines: ['a HINFO "x" "y"', 'b TYPE731 \\# 1 00'],
      severity: 'blocks',
      names: ['a.z.test.', 'b.z.test.'],
      message: 'a.z.test. and 1 more name: Route 53 cannot hold HINFO 1, TYPE731 1.',
      blocked: ['a.z.test.', 'b.z.test.'],
    },
    {
      code: 'unsupported-type',
      what: 'types that hold back their name alone',
      lines: ['a HINFO "x" "y"'],
      options: { partial: true },
      severity: 'warning',
      names: ['a.z.test.'],
      message: 'a.z.test.: Route 53 cannot hold HINFO 1.',
      blocked: ['a.z.test.'],
    },
    {
      code: 'unsupported-type',
      what: 'types that are skipped',
      lines: ['a HINFO "x" "y"'],
      options: { unsupportedTypes: 'skip' },
      severity: 'info',
      names: ['a.z.test.'],
      message: 'a.z.test.: Route 53 cannot hold HINFO 1; skipped.',
    },
    {
      code: 'dname',
      what: 'a DNAME, loudly',
      lines: ['a DNAME b.example.'],
      options: { unsupportedTypes: 'skip' },
      severity: 'warning',
      names: ['a.z.test.'],
      message: 'every name below it resolves at the primary and will not resolve in Route 53.',
    },
    {
      code: 'occluded',
      what: 'data below a delegation',
      lines: ['sub NS ns.example.', 'x.sub A 192.0.2.1', 'y.sub A 192.0.2.2'],
      severity: 'info',
      names: ['x.sub.z.test.', 'y.sub.z.test.'],
      message: 'x.sub.z.test. and 1 more name: data below a delegation that is not its glue is not mirrored.',
    },
    {
      code: 'cname-conflict',
      what: 'a CNAME beside other data',
      lines: ['a CNAME b', 'a A 192.0.2.1'],
      severity: 'blocks',
      names: ['a.z.test.'],
      message: 'a CNAME stands beside other data',
      blocked: ['a.z.test.'],
    },
    {
      code: 'cname-conflict',
      what: 'two CNAMEs',
      lines: ['a CNAME b', 'a CNAME c'],
      options: { partial: true },
      severity: 'warning',
      names: ['a.z.test.'],
      message: 'beside another CNAME',
      blocked: ['a.z.test.'],
    },
    {
      code: 'cname-conflict',
      what: 'a CNAME at the apex',
      lines: ['@ CNAME b'],
      severity: 'blocks',
      names: ['z.test.'],
      message: 'at the apex',
      blocked: ['z.test.'],
    },
    {
      code: 'cannot-hold',
      what: '401 values',
      lines: many(401, (index) => `a A 10.0.${index >> 8}.${index & 255}`),
      severity: 'blocks',
      names: ['a.z.test.'],
      message: "a.z.test.: a set of more than 400 values, Route 53's limit for one set.",
      blocked: ['a.z.test.'],
    },
    {
      code: 'cannot-hold',
      what: 'a value of more than 4,000 characters',
      lines: [`a TXT ${LONG_TEXT}`],
      severity: 'blocks',
      names: ['a.z.test.'],
      message: 'more than 4,000 characters',
      blocked: ['a.z.test.'],
    },
    {
      code: 'cannot-hold',
      what: 'a name of more than 32,000 characters',
      lines: many(130, (index) => `a TXT "${String(index).padEnd(250, 'x')}"`),
      severity: 'blocks',
      names: ['a.z.test.'],
      message: '32,000 characters at one name',
      blocked: ['a.z.test.'],
    },
    {
      code: 'cannot-hold',
      what: 'RDATA that does not fit its type',
      lines: ['a TXT \\# 0'],
      severity: 'blocks',
      names: ['a.z.test.'],
      message: 'has no text that Route 53 takes',
      blocked: ['a.z.test.'],
    },
    {
      code: 'cannot-hold',
      what: 'a delegation at a wildcard',
      lines: ['*.a NS ns.example.'],
      severity: 'blocks',
      names: ['*.a.z.test.'],
      message: 'a delegation at a wildcard',
      blocked: ['*.a.z.test.'],
    },
    {
      code: 'ttl-mismatch',
      what: 'two TTLs in a set',
      lines: ['a 60 A 192.0.2.1', 'a 90 A 192.0.2.2'],
      severity: 'warning',
      names: ['a.z.test.'],
      message: 'the lowest is taken',
    },
    {
      code: 'duplicate-record',
      what: 'a record that came twice',
      lines: ['a A 192.0.2.1', 'a A 192.0.2.1'],
      severity: 'info',
      names: ['a.z.test.'],
      message: 'taken once',
    },
  ];

  it.each(cases)('$code for $what', ({ code, lines, options, severity, names, message, blocked = [] }) => {
    const { findings, blockedNames } = selectMirrored(zoneOf(...lines), { ...DEFAULTS, ...options });
    const finding = findings.find((one) => one.code === code);
    expect(finding).toMatchObject({ severity, names, count: names.length });
    expect(finding?.message).toContain(message);
    expect(blockedNames.map((name) => formatName(name, 'decimal'))).toEqual(blocked);
  });

  it('cannot-hold for a SOA below the apex', () => {
    const zone = zoneOf('a A 192.0.2.1');
    const soa = { name: below('b', zone.origin), type: RR.SOA, ttl: 1, rdata: [writeSoa(zone.soa)] };
    const { findings } = selectMirrored({ ...zone, rrsets: [...zone.rrsets, soa] }, DEFAULTS);
    expect(findings).toMatchObject([{ code: 'cannot-hold', names: ['b.z.test.'] }]);
  });

  it('nothing in an ordinary zone', () => {
    const lines = ['www CNAME a', 'a A 192.0.2.1', '* TXT "x"', 'sub NS ns.sub', 'ns.sub A 192.0.2.1'];
    expect(selectMirrored(zoneOf(...lines), DEFAULTS).findings).toEqual([]);
  });

  it('nothing about what is excluded', () => {
    const lines = [
      'a HINFO "x" "y"',
      'b CNAME c',
      'b TXT "x"',
      'sub NS ns.example.',
      'x.sub A 192.0.2.1',
      'ok A 192.0.2.1',
    ];
    const exclude = [{ name: 'a' }, { name: 'b', types: ['TXT'] }, { name: '*.sub' }];
    expect(selectMirrored(zoneOf(...lines), { ...DEFAULTS, exclude })).toMatchObject({
      findings: [],
      blockedNames: [],
    });
  });

  it('at most twenty names, and says how many there are', () => {
    const lines = many(30, (index) => `h${index} HINFO "x" "y"`);
    const [finding] = selectMirrored(zoneOf(...lines), DEFAULTS).findings;
    expect(finding?.names).toHaveLength(20);
    expect(finding?.count).toBe(30);
    expect(finding?.message).toContain('and 29 more names');
  });

  it('a name only once where several of its sets are meant', () => {
    const lines = ['a HINFO "x" "y"', 'a RP . .', 'b A 192.0.2.1'];
    expect(selectMirrored(zoneOf(...lines), DEFAULTS)).toMatchObject({
      findings: [{ count: 1, message: 'a.z.test.: Route 53 cannot hold HINFO 1, RP 1.' }],
      blockedNames: [expect.anything()],
    });
  });
});
