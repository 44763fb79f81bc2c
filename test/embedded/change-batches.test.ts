import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  CreateResourceRecordSetProtectionsCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import type { ResourceRecordSet, Route53Client } from '@aws-sdk/client-route-53';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmbeddedZone, errorOf } from '../support/embedded-zone.ts';
import type { TestChange } from '../support/embedded-zone.ts';

const A = ['192.0.2.1'];
const B = ['192.0.2.2'];
const weighted = (identifier: string, Weight = 1): Partial<ResourceRecordSet> => ({
  SetIdentifier: identifier,
  Weight,
  TTL: 60,
  ResourceRecords: [{ Value: '192.0.2.1' }],
});
const alias = (name: string, zone: string): Partial<ResourceRecordSet> => ({
  AliasTarget: { HostedZoneId: zone, DNSName: name, EvaluateTargetHealth: false },
});

describe('a batch', () => {
  it('creates, replaces and deletes', async () => {
    const { change, list } = await createEmbeddedZone();

    await change(['CREATE', 'a', 'A', A], ['UPSERT', 'b', 'A', A], ['CREATE', 'c', 'A', A]);
    await change(['UPSERT', 'a', 'A', B], ['DELETE', 'b', 'A', A], ['DELETE', 'c', 'A', A], ['CREATE', 'c', 'A', B]);

    expect((await list()).map(({ Name, ResourceRecords: [first] = [] }) => [Name, first?.Value])).toEqual([
      ['a.corp.example.com.', '192.0.2.2'],
      ['c.corp.example.com.', '192.0.2.2'],
    ]);
  });

  it('is taken as a whole or not at all, and every bad change has its message', async () => {
    const { refusals, list, change } = await createEmbeddedZone();
    await change(['CREATE', 'there', 'A', A]);
    const before = await list();

    const messages = await refusals(
      ['CREATE', 'good', 'A', A],
      ['CREATE', 'there', 'A', B],
      ['DELETE', 'gone', 'A', A],
      ['CREATE', 'bad', 'A', ['1.2.3']],
    );

    expect(messages).toEqual([
      "Tried to create resource record set [name='there.corp.example.com.', type='A'] but it already exists",
      "Tried to delete resource record set [name='gone.corp.example.com.', type='A'] but it was not found",
      "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '1.2.3''",
    ]);
    expect(await list()).toEqual(before);
  });

  it('counts as one error with all messages in brackets', async () => {
    const { change } = await createEmbeddedZone();

    const error = await errorOf(change(['DELETE', 'x', 'A', A], ['DELETE', 'y', 'A', A]));

    expect(error.message).toBe(`[${(error['messages'] as string[]).join(', ')}]`);
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 400, attempts: 1 });
  });
});

describe('DELETE', () => {
  const VALUES = ['10 Mail.example.com', '20 mail2.example.com.'];

  it.each<[string, readonly string[] | Partial<ResourceRecordSet>]>([
    ['the same values', VALUES],
    ['another order', VALUES.toReversed()],
    ['closing dots and lower case', ['10 mail.example.com.', '20 mail2.example.com']],
  ])('takes %s', async (_what, content) => {
    const { change, list } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'MX', VALUES]);

    await change(['DELETE', 'A', 'MX', content]);

    expect(await list()).toEqual([]);
  });

  it.each<[string, readonly string[] | Partial<ResourceRecordSet>]>([
    ['one value less', VALUES.slice(1)],
    ['another value', ['10 other.example.com', VALUES[1]!]],
    ['one value twice', [VALUES[0]!, VALUES[0]!]],
    ['another TTL', { TTL: 301, ResourceRecords: VALUES.map((Value) => ({ Value })) }],
  ])('refuses %s', async (_what, content) => {
    const { change, refusals } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'MX', VALUES]);

    expect(await refusals(['DELETE', 'a', 'MX', content])).toEqual([
      "Tried to delete resource record set [name='a.corp.example.com.', type='MX'] but the values provided do not match the current values",
    ]);
  });

  it('needs the same identifier and routing policy', async () => {
    const { change, refusals } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'A', weighted('one')]);

    expect(await refusals(['DELETE', 'a', 'A', weighted('two')])).toEqual([
      "Tried to delete resource record set [name='a.corp.example.com.', type='A', set-identifier='two'] but it was not found",
    ]);
    expect(await refusals(['DELETE', 'a', 'A', weighted('one', 2)])).toHaveLength(1);
    expect(await refusals(['DELETE', 'a', 'A', weighted('one')])).toEqual([]);
  });
});

