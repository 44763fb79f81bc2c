import { CreateHostedZoneCommand, ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import { describe, expect, it, onTestFinished } from 'vitest';
import { querySoa } from '../../src/dns/transfer/soa-query.ts';
import { TransferError } from '../../src/dns/transfer/errors.ts';
import { putNetwork } from '../../src/embedded/ec2/seed.ts';
import { openResolver } from '../../src/embedded/resolver.ts';
import type { DnsView } from '../../src/embedded/resolver.ts';
import { askOverTcp } from '../support/ask.ts';
import { digAt } from '../support/bind.ts';
import { describeWith } from '../support/counterparts.ts';
import { openHost } from '../support/embedded-host.ts';

const VPC = 'vpc-0a11bb22cc33dd44e';
const OTHER_VPC = 'vpc-0b22cc33dd44ee55f';

type Line = readonly [name: string, type: RRType, ...content: readonly (string | Partial<ResourceRecordSet>)[]];

async function createWorld() {
  const { host, client } = openHost();
  const route53 = client(Route53Client);
  let reference = 0;

  async function zone(Name: string, vpc: string | undefined, ...lines: readonly Line[]) {
    reference += 1;
    const association = vpc && { VPC: { VPCId: vpc, VPCRegion: 'eu-west-1' as const } };
    const { HostedZone: made, DelegationSet: delegationSet } = await route53.send(
      new CreateHostedZoneCommand({ Name, CallerReference: String(reference), ...association }),
    );
    const Id = made!.Id!.slice('/hostedzone/'.length);
    const servers = (delegationSet?.NameServers ?? []).map((server) => `${server}.`);
    await change({ Id }, ...lines.map(([name, ...rest]): Line => [name === '@' ? Name : `${name}.${Name}`, ...rest]));
    return { Id, servers };
  }

  async function change({ Id }: { Id: string }, ...lines: readonly Line[]): Promise<void> {
    const Changes = lines.map(([Name, Type, ...content]) => {
      const values = content.filter((part) => typeof part === 'string');
      const records = { TTL: 300, ResourceRecords: values.map((Value) => ({ Value })) };
      const options = content.filter((part) => typeof part !== 'string');
      const set = Object.assign({ Name, Type, ...(values.length > 0 && records) }, ...options) as ResourceRecordSet;
      return { Action: 'UPSERT' as const, ResourceRecordSet: set };
    });
    if (Changes.length === 0) return;
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: Id, ChangeBatch: { Changes } }));
  }

  async function open(view: DnsView): Promise<number> {
    const server = await openResolver(host, view);
    onTestFinished(() => server.close());
    return server.port;
  }

  return { host, zone, change, open };
}

async function createCorp() {
  const world = await createWorld();
  const corp = await world.zone(
    'corp.example.com.',
    VPC,
    ['@', 'SOA', 'ns-0.awsdns-00.com. hostmaster.example.com. 5 7200 900 1209600 60'],
    ['www', 'A', '10.1.0.1', '10.1.0.2'],
    ['alias', 'CNAME', 'www.corp.example.com.'],
    ['far', 'CNAME', 'host.example.net.'],
    ['lost', 'CNAME', 'nowhere.example.org.'],
    ['loop', 'CNAME', 'pool.corp.example.com.'],
    ['pool', 'CNAME', 'loop.corp.example.com.'],
    ['dead', 'CNAME', 'no.corp.example.com.'],
    [String.raw`\052.wild`, 'TXT', '"any"'],
    ['deep.ent.wild', 'A', '10.1.0.9'],
    ['sub', 'NS', 'ns.elsewhere.example.'],
    [String.raw`a\056b`, 'A', '10.1.0.7'],
    [
      'over',
      'A',
      { AliasTarget: { HostedZoneId: 'ZZZZZZZZZZZZZ', DNSName: 'lb.example.', EvaluateTargetHealth: false } },
    ],
    ['heavy', 'A', '10.1.1.1', { SetIdentifier: 'none', Weight: 0 }],
    ['heavy', 'A', '10.1.1.2', { SetIdentifier: 'all', Weight: 10 }],
    ['many', 'A', '10.1.2.1', { SetIdentifier: '1', MultiValueAnswer: true }],
    ['many', 'A', '10.1.2.2', { SetIdentifier: '2', MultiValueAnswer: true }],
  );
  await world.zone('corp.example.com.', OTHER_VPC, ['www', 'A', '10.2.0.1']);
  await world.zone('b.corp.example.com.', VPC, ['www', 'A', '10.3.0.1']);
  await world.zone('example.com.', undefined, ['www', 'A', '192.0.2.1'], ['www.corp', 'A', '192.0.2.2']);
  await world.zone('example.net.', undefined, ['host', 'A', '192.0.2.3']);
  return { ...world, corp };
}

