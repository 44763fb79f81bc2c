import {
  ChangeTagsForResourceCommand,
  CreateResourceRecordSetProtectionsCommand,
  DeleteHostedZoneCommand,
  DeleteResourceRecordSetProtectionsCommand,
  ListResourceRecordSetProtectionsCommand,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
  InvalidResourceRecordSetProtectionBatch,
} from '@aws-sdk/client-route-53';
import type { ChangeTagsForResourceRequest, ResourceRecordSetProtectionConfig, RRType } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';

async function createTagged() {
  const { client, id } = await createEmbeddedZone();
  const ResourceId = id.replace('/hostedzone/', '');
  return {
    ResourceId,
    client,
    tag: (rest: Partial<ChangeTagsForResourceRequest>) =>
      client.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, ...rest })),
    tags: async () => {
      const command = new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId });
      return (await client.send(command)).ResourceTagSet!.Tags;
    },
  };
}

function makeTags(count: number) {
  return Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
}

describe('tags', () => {
  it('are added, replaced and removed in one call', async () => {
    const { tag, tags } = await createTagged();
    await tag({ AddTags: [{ Key: 'b', Value: '1' }, { Key: 'a' }] });

    await tag({
      AddTags: [
        { Key: 'b', Value: '2' },
        { Key: 'c', Value: '' },
      ],
      RemoveTagKeys: ['a', 'unknown'],
    });

    expect(await tags()).toEqual([
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '' },
    ]);
  });

  it.each<[string, Partial<ChangeTagsForResourceRequest>, string]>([
    ['nothing', {}, 'InvalidInput'],
    ['eleven at once', { AddTags: makeTags(11) }, 'InvalidInput'],
    ['eleven in all', { AddTags: [{ Key: 'one-more', Value: 'v' }] }, 'InvalidInput'],
    ['a key of 129 characters', { AddTags: [{ Key: 'k'.repeat(129), Value: '' }] }, 'InvalidInput'],
    ['a value of 257 characters', { AddTags: [{ Key: 'k0', Value: 'v'.repeat(257) }] }, 'InvalidInput'],
    ['a reserved key', { AddTags: [{ Key: 'aws:x', Value: '' }], RemoveTagKeys: ['k0'] }, 'InvalidInput'],
    ['an unknown zone', { ResourceId: 'Z0', RemoveTagKeys: ['k0'] }, 'NoSuchHostedZone'],
    ['a health check', { ResourceType: 'healthcheck', RemoveTagKeys: ['k0'] }, 'NoSuchHealthCheck'],
  ])('refuse %s', async (_what, change, name) => {
    const { tag, tags } = await createTagged();
    await tag({ AddTags: makeTags(10) });

    expect((await errorOf(tag(change))).name).toBe(name);
    expect(await tags()).toHaveLength(10);
  });

  it('are listed for up to ten zones', async () => {
    const { client, ResourceId, tag } = await createTagged();
    await tag({ AddTags: [{ Key: 'a', Value: '1' }] });
    const list = (ResourceIds: string[]) =>
      client.send(new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds }));

    expect((await list([ResourceId])).ResourceTagSets).toEqual([
      { ResourceType: 'hostedzone', ResourceId, Tags: [{ Key: 'a', Value: '1' }] },
    ]);
    expect((await errorOf(list([]))).name).toBe('InvalidInput');
    expect((await errorOf(list(Array.from({ length: 11 }, () => ResourceId)))).name).toBe('InvalidInput');
    expect((await errorOf(list([ResourceId, 'Z0']))).name).toBe('NoSuchHostedZone');
  });
});

