import { describe, expect, it } from 'vitest';
import { ORIGIN } from '../../../test/support/zones.ts';
import { diffZones } from '../diff.ts';
import { parseMasterFile } from '../master-file.ts';
import { formatName } from '../name.ts';
import { formatRdata } from '../rdata.ts';
import type { Route53RecordSet } from '../route53.ts';
import { typeName } from '../rr-types.ts';
import type { RRset } from '../types.ts';
import { alignMirror } from './align.ts';
import { selectKept } from './select-kept.ts';
import type { ProtectedSet } from './select-kept.ts';
import { selectMirrored } from './select-mirrored.ts';

interface Sides {
  readonly source: readonly string[];
  readonly target: readonly Route53RecordSet[];
  readonly protectedSets?: readonly ProtectedSet[];
  readonly apexNs?: 'keep' | 'mirror';
  readonly partial?: boolean;
}

function align({ source, target, protectedSets = [], apexNs = 'keep', partial = false }: Sides) {
  const frame = [
    '$ORIGIN z.test.',
    '$TTL 300',
    '@ SOA ns.example. host.example. 1 3600 600 86400 300',
    '@ NS ns.example.',
  ];
  const zone = parseMasterFile([...frame, ...source, ''].join('\n'));
  const options = { exclude: [], apexNs, partial, ignoreTtl: false, origin: zone.origin, protectedSets };
  return alignMirror(
    selectMirrored(zone, { ...options, unsupportedTypes: 'block', allowUnsignedMirror: false }),
    selectKept(target, options),
    options,
  );
}

function textOf(sets: readonly RRset[]): string[] {
  return sets.map(({ name, type }) => `${formatName(name, 'decimal')} ${typeName(type)}`);
}

function plain(name: string, type: string, ...values: readonly string[]): Route53RecordSet {
  return { Name: name, Type: type, TTL: 300, ResourceRecords: values.map((Value) => ({ Value })) };
}

const ALIAS = { Name: 'www.z.test.', Type: 'A', AliasTarget: { DNSName: 'lb.' } };
const ACM = `_${'0'.repeat(32)}`;