describe('what Route 53 does not take', () => {
  const INVALID_SET =
    "The request contains an invalid set of changes for a resource record set 'A a.corp.example.com.'";

  it.each<[string, readonly TestChange[], readonly string[]]>([
    [
      'a CNAME at the apex',
      [['CREATE', '@', 'CNAME', ['x.example.net']]],
      ['RRSet of type CNAME with DNS name corp.example.com. is not permitted at apex in zone corp.example.com.'],
    ],
    [
      'a CNAME beside another type',
      [['CREATE', 'has-a', 'CNAME', ['x.example.net']]],
      [
        'RRSet of type CNAME with DNS name has-a.corp.example.com. is not permitted as it conflicts with other records with the same DNS name in zone corp.example.com.',
      ],
    ],
    [
      'another type beside a CNAME',
      [['CREATE', 'has-cname', 'A', A]],
      [
        'RRSet of type A with DNS name has-cname.corp.example.com. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone corp.example.com.',
      ],
    ],
    [
      'a CNAME that goes after its successor comes',
      [
        ['CREATE', 'has-cname', 'A', A],
        ['DELETE', 'has-cname', 'CNAME', ['x.example.net']],
      ],
      [
        'RRSet of type A with DNS name has-cname.corp.example.com. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone corp.example.com.',
      ],
    ],
    [
      'a name of another zone',
      [['CREATE', 'www.example.org.', 'A', A]],
      ['RRSet with DNS name www.example.org. is not permitted in zone corp.example.com.'],
    ],
    [
      'a name that only ends alike',
      [['CREATE', 'notcorp.example.com.', 'A', A]],
      ['RRSet with DNS name notcorp.example.com. is not permitted in zone corp.example.com.'],
    ],
    [
      'a wildcard NS',
      [['CREATE', '*', 'NS', ['ns.example.net']]],
      ['RRSet of type NS with DNS name \\052.corp.example.com. is not permitted: an NS record cannot be a wildcard'],
    ],
    [
      'a SOA below the apex',
      [['CREATE', 'a', 'SOA', ['a. b. 1 2 3 4 5']]],
      ['RRSet of type SOA with DNS name a.corp.example.com. is permitted only at apex in zone corp.example.com.'],
    ],
    [
      'two values of a CNAME',
      [['CREATE', 'a', 'CNAME', ['x.', 'y.']]],
      ['RRSet of type CNAME with DNS name a.corp.example.com. can have only one value, has 2.'],
    ],
    ['one value twice', [['CREATE', 'a', 'A', [...A, ...A]]], ["Duplicate Resource Record: '192.0.2.1'"]],
    [
      'one value twice in other words',
      [['CREATE', 'a', 'MX', ['1 x.example.net', '1 X.example.net.']]],
      ["Duplicate Resource Record: '1 X.example.net.'"],
    ],
    [
      '401 values',
      [['CREATE', 'a', 'A', Array.from({ length: 401 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)]],
      ['RRSet of type A with DNS name a.corp.example.com. has 401 values, limit of 400 exceeded.'],
    ],
    [
      'one set deleted twice',
      [
        ['DELETE', 'a', 'A', A],
        ['DELETE', 'a', 'A', A],
      ],
      ["Tried to delete resource record set [name='a.corp.example.com.', type='A'] but it was not found", INVALID_SET],
    ],
    [
      'one set created twice',
      [
        ['CREATE', 'a', 'A', A],
        ['CREATE', 'a', 'A', B],
      ],
      [INVALID_SET],
    ],
    [
      'a set deleted right after it was created',
      [
        ['CREATE', 'a', 'A', A],
        ['DELETE', 'a', 'A', A],
      ],
      [INVALID_SET],
    ],
    [
      'an empty label',
      [['CREATE', 'a..b', 'A', A]],
      ["FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..b.corp.example.com.'"],
    ],
    [
      'an unescaped blank',
      [['CREATE', 'a b', 'A', A]],
      [
        "FATAL problem: UnsupportedCharacter (Value contains unsupported characters) encountered with 'a b.corp.example.com.'",
      ],
    ],
    [
      'a weighted set beside a simple one',
      [['CREATE', 'has-a', 'A', weighted('one')]],
      [
        'RRSet with DNS name has-a.corp.example.com., type A, SetIdentifier one, cannot be created because a non-Weight RRSet with the same name and type already exists.',
      ],
    ],
  ])('%s', async (_what, changes, messages) => {
    const { change, refusals } = await createEmbeddedZone();
    await change(['CREATE', 'has-a', 'A', A], ['CREATE', 'has-cname', 'CNAME', ['x.example.net']]);

    expect(await refusals(...changes)).toEqual(messages);
  });

  it('an apex without NS or SOA', async () => {
    const { refusals, client, id } = await createEmbeddedZone();
    const sets = await apexSets(client, id);

    expect(await refusals(...sets.map((set): TestChange => ['DELETE', '@', set.Type!, set]))).toEqual([
      'A HostedZone must contain exactly one SOA record.',
      'A HostedZone must contain at least one NS record for the zone itself.',
    ]);
  });

  it.each<[string, Partial<ResourceRecordSet>, string]>([
    [
      'neither values nor alias',
      {},
      'but found none in Change with [Action=CREATE, Name=a.corp.example.com., Type=A, SetIdentifier=null]',
    ],
    ['values without a TTL', { ResourceRecords: [{ Value: '192.0.2.1' }] }, 'but found none'],
    ['a TTL without values', { TTL: 1, ResourceRecords: [] }, 'but found none'],
    ['an alias with a TTL', { ...alias('x.', 'Z1'), TTL: 1 }, 'but found more than one'],
    ['a TTL of 2^31', { TTL: 2 ** 31, ResourceRecords: [{ Value: '192.0.2.1' }] }, 'from 0 to 2147483647'],
    ['a negative TTL', { TTL: -1, ResourceRecords: [{ Value: '192.0.2.1' }] }, 'from 0 to 2147483647'],
    [
      'a value of 4,001 characters',
      { Type: 'TXT', TTL: 1, ResourceRecords: [{ Value: 'x'.repeat(4001) }] },
      'less than or equal to 4000',
    ],
    ['an unknown type', { Type: 'LOC' as 'A', TTL: 1, ResourceRecords: [{ Value: 'x' }] }, 'enum value set'],
    [
      'a policy without identifier',
      { TTL: 1, ResourceRecords: [{ Value: '192.0.2.1' }], Weight: 1 },
      "Missing field 'SetIdentifier'",
    ],
    [
      'an identifier without policy',
      { TTL: 1, ResourceRecords: [{ Value: '192.0.2.1' }], SetIdentifier: 'x' },
      'but found none',
    ],
    ['two policies', { ...weighted('x'), Region: 'eu-west-1' }, 'but found more than one'],
    ['a weighted NS', { ...weighted('x'), Type: 'NS' }, 'no routing policy'],
    ['a weight of 256', weighted('x', 256), 'from 0 to 255'],
    ['an identifier of 129 characters', weighted('x'.repeat(129)), 'length 1 to 128'],
    ['an alias of type NS', { ...alias('x.', 'Z1'), Type: 'NS' }, 'an alias of type NS'],
    ['a traffic policy instance', { TrafficPolicyInstanceId: 'x' }, 'no traffic policy instance'],
  ])('is InvalidInput: %s', async (_what, set, text) => {
    const { change } = await createEmbeddedZone();

    const error = await errorOf(change(['CREATE', 'a', 'A', set]));

    expect(error.name).toBe('InvalidInput');
    expect(error.message).toContain(text);
  });

  it('is an unknown health check', async () => {
    const { change } = await createEmbeddedZone();

    const error = await errorOf(change(['CREATE', 'a', 'A', { ...weighted('x'), HealthCheckId: 'h' }]));

    expect(error.name).toBe('NoSuchHealthCheck');
  });

  it('is an empty batch, an unknown action or a long comment', async () => {
    const { client, id } = await createEmbeddedZone();
    const set = { Name: 'a.corp.example.com', Type: 'A' as const, TTL: 1, ResourceRecords: [{ Value: '192.0.2.1' }] };
    const batches = [
      { Changes: [] },
      { Changes: [{ Action: 'REPLACE' as 'CREATE', ResourceRecordSet: set }] },
      { Changes: [{ Action: 'CREATE' as const, ResourceRecordSet: set }], Comment: 'x'.repeat(257) },
    ];
    for (const ChangeBatch of batches) {
      const command = new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch });
      expect((await errorOf(client.send(command))).name).toBe('InvalidInput');
    }
  });
});