describe('the resolver of a VPC', () => {
  it.each([
    ['a private zone’s set', 'www.corp.example.com', 'A', 'NOERROR', ['A 10.1.0.1', 'A 10.1.0.2']],
    ['the longest private zone', 'www.b.corp.example.com', 'A', 'NOERROR', ['A 10.3.0.1']],
    ['letter case', 'WwW.corp.EXAMPLE.com', 'A', 'NOERROR', ['A 10.1.0.1', 'A 10.1.0.2']],
    ['a dot inside a label', String.raw`a\.b.corp.example.com`, 'A', 'NOERROR', ['A 10.1.0.7']],
    [
      'a CNAME and its target',
      'alias.corp.example.com',
      'A',
      'NOERROR',
      ['CNAME www.corp.example.com.', 'A 10.1.0.1', 'A 10.1.0.2'],
    ],
    ['a CNAME itself', 'alias.corp.example.com', 'CNAME', 'NOERROR', ['CNAME www.corp.example.com.']],
    ['a CNAME into a public zone', 'far.corp.example.com', 'A', 'NOERROR', ['CNAME host.example.net.', 'A 192.0.2.3']],
    ['a CNAME to a name that is not held', 'lost.corp.example.com', 'A', 'SERVFAIL', ['CNAME nowhere.example.org.']],
    ['a CNAME to no name', 'dead.corp.example.com', 'A', 'NXDOMAIN', ['CNAME no.corp.example.com.']],
    ['a wildcard', 'x.y.wild.corp.example.com', 'TXT', 'NOERROR', ['TXT "any"']],
    ['a wildcard without the type', 'x.wild.corp.example.com', 'A', 'NOERROR', []],
    ['a name between names, not a wildcard', 'ent.wild.corp.example.com', 'TXT', 'NOERROR', []],
    ['no wildcard below a name that exists', 'x.ent.wild.corp.example.com', 'TXT', 'NXDOMAIN', []],
    ['no such type', 'www.corp.example.com', 'AAAA', 'NOERROR', []],
    ['no such name, though a public zone has it', 'nothing.corp.example.com', 'A', 'NXDOMAIN', []],
    ['below an NS set of a private zone', 'x.sub.corp.example.com', 'A', 'NXDOMAIN', []],
    ['an alias to what is not held', 'over.corp.example.com', 'A', 'SERVFAIL', []],
    ['a weighted set', 'heavy.corp.example.com', 'A', 'NOERROR', ['A 10.1.1.2']],
    ['a multivalue answer', 'many.corp.example.com', 'A', 'NOERROR', ['A 10.1.2.1', 'A 10.1.2.2']],
    ['a public zone', 'www.example.com', 'A', 'NOERROR', ['A 192.0.2.1']],
    ['the rest of the world', 'www.example.org', 'A', 'SERVFAIL', []],
    ['a zone transfer', 'corp.example.com', 'AXFR', 'REFUSED', []],
    ['every type at once', 'www.corp.example.com', 'ANY', 'NOTIMP', []],
  ])('answers %s', async (_what, name, type, rcode, answers) => {
    const { open } = await createCorp();

    expect(await askOverTcp(await open({ vpcId: VPC }), name, type)).toMatchObject({ rcode, answers });
  });

  it('gives up on CNAMEs in a circle', async () => {
    const { open } = await createCorp();
    const answer = await askOverTcp(await open({ vpcId: VPC }), 'loop.corp.example.com', 'A');

    expect(answer.rcode).toBe('SERVFAIL');
    expect(answer.answers.length).toBeLessThan(20);
  });

  it.each([
    ['another VPC', OTHER_VPC, ['A 10.2.0.1']],
    ['a VPC without private zones', 'vpc-0c33dd44ee55ff66a', ['A 192.0.2.2']],
  ])('answers %s from its own zones', async (_what, vpcId, answers) => {
    const { open } = await createCorp();

    expect((await askOverTcp(await open({ vpcId }), 'www.corp.example.com', 'A')).answers).toEqual(answers);
  });

  it('answers the SOA, and a negative one with the SOA for as long as its minimum', async () => {
    const { open } = await createCorp();
    const port = await open({ vpcId: VPC });

    const soa = await querySoa({ zone: 'corp.example.com', host: '127.0.0.1', port });
    const negative = await askOverTcp(port, 'nothing.corp.example.com', 'A');

    expect(soa).toMatchObject({ serial: 5, minimum: 60 });
    expect(negative.authority).toEqual([
      expect.stringMatching(/^60 SOA ns-0\.awsdns-00\.com\. .* 5 7200 900 1209600 60$/),
    ]);
    expect([negative.recursion, negative.authoritative]).toEqual([true, false]);
  });

  it('sees a change at the next question', async () => {
    const { open, zone } = await createCorp();
    const port = await open({ vpcId: VPC });
    const before = await askOverTcp(port, 'www.new.example', 'A');
    await zone('new.example.', VPC, ['www', 'A', '10.7.0.1']);

    expect(before.rcode).toBe('SERVFAIL');
    expect((await askOverTcp(port, 'www.new.example', 'A')).answers).toEqual(['A 10.7.0.1']);
  });

  it('needs enableDnsHostnames for private zones, and enableDnsSupport to be there at all', async () => {
    const { host, open } = await createCorp();
    const place = { account: '111122223333', region: 'eu-west-1' };
    const set = (dns: object) => host.change((data, now) => putNetwork({ vpc: { id: VPC, ...dns } }, place, data, now));
    const port = await open({ vpcId: VPC });

    set({ dnsHostnames: false });
    const publicly = await askOverTcp(port, 'www.corp.example.com', 'A');
    set({ dnsSupport: false });

    expect(publicly.answers).toEqual(['A 192.0.2.2']);
    await expect(querySoa({ zone: 'corp.example.com', host: '127.0.0.1', port })).rejects.toBeInstanceOf(TransferError);
  });

  it('follows delegations between public zones, and no others', async () => {
    const { zone, change, open } = await createWorld();
    const child = await zone('lent.example.com.', undefined, ['www', 'A', '192.0.2.9']);
    await zone('hidden.example.com.', undefined, ['www', 'A', '192.0.2.8']);
    const parent = await zone('example.com.', undefined, ['gone', 'NS', 'ns.example.org.']);
    const port = await open({ vpcId: VPC });
    const before = await askOverTcp(port, 'www.lent.example.com', 'A');

    await change(parent, ['lent.example.com.', 'NS', ...child.servers]);

    expect(before.rcode).toBe('NXDOMAIN');
    expect((await askOverTcp(port, 'www.lent.example.com', 'A')).answers).toEqual(['A 192.0.2.9']);
    expect((await askOverTcp(port, 'www.hidden.example.com', 'A')).rcode).toBe('NXDOMAIN');
    expect((await askOverTcp(port, 'www.gone.example.com', 'A')).rcode).toBe('SERVFAIL');
  });
});

