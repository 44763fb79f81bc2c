import { describe, expect, it } from 'vitest';
import { ORIGIN } from '../../../test/support/zones.ts';
import { formatName } from '../name.ts';
import type { Route53RecordSet } from '../route53.ts';
import { typeName } from '../rr-types.ts';
import { selectKept } from './select-kept.ts';
import type { KeptOptions } from './select-kept.ts';

const DEFAULTS: KeptOptions = { origin: ORIGIN, exclude: [], apexNs: 'keep', protectedSets: [] };

function plain(name: string, type: string, ...values: readonly string[]): Route53RecordSet {
  return { Name: name, Type: type, TTL: 300, ResourceRecords: values.map((Value) => ({ Value })) };
}

const SOA = plain('z.test.', 'SOA', 'ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400');
const NS = plain('z.test.', 'NS', 'ns-1.awsdns-01.org.', 'ns-2.awsdns-02.com.');
const WWW = plain('www.z.test.', 'A', '192.0.2.1');
const ACM = `_${'0123456789abcdef'.repeat(2)}`;

describe('selectKept keeps', () => {
  it.each([
    { reason: 'alias', set: { Name: 'a.z.test.', Type: 'A', AliasTarget: { DNSName: 'lb.' } }, name: 'a.z.test.' },
    { reason: 'routing-policy', set: { ...WWW, SetIdentifier: 'blue' }, name: 'www.z.test.' },
    { reason: 'traffic-policy', set: { ...WWW, TrafficPolicyInstanceId: 'id' }, name: 'www.z.test.' },
    { reason: 'unreadable', set: plain('www.z.test.', 'A', 'not an address'), name: 'www.z.test.' },
    { reason: 'unreadable', set: plain('\\400.z.test.', 'A', '192.0.2.1'), name: '\\400.z.test.' },
    { reason: 'unreadable', set: plain('www.z.test.', 'NEW', 'x'), name: 'www.z.test.' },
    {
      reason: 'acm-validation',
      set: plain(`${ACM}.www.z.test.`, 'CNAME', '_x.abc.acm-validations.aws.'),
      name: `${ACM}.www.z.test.`,
    },
    { reason: 'excluded', set: WWW, options: { exclude: [{ name: 'www', types: ['A'] }] }, name: 'www.z.test.' },
    {
      reason: 'protected',
      set: WWW,
      options: { protectedSets: [{ RecordName: 'WWW.z.test', RecordType: 'A', Comment: 'bank' }] },
      name: 'www.z.test.',
    },
    {
      reason: 'protected',
      set: SOA,
      options: { protectedSets: [{ RecordName: 'z.test.', RecordType: 'SOA' }] },
      name: 'z.test.',
    },
    { reason: 'alias', set: { Name: '\\052.z.test.', Type: 'A', AliasTarget: {} }, name: '*.z.test.' },
  ] satisfies { reason: string; set: Route53RecordSet; options?: Partial<KeptOptions>; name: string }[])(
    '$reason: $set.Name $set.Type',
    ({ reason, set, options, name }) => {
      const { ours, kept, keptSets } = selectKept([set], { ...DEFAULTS, ...options });
      expect(ours).toEqual([]);
      expect(kept).toBe(1);
      expect(keptSets).toMatchObject([{ reason, name, type: set.Type }]);
    },
  );

  it('the comment of a protection', () => {
    const protectedSets = [{ RecordName: 'www.z.test.', RecordType: 'A', Comment: 'bank' }];
    expect(selectKept([WWW], { ...DEFAULTS, protectedSets }).keptSets[0]?.comment).toBe('bank');
  });
});

describe('selectKept takes as ours', () => {
  it.each([
    ['a plain set', WWW, {}],
    ['another type of a protected name', WWW, { protectedSets: [{ RecordName: 'www.z.test.', RecordType: 'TXT' }] }],
    ['a CNAME that only looks like a validation', plain(`${ACM}.z.test.`, 'CNAME', 'a.example.'), {}],
    ['a CNAME of another name to the validations', plain('_x.z.test.', 'CNAME', 'x.acm-validations.aws.'), {}],
    ['the apex NS, when that is mirrored', NS, { apexNs: 'mirror' }],
  ] satisfies [string, Route53RecordSet, Partial<KeptOptions>][])('%s', (_, set, options) => {
    expect(selectKept([set], { ...DEFAULTS, ...options })).toMatchObject({ ours: [{}], kept: 0 });
  });

  it('neither the apex SOA nor the apex NS, and hands both out', () => {
    const { ours, kept, apexSoa, apexNs } = selectKept([NS, SOA, WWW], DEFAULTS);
    expect(ours.map(({ name, type }) => `${formatName(name, 'decimal')} ${typeName(type)}`)).toEqual(['www.z.test. A']);
    expect(kept).toBe(0);
    expect(apexSoa?.rdata).toHaveLength(1);
    expect(apexNs?.rdata).toHaveLength(2);
  });

  it('sets in canonical order, whatever the order of the listing', () => {
    const listed = [
      plain('b.z.test.', 'TXT', '"x"'),
      plain('b.z.test.', 'A', '192.0.2.1'),
      plain('x.a.z.test.', 'A', '192.0.2.1'),
    ];
    const { ours } = selectKept([...listed, plain('a.z.test.', 'A', '192.0.2.1')], DEFAULTS);
    expect(ours.map(({ name, type }) => `${formatName(name, 'decimal')} ${typeName(type)}`)).toEqual([
      'a.z.test. A',
      'x.a.z.test. A',
      'b.z.test. A',
      'b.z.test. TXT',
    ]);
  });
});