describe('alignMirror', () => {
  it.each([
    {
      what: 'an alias of the same name and type',
      source: ['www A 192.0.2.1'],
      target: [ALIAS],
      message: 'an alias in Route 53',
    },
    {
      what: 'an alias, beside a wanted CNAME',
      source: ['www CNAME a'],
      target: [ALIAS],
      message: 'an alias in Route 53',
    },
    {
      what: 'an alias CNAME, beside other data',
      source: ['www TXT "x"'],
      target: [{ ...ALIAS, Type: 'CNAME' }],
      message: 'an alias',
    },
    {
      what: 'a routing policy',
      source: ['www A 192.0.2.1'],
      target: [{ ...plain('www.z.test.', 'A', '192.0.2.1'), SetIdentifier: 'a' }],
      message: 'a set with a routing policy',
    },
    {
      what: 'a traffic policy',
      source: ['www A 192.0.2.1'],
      target: [{ ...plain('www.z.test.', 'A', '192.0.2.1'), TrafficPolicyInstanceId: 'a' }],
      message: 'a set of a traffic policy',
    },
    {
      what: 'a protected set with other content',
      source: ['www A 192.0.2.1'],
      target: [plain('www.z.test.', 'A', '192.0.2.9')],
      protectedSets: [{ RecordName: 'www.z.test.', RecordType: 'A', Comment: 'bank' }],
      message: 'a protected set (bank) in Route 53',
    },
    {
      what: 'a set that cannot be read',
      source: ['www A 192.0.2.1'],
      target: [plain('www.z.test.', 'A', 'x')],
      message: 'a set that trueup cannot read',
    },
  ])('blocks a name where a kept set is in the way: $what', ({ message, ...sides }) => {
    const blocked = align(sides);
    expect(blocked.findings).toMatchObject([{ code: 'kept-conflict', severity: 'blocks', names: ['www.z.test.'] }]);
    expect(blocked.findings[0]?.message).toContain(`www.z.test.: ${message}`);
    expect(blocked.after).toEqual([]);
    expect(align({ ...sides, partial: true }).findings[0]?.severity).toBe('warning');
  });

  it('blocks a name where a validation CNAME of ACM has another target', () => {
    const target = [plain(`${ACM}.z.test.`, 'CNAME', 'b.acm-validations.aws.')];
    expect(align({ source: [`${ACM} CNAME a.example.`], target }).findings[0]?.message).toContain(
      'AWS Certificate Manager',
    );
  });

  it('T86 lets kept sets stand beside other types and other names', () => {
    const target = [ALIAS, plain('old.z.test.', 'A', '192.0.2.9'), { ...ALIAS, Name: 'api.z.test.' }];
    const { before, after, findings } = align({ source: ['www TXT "x"', 'a A 192.0.2.1'], target });
    expect(findings).toEqual([]);
    expect([textOf(before), textOf(after)]).toEqual([['old.z.test. A'], ['a.z.test. A', 'www.z.test. TXT']]);
  });

  it('asks for nothing where a kept set holds what is wanted', () => {
    const protectedSets = [{ RecordName: 'www.z.test.', RecordType: 'CNAME' }];
    const target = [plain('www.z.test.', 'CNAME', 'A.z.test')];
    expect(align({ source: ['www CNAME a'], target, protectedSets })).toMatchObject({
      before: [],
      after: [],
      findings: [],
    });
  });

  it('leaves a blocked name as it is on both sides', () => {
    const target = [plain('bad.z.test.', 'A', '192.0.2.9'), plain('gone.z.test.', 'A', '192.0.2.9')];
    const { before, after, blockedNames } = align({ source: ['bad HINFO "x" "y"', 'a A 192.0.2.1'], target });
    expect([textOf(before), textOf(after)]).toEqual([['gone.z.test. A'], ['a.z.test. A']]);
    expect(blockedNames.map((name) => formatName(name, 'decimal'))).toEqual(['bad.z.test.']);
  });

  it('blocks a mirror whose serial cannot be written', () => {
    const target = [plain('z.test.', 'SOA', 'ns. host. 1 1 1 1 1')];
    const protectedSets = [{ RecordName: 'z.test.', RecordType: 'SOA' }];
    const { findings } = align({ source: ['a A 192.0.2.1'], target, protectedSets, partial: true });
    expect(findings).toMatchObject([{ code: 'kept-conflict', severity: 'blocks', names: ['z.test.'] }]);
  });
});

describe('alignMirror with apexNs: mirror', () => {
  const target = [plain('z.test.', 'NS', 'ns-1.awsdns-01.org.', 'former.example.')];

  it("adds the source's name servers to those of Route 53 and drops former ones", () => {
    const { before, after } = align({ source: ['a A 192.0.2.1'], target, apexNs: 'mirror' });
    const [change] = diffZones(before, after).changes;
    expect(change?.after?.rdata.map((rdata) => formatRdata(change.type, rdata, 'octal'))).toEqual([
      'ns.example.',
      'ns-1.awsdns-01.org.',
    ]);
  });

  it('has nothing to change when the set is as wanted', () => {
    const synced = [plain('z.test.', 'NS', 'NS-1.awsdns-01.org.', 'ns.example.')];
    const { before, after } = align({ source: ['a A 192.0.2.1'], target: synced, apexNs: 'mirror' });
    expect(textOf(diffZones(before, after).changes.flatMap((change) => change.after ?? []))).toEqual(['a.z.test. A']);
  });

  it('never removes the apex NS: a source without one leaves it alone', () => {
    const { before } = alignMirror(
      { sets: [], findings: [], blockedNames: [] },
      selectKept(target, { origin: ORIGIN, exclude: [], apexNs: 'mirror', protectedSets: [] }),
      { origin: ORIGIN, apexNs: 'mirror', partial: false, ignoreTtl: false },
    );
    expect(before).toEqual([]);
  });
});