async function apexSets(client: Route53Client, HostedZoneId: string) {
  const { ResourceRecordSets: sets = [] } = await client.send(
    new ListResourceRecordSetsCommand({ HostedZoneId, MaxItems: 2 }),
  );
  return sets;
}

describe('limits of a batch', () => {
  const records = (count: number, action: 'CREATE' | 'UPSERT'): TestChange[] =>
    Array.from({ length: count }, (_, index): TestChange => [action, `n${index}`, 'A', A]);
  const characters = (count: number, action: 'CREATE' | 'UPSERT'): TestChange[] => {
    const each = 250;
    const long = Array.from({ length: Math.floor(count / each) }, (_, index): TestChange => [
      action,
      `n${index}`,
      'TXT',
      [`"${'x'.repeat(each - 2)}"`],
    ]);
    const rest = count % each;
    return rest === 0 ? long : [...long, [action, 'rest', 'TXT', [`"${'x'.repeat(rest - 2)}"`]]];
  };

  it.each<[string, readonly TestChange[], boolean]>([
    ['1,000 elements', records(1000, 'CREATE'), true],
    ['1,001 elements', records(1001, 'CREATE'), false],
    ['500 elements of UPSERT', records(500, 'UPSERT'), true],
    ['501 elements of UPSERT', records(501, 'UPSERT'), false],
    ['32,000 characters', characters(32_000, 'CREATE'), true],
    ['32,003 characters', characters(32_003, 'CREATE'), false],
    ['16,000 characters of UPSERT', characters(16_000, 'UPSERT'), true],
    ['16,003 characters of UPSERT', characters(16_003, 'UPSERT'), false],
  ])('%s', async (_what, changes, taken) => {
    const { refusals } = await createEmbeddedZone();

    expect(await refusals(...changes)).toHaveLength(taken ? 0 : 1);
  });

  it('takes a value of 4,000 characters, and 400 values', async () => {
    const { change, list } = await createEmbeddedZone();
    const strings = Array.from({ length: 15 }, () => `"${'x'.repeat(255)}"`).join(' ');
    const addresses = Array.from({ length: 400 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

    await change(['CREATE', 'long', 'TXT', [`${strings} "${'y'.repeat(4000 - strings.length - 3)}"`]]);
    await change(['CREATE', 'many', 'A', addresses]);

    expect((await list()).map(({ ResourceRecords: values }) => values!.length)).toEqual([1, 400]);
  });

  it('holds the zone’s quota at the end of the batch', async () => {
    const { account, change, refusals } = await createEmbeddedZone();
    account.setQuotas({ recordSetsPerZone: 3 });
    await change(['CREATE', 'a', 'A', A]);

    expect(await refusals(['CREATE', 'b', 'A', A])).toEqual(['Number of records limit of 3 exceeded.']);
    await change(['DELETE', 'a', 'A', A], ['CREATE', 'b', 'A', A]);
    account.setQuotas({ recordSetsPerZone: 1 });
    await change(['UPSERT', 'b', 'A', B]);
  });
});

describe('what is stored', () => {
  it('has names in lower case with octal escapes', async () => {
    const { change, list } = await createEmbeddedZone();
    await change(['CREATE', '*', 'A', A], ['CREATE', 'WWW_1', 'A', A], ['CREATE', 'a\\056b/c\\344', 'A', A]);

    expect((await list()).map(({ Name }) => Name)).toEqual([
      '\\052.corp.example.com.',
      'a\\056b\\057c\\344.corp.example.com.',
      'www_1.corp.example.com.',
    ]);
  });

  it('is one set for a wildcard written in either way', async () => {
    const { change, refusals } = await createEmbeddedZone();
    await change(['CREATE', '*', 'A', A]);

    expect(await refusals(['CREATE', '\\052', 'A', A])).toHaveLength(1);
    await change(['DELETE', '\\052', 'A', A]);
  });

  it.each<[string, readonly TestChange[]]>([
    ['an UPSERT', [['UPSERT', 'a', 'MX', ['20 Y.example.net.', '10 x.example.net.']]]],
    [
      'a DELETE and CREATE',
      [
        ['DELETE', 'a', 'MX', ['10 x.example.net', '20 y.example.net']],
        ['CREATE', 'a', 'MX', ['20 Y.example.net.', '10 x.example.net.']],
      ],
    ],
  ])('does not move by %s that differs in closing dots, case or order only', async (_what, changes) => {
    const { change, list } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'MX', ['10 x.example.net', '20 y.example.net']]);
    const before = await list();

    await change(...changes);

    expect(await list()).toEqual(before);
  });

  it('takes the new spelling along with another change', async () => {
    const { change, list } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'CNAME', ['x.example.net']]);

    await change(['UPSERT', 'a', 'CNAME', { TTL: 1, ResourceRecords: [{ Value: 'x.example.net.' }] }]);

    expect((await list())[0]).toMatchObject({ TTL: 1, ResourceRecords: [{ Value: 'x.example.net.' }] });
  });

  it('takes apex NS and SOA by UPSERT and by DELETE and CREATE', async () => {
    const { change, client, id } = await createEmbeddedZone();
    const [ns, soa] = await apexSets(client, id);

    await change(
      ['UPSERT', '@', 'NS', ['ns.example.net.']],
      ['DELETE', '@', 'SOA', soa!],
      ['CREATE', '@', 'SOA', ['ns. h. 7 1 1 1 1']],
    );
    const [nsAfter, soaAfter] = await apexSets(client, id);

    expect(ns!.ResourceRecords).toHaveLength(4);
    expect(nsAfter!.ResourceRecords).toEqual([{ Value: 'ns.example.net.' }]);
    expect(soaAfter!.ResourceRecords).toEqual([{ Value: 'ns. h. 7 1 1 1 1' }]);
  });

  it('can be weighted sets and aliases', async () => {
    const { change, list, id } = await createEmbeddedZone();
    const own = id.replace('/hostedzone/', '');

    await change(
      ['CREATE', 'w', 'A', weighted('one')],
      ['CREATE', 'w', 'A', weighted('two', 9)],
      ['CREATE', 't', 'A', A],
    );
    await change(
      ['CREATE', 'alias', 'A', alias('T.corp.example.com', own)],
      ['CREATE', 'elb', 'A', alias('lb.eu-west-1.elb.amazonaws.com', 'Z32O12XQLNTSW2')],
    );
    const sets = await list();

    expect(sets.find((set) => set.Name === 'alias.corp.example.com.')).toEqual({
      Name: 'alias.corp.example.com.',
      Type: 'A',
      AliasTarget: { HostedZoneId: own, DNSName: 't.corp.example.com.', EvaluateTargetHealth: false },
    });
    expect(sets.filter((set) => set.SetIdentifier !== undefined)).toHaveLength(2);
  });

  it.each([
    ['missing.corp.example.com', 'but that target was not found'],
    ['www.example.org', 'but the alias target name does not lie within the target zone'],
  ])('refuses an alias to %s of its zone', async (target, text) => {
    const { refusals, id } = await createEmbeddedZone();

    const [message] = await refusals(['CREATE', 'alias', 'A', alias(target, id.replace('/hostedzone/', ''))]);

    expect(message).toContain(text);
  });

  it('sees an alias target in another zone of the account', async () => {
    const { client, refusals } = await createEmbeddedZone();
    const { HostedZone: other } = await client.send(
      new CreateHostedZoneCommand({ Name: 'example.net', CallerReference: '2' }),
    );
    const otherId = other!.Id!.replace('/hostedzone/', '');

    expect(await refusals(['CREATE', 'alias', 'A', alias('x.example.net', otherId)])).toHaveLength(1);
  });
});

