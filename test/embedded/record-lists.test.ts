import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { ListResourceRecordSetsRequest } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';
import type { TestChange } from '../support/embedded-zone.ts';

const A = ['192.0.2.1'];

/** ASCII order, written down apart from the code: hyphen, dot, digits, backslash, underscore, letters. */
const IN_ORDER = [
  '-.corp.example.com.',
  '0.corp.example.com.',
  '\\052.corp.example.com.',
  '\\056.corp.example.com.',
  '\\344.corp.example.com.',
  '_sip._tcp.corp.example.com.',
  'a-b.corp.example.com.',
  'a.corp.example.com.',
  'z.a.corp.example.com.',
  'a\\056b.corp.example.com.',
  'a_b.corp.example.com.',
  'aa.corp.example.com.',
  'z.aa.corp.example.com.',
  'z.corp.example.com.',
];

async function createFull() {
  const zone = await createEmbeddedZone();
  await zone.change(...IN_ORDER.toReversed().map((name): TestChange => ['CREATE', name, 'A', A]));
  return {
    ...zone,
    page: (rest: Partial<ListResourceRecordSetsRequest>) =>
      zone.client.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, ...rest })),
  };
}

describe('ListResourceRecordSets', () => {
  it('is in the order of reversed labels', async () => {
    const { list } = await createFull();

    expect((await list()).map(({ Name }) => Name)).toEqual(IN_ORDER);
  });

  it('is in the order of types, then identifiers, at one name', async () => {
    const { change, list } = await createEmbeddedZone();
    const weighted = (SetIdentifier: string) => ({
      SetIdentifier,
      Weight: 1,
      TTL: 1,
      ResourceRecords: [{ Value: '192.0.2.1' }],
    });
    await change(
      ['CREATE', 'a', 'TXT', ['"x"']],
      ['CREATE', 'a', 'A', weighted('b')],
      ['CREATE', 'a', 'AAAA', ['::1']],
      ['CREATE', 'a', 'A', weighted('a')],
    );

    expect((await list()).map(({ Type, SetIdentifier }) => `${Type} ${SetIdentifier}`)).toEqual([
      'A a',
      'A b',
      'AAAA undefined',
      'TXT undefined',
    ]);
  });

  it.each([1, 3, 16, 300])('gives every set once in pages of %d', async (MaxItems) => {
    const { page } = await createFull();
    const names: string[] = [];
    let next: Partial<ListResourceRecordSetsRequest> = {};
    for (;;) {
      const answer = await page({ ...next, MaxItems });
      names.push(...answer.ResourceRecordSets!.map(({ Name }) => Name!));
      expect(answer.MaxItems).toBe(MaxItems);
      if (answer.IsTruncated !== true) break;
      next = { StartRecordName: answer.NextRecordName, StartRecordType: answer.NextRecordType };
    }

    expect(names).toEqual(['corp.example.com.', 'corp.example.com.', ...IN_ORDER]);
  });

  it('has at most 300 sets a page, more are not given', async () => {
    const { change, page } = await createFull();
    await change(...Array.from({ length: 400 }, (_, index): TestChange => ['CREATE', `n${index}`, 'A', A]));

    const answer = await page({ MaxItems: 1000 });

    expect(answer.ResourceRecordSets).toHaveLength(300);
    expect(answer).toMatchObject({ IsTruncated: true, MaxItems: 300 });
  });

  it.each<[string, Partial<ListResourceRecordSetsRequest>, string | undefined]>([
    ['a name that is there', { StartRecordName: 'A-B.corp.example.com' }, 'a-b.corp.example.com.'],
    ['a name that is not there', { StartRecordName: 'ab.corp.example.com' }, 'z.corp.example.com.'],
    ['a wildcard', { StartRecordName: '*.corp.example.com' }, '\\052.corp.example.com.'],
    [
      'a name and a type that is passed',
      { StartRecordName: 'a.corp.example.com', StartRecordType: 'AAAA' },
      'z.a.corp.example.com.',
    ],
    ['a name and its type', { StartRecordName: 'a.corp.example.com', StartRecordType: 'A' }, 'a.corp.example.com.'],
    ['a name behind the zone', { StartRecordName: 'example.net' }, undefined],
    ['a name before the zone', { StartRecordName: 'aaa' }, 'corp.example.com.'],
  ])('begins at %s', async (_what, start, first) => {
    const { page } = await createFull();

    const { ResourceRecordSets: sets } = await page(start);

    expect(sets![0]?.Name).toBe(first);
  });

  it.each<[string, Partial<ListResourceRecordSetsRequest>]>([
    ['a type without a name', { StartRecordType: 'A' }],
    ['an identifier without a type', { StartRecordName: 'a.corp.example.com', StartRecordIdentifier: 'x' }],
    ['a malformed name', { StartRecordName: 'a..b' }],
    ['pages of nothing', { MaxItems: 0 }],
  ])('refuses %s', async (_what, start) => {
    const { page } = await createFull();

    expect((await errorOf(page(start))).name).toBe('InvalidInput');
  });
});