describe('protections', () => {
  async function createProtected() {
    const { client, id: HostedZoneId, change } = await createEmbeddedZone();
    return {
      client,
      HostedZoneId,
      change,
      protect: (...Protections: ResourceRecordSetProtectionConfig[]) =>
        client.send(new CreateResourceRecordSetProtectionsCommand({ HostedZoneId, Protections })),
      release: (...Protections: ResourceRecordSetProtectionConfig[]) =>
        client.send(new DeleteResourceRecordSetProtectionsCommand({ HostedZoneId, Protections })),
    };
  }
  const www = { RecordName: 'www.corp.example.com', RecordType: 'A' } as const;
  const mail = { RecordName: 'mail.corp.example.com.', RecordType: 'MX', Comment: 'mine' } as const;

  it('are created, listed and deleted', async () => {
    const { client, HostedZoneId, protect, release } = await createProtected();
    await protect(www, mail);
    const list = () => client.send(new ListResourceRecordSetProtectionsCommand({ HostedZoneId }));

    expect((await list()).ResourceRecordSetProtections).toEqual([
      { RecordName: 'mail.corp.example.com.', RecordType: 'MX', Comment: 'mine' },
      { RecordName: 'www.corp.example.com.', RecordType: 'A' },
    ]);
    await release(www, mail);
    expect((await list()).ResourceRecordSetProtections).toEqual([]);
  });

  it.each([
    ['all protected already', [www], 'ProtectionAlreadyExists', ['ProtectionAlreadyExists']],
    ['some protected already', [www, mail], 'InvalidResourceRecordSetProtectionBatch', ['ProtectionAlreadyExists']],
    [
      'invalid ones first',
      [www, { ...mail, RecordName: 'example.org' }, { ...mail, RecordName: 'a..b' }],
      'InvalidResourceRecordSetProtectionBatch',
      ['InvalidInput', 'InvalidInput'],
    ],
    ['one twice', [mail, mail], 'InvalidResourceRecordSetProtectionBatch', ['InvalidInput']],
    [
      'an unknown type',
      [{ ...mail, RecordType: 'DNAME' as RRType }],
      'InvalidResourceRecordSetProtectionBatch',
      ['InvalidInput'],
    ],
    [
      'a comment of 257 characters',
      [{ ...mail, Comment: 'x'.repeat(257) }],
      'InvalidResourceRecordSetProtectionBatch',
      ['InvalidInput'],
    ],
  ] as const)('are refused whole: %s', async (_what, wanted, name, codes) => {
    const { client, HostedZoneId, protect } = await createProtected();
    await protect(www);

    const error = await errorOf(protect(...wanted));
    const listed = await client.send(new ListResourceRecordSetProtectionsCommand({ HostedZoneId }));

    expect(error.name).toBe(name);
    expect((error['Errors'] as { Code: string }[]).map(({ Code }) => Code)).toEqual(codes);
    expect(listed.ResourceRecordSetProtections).toHaveLength(1);
  });

  it('are deleted together or not at all', async () => {
    const { protect, release } = await createProtected();
    await protect(www);

    const error = await errorOf(release(www, mail));

    expect(error).toBeInstanceOf(InvalidResourceRecordSetProtectionBatch);
    expect(error['Errors']).toMatchObject([{ RecordName: 'mail.corp.example.com.', Code: 'ProtectionNotFound' }]);
    await release(www);
  });

  it('keep an empty zone from being deleted, and a set from being created', async () => {
    const { client, HostedZoneId, change, protect } = await createProtected();
    await protect(www);

    expect((await errorOf(client.send(new DeleteHostedZoneCommand({ Id: HostedZoneId })))).name).toBe(
      'HostedZoneNotEmpty',
    );
    expect((await errorOf(change(['CREATE', 'www', 'A', ['192.0.2.1']]))).name).toBe('InvalidChangeBatch');
  });

  it('come in pages', async () => {
    const { client, HostedZoneId, protect } = await createProtected();
    const many = Array.from({ length: 7 }, (_, index) => ({ ...www, RecordName: `n${index}.corp.example.com` }));
    await protect(...many);
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    for (;;) {
      const page = await client.send(
        new ListResourceRecordSetProtectionsCommand({ HostedZoneId, MaxResults: 3, NextToken }),
      );
      names.push(...page.ResourceRecordSetProtections!.map(({ RecordName }) => RecordName));
      ({ NextToken } = page);
      if (NextToken === undefined) break;
    }

    expect(names).toEqual(many.map(({ RecordName }) => `${RecordName}.`));
  });

  it('begin at a name, and only at tokens that were given', async () => {
    const { client, HostedZoneId, protect } = await createProtected();
    await protect(www, mail);
    const list = (rest: object) => client.send(new ListResourceRecordSetProtectionsCommand({ HostedZoneId, ...rest }));

    expect((await list({ StartRecordName: 'n.corp.example.com' })).ResourceRecordSetProtections).toHaveLength(1);
    expect((await errorOf(list({ StartRecordType: 'A' }))).name).toBe('InvalidInput');
    expect((await errorOf(list({ NextToken: 'zzzz' }))).name).toBe('InvalidPaginationToken');
  });

  it('are 1 to 100 a request', async () => {
    const { protect } = await createProtected();

    expect((await errorOf(protect())).name).toBe('InvalidInput');
    const many = Array.from({ length: 101 }, (_, index) => ({ ...www, RecordName: `n${index}.corp.example.com` }));
    expect((await errorOf(protect(...many))).name).toBe('InvalidInput');
  });
});