describe('protected sets', () => {
  it('fail the whole batch, named with their comment', async () => {
    const { client, id, change, refusals, list } = await createEmbeddedZone();
    await change(['CREATE', 'a', 'A', A]);
    const Protections = [{ RecordName: 'A.corp.example.com', RecordType: 'A' as const, Comment: 'ask OPS first' }];
    await client.send(new CreateResourceRecordSetProtectionsCommand({ HostedZoneId: id, Protections }));

    const messages = await refusals(['CREATE', 'b', 'A', A], ['DELETE', 'a', 'A', A]);

    expect(messages).toEqual([expect.stringMatching(/name='a\.corp\.example\.com\.', type='A'.*ask OPS first/)]);
    expect(await list()).toHaveLength(1);
    await change(['CREATE', 'a', 'AAAA', ['2001:db8::1']]);
  });
});

describe('any batch', () => {
  const action = fc.constantFrom('CREATE' as const, 'UPSERT' as const, 'DELETE' as const);
  const oneChange = fc.tuple(
    action,
    fc.constantFrom('a', 'b', '*'),
    fc.constantFrom('A' as const, 'CNAME' as const),
    fc.constantFrom(A, B, ['x.example.net']),
  );

  it('is taken wholly or leaves the zone as it was; CNAMEs stay alone', async () => {
    const zone = await createEmbeddedZone();
    await fc.assert(
      fc.asyncProperty(fc.array(oneChange, { minLength: 1, maxLength: 5 }), async (changes) => {
        const before = await zone.list();
        const messages = await zone.refusals(...changes);
        const after = await zone.list();
        if (messages.length > 0) expect(after).toEqual(before);
        for (const set of after.filter(({ Type }) => Type === 'CNAME')) {
          expect(after.filter(({ Name }) => Name === set.Name)).toHaveLength(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