async function createPublic() {
  const world = await createWorld();
  const made = await world.zone(
    'example.com.',
    undefined,
    ['www', 'A', '192.0.2.1'],
    ['alias', 'CNAME', 'www.example.com.'],
    ['far', 'CNAME', 'host.example.net.'],
    ['lent', 'NS', 'ns1.lent.example.com.', 'ns.example.org.'],
    ['ns1.lent', 'A', '192.0.2.53'],
    ['lent', 'DS', `1 8 2 ${'AB'.repeat(32)}`],
    ['below', 'CNAME', 'x.lent.example.com.'],
  );
  const AliasTarget = { HostedZoneId: made.Id, DNSName: 'www.example.com.', EvaluateTargetHealth: false };
  await world.change(made, ['over.example.com.', 'A', { AliasTarget }]);
  await world.zone('example.net.', undefined, ['host', 'A', '192.0.2.3']);
  return { ...made, port: await world.open({ zoneId: made.Id }) };
}

const REFERRAL = ['300 NS ns.example.org.', '300 NS ns1.lent.example.com.'];

describe('the name servers of a public zone', () => {
  it.each([
    ['a set', 'www.example.com', 'A', 'NOERROR', true, ['A 192.0.2.1'], 0],
    ['an alias as its target', 'over.example.com', 'A', 'NOERROR', true, ['A 192.0.2.1'], 0],
    ['a CNAME and its target', 'alias.example.com', 'A', 'NOERROR', true, ['CNAME www.example.com.', 'A 192.0.2.1'], 0],
    ['a CNAME out of the zone, alone', 'far.example.com', 'A', 'NOERROR', true, ['CNAME host.example.net.'], 0],
    ['no such name', 'no.example.com', 'A', 'NXDOMAIN', true, [], 1],
    ['no such type', 'www.example.com', 'TXT', 'NOERROR', true, [], 1],
    ['a name below a delegation', 'x.lent.example.com', 'A', 'NOERROR', false, [], 2],
    ['the delegation', 'lent.example.com', 'NS', 'NOERROR', false, [], 2],
    ['a CNAME below a delegation', 'below.example.com', 'A', 'NOERROR', true, ['CNAME x.lent.example.com.'], 2],
    ['another zone', 'host.example.net', 'A', 'REFUSED', false, [], 0],
  ])('answer %s', async (_what, name, type, rcode, authoritative, answers, authority) => {
    const { port } = await createPublic();

    const answer = await askOverTcp(port, name, type);

    expect(answer).toMatchObject({ rcode, authoritative, answers, recursion: false });
    expect(answer.authority).toHaveLength(authority);
  });

  it('refer to a delegation’s servers, and answer its DS themselves', async () => {
    const { port } = await createPublic();

    expect((await askOverTcp(port, 'x.lent.example.com', 'A')).authority.toSorted()).toEqual(REFERRAL);
    expect((await askOverTcp(port, 'lent.example.com', 'DS')).answers).toHaveLength(1);
  });

  it('answer their own names and the SOA', async () => {
    const { port, servers } = await createPublic();
    const soa = await querySoa({ zone: 'example.com', host: '127.0.0.1', port });
    const { answers } = await askOverTcp(port, 'example.com', 'NS');

    expect(soa.serial).toBe(1);
    expect(answers.toSorted()).toEqual(servers.map((server) => `NS ${server}`).toSorted());
  });

  it('answer nothing when the zone is gone', async () => {
    const { open } = await createWorld();
    const port = await open({ zoneId: 'Z1' });

    await expect(askOverTcp(port, 'example.com', 'SOA')).rejects.toThrow(/without an answer/);
  });
});

describeWith('bind', 'dig', () => {
  it('reads what the resolver of a VPC answers', async () => {
    const { open } = await createCorp();
    const port = await open({ vpcId: VPC });

    expect(await digAt(port, '+tcp', '+noall', '+answer', 'alias.corp.example.com', 'A')).toMatch(
      /^alias\.corp\.example\.com\.\s+300\s+IN\s+CNAME\s+www\.corp\.example\.com\.\nwww\S+\s+300\s+IN\s+A\s+10\.1\.0\.1\n/,
    );
    expect(await digAt(port, '+tcp', '+comments', 'nothing.corp.example.com', 'A')).toMatch(
      /status: NXDOMAIN.*\n.*flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 1/,
    );
  });

  it('reads a referral with its glue', async () => {
    const { port } = await createPublic();
    const text = await digAt(port, '+tcp', '+comments', '+norecurse', 'x.lent.example.com', 'A');

    expect(text).toMatch(/flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 2, ADDITIONAL: 1/);
    expect(text).toMatch(/ns1\.lent\.example\.com\.\s+300\s+IN\s+A\s+192\.0\.2\.53/);
  });
});
