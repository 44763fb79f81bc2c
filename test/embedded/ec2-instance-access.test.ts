import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { administrator } from '../../src/embedded/caller.ts';
import { ec2 } from '../../src/embedded/ec2/service.ts';
import type { CallContext } from '../../src/embedded/service.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';
import { ACCOUNT, REGION, allow, createIamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const ARN = `arn:aws:ec2:eu-west-1:${ACCOUNT}`;
const INSTANCES = `${ARN}:instance/*`;
const TAGGED = 'i-0a11bb22cc33dd44e';
const PLAIN = 'i-0b22cc33dd44ee55f';
const EMPTY = 'i-0c33dd44ee55ff66a';
const GROUP = 'i-0d44ee55ff66aa77b';
const TAG = 'EntScheduler';

/** Four instances, and a session of a role with these statements. */
async function actAs(...statements: readonly object[]) {
  const bench = createIamBench();
  const type = 'm5.large';
  bench.account.putNetwork({ vpc: { id: 'vpc-0a' }, subnets: [{ id: 'subnet-0a', cidr: '10.0.1.0/24' }] }, REGION);
  bench.account.putInstances(
    [
      { id: TAGGED, type, tags: { [TAG]: 'office', team: 'data' }, zone: 'eu-west-1a' },
      { id: PLAIN, type, tags: { team: 'web' } },
      { id: EMPTY, type, tags: { [TAG]: '' } },
      { id: GROUP, type: 't3.micro', tags: { [TAG]: 'office' }, autoScalingGroup: 'web' },
    ],
    REGION,
  );
  const arn = await bench.role('scheduler');
  await bench.grant('scheduler', ...statements);
  const actor = await bench.assume(arn);
  return { ...bench, client: actor.client(EC2Client), administrator: bench.account.client(EC2Client, REGION) };
}

const stop = (...InstanceIds: string[]) => new StopInstancesCommand({ InstanceIds });

/** Which of the four may be stopped by itself. */
async function stoppable(client: EC2Client): Promise<string[]> {
  const able: string[] = [];
  for (const id of [TAGGED, PLAIN, EMPTY, GROUP]) {
    const outcome = await client.send(stop(id)).then(
      () => 'allowed',
      ({ name }: Error) => name,
    );
    expect(['allowed', 'UnauthorizedOperation']).toContain(outcome);
    if (outcome === 'allowed') able.push(id);
  }
  return able;
}

describe('stopping is allowed by what the instance is', () => {
  const present = { Null: { [`aws:ResourceTag/${TAG}`]: 'false' } };
  it.each<[string, object, string[]]>([
    ['carries a tag', present, [TAGGED, EMPTY, GROUP]],
    ['carries a tag, by the older key', { Null: { [`ec2:ResourceTag/${TAG}`]: 'false' } }, [TAGGED, EMPTY, GROUP]],
    ['does not carry it', { Null: { [`ec2:ResourceTag/${TAG}`]: 'true' } }, [PLAIN]],
    [
      'carries it and is of no group',
      { Null: { [`aws:ResourceTag/${TAG}`]: 'false', 'aws:ResourceTag/aws:autoscaling:groupName': 'true' } },
      [TAGGED, EMPTY],
    ],
    ['has a value', { StringEquals: { 'aws:ResourceTag/team': ['data', 'ops'] } }, [TAGGED]],
    ['has a value like', { StringLike: { [`ec2:ResourceTag/${TAG}`]: '?*' } }, [TAGGED, GROUP]],
    ['has another value or none', { StringNotEquals: { 'ec2:ResourceTag/team': 'data' } }, [PLAIN, EMPTY, GROUP]],
    ['is of a type', { StringLike: { 'ec2:InstanceType': 't3.*' } }, [GROUP]],
    ['is of another type', { StringNotLike: { 'ec2:InstanceType': 't3.*' } }, [TAGGED, PLAIN, EMPTY]],
    ['stands in a zone', { StringEquals: { 'ec2:AvailabilityZone': 'eu-west-1a' } }, [TAGGED, GROUP]],
    ['stands in a region', { StringEquals: { 'ec2:Region': 'us-east-1' } }, []],
    [
      'is on EBS and on demand',
      { StringEquals: { 'ec2:RootDeviceType': 'ebs', 'ec2:InstanceMarketType': 'on-demand' } },
      [TAGGED, PLAIN, EMPTY, GROUP],
    ],
  ])('where it %s', async (_what, condition, ids) => {
    const { client } = await actAs(allow('ec2:StopInstances', INSTANCES, condition));

    expect(await stoppable(client)).toEqual(ids);
  });

  it('or by its ARN', async () => {
    const { client } = await actAs(allow('ec2:StopInstances', `${ARN}:instance/${PLAIN}`));

    expect(await stoppable(client)).toEqual([PLAIN]);
  });
});

describe('a batch', () => {
  it('with one instance that is not allowed is refused whole, and says which', async () => {
    const present = { Null: { [`aws:ResourceTag/${TAG}`]: 'false' } };
    const { client, administrator: all } = await actAs(allow('ec2:StopInstances', INSTANCES, present));

    const error = await errorOf(client.send(stop(TAGGED, PLAIN)));

    expect(error.name).toBe('UnauthorizedOperation');
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 403 });
    expect(error.message).toContain(
      `not authorized to perform: ec2:StopInstances on resource: ${ARN}:instance/${PLAIN}`,
    );
    const { Reservations = [] } = await all.send(new DescribeInstancesCommand({}));
    expect(new Set(Reservations.map(({ Instances }) => Instances![0]!.State!.Name))).toEqual(new Set(['running']));
    await client.send(stop(TAGGED, EMPTY));
  });

  it('is asked for by each verb of its own', async () => {
    const { client } = await actAs(allow('ec2:StopInstances'));

    for (const call of [
      client.send(new StartInstancesCommand({ InstanceIds: [TAGGED] })),
      client.send(new TerminateInstancesCommand({ InstanceIds: [TAGGED] })),
      client.send(new DescribeInstancesCommand({})),
    ]) {
      expect((await errorOf(call)).name).toBe('UnauthorizedOperation');
    }
  });
});

describe('DescribeInstances', () => {
  it('knows no resources: what is allowed for some is allowed for none', async () => {
    const { client } = await actAs(allow('ec2:DescribeInstances', INSTANCES));

    const error = await errorOf(client.send(new DescribeInstancesCommand({})));

    expect(error.name).toBe('UnauthorizedOperation');
  });
});

describe('tagging', () => {
  const only = { 'ForAllValues:StringEquals': { 'aws:TagKeys': [TAG] } };
  const tag = (id: string, Key: string, Value = 'x') =>
    new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] });
  const untag = (id: string, Key: string) => new DeleteTagsCommand({ Resources: [id], Tags: [{ Key }] });

  it('of an owner may be bound to one key', async () => {
    const { client } = await actAs(allow(['ec2:CreateTags', 'ec2:DeleteTags'], INSTANCES, only));

    await client.send(tag(PLAIN, TAG));
    await client.send(untag(PLAIN, TAG));
    for (const command of [tag(PLAIN, 'team'), untag(PLAIN, 'team')]) {
      expect((await errorOf(client.send(command as CreateTagsCommand))).name).toBe('UnauthorizedOperation');
    }
  });

  it('may be bound to a value, and to instances by the tags that they carry', async () => {
    const condition = { StringEquals: { 'aws:ResourceTag/team': 'web', [`aws:RequestTag/${TAG}`]: 'office' } };
    const { client } = await actAs(allow('ec2:CreateTags', INSTANCES, condition));

    await client.send(tag(PLAIN, TAG, 'office'));
    for (const command of [tag(PLAIN, TAG, 'home'), tag(TAGGED, TAG, 'office')]) {
      expect((await errorOf(client.send(command))).name).toBe('UnauthorizedOperation');
    }
  });
});

describe('RunInstances', () => {
  const run = (rest: object = {}) =>
    new RunInstancesCommand({
      ImageId: 'ami-0a',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId: 'subnet-0a',
      ...rest,
    });
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'team', Value: 'data' }] }];
  const launch = allow('ec2:RunInstances');

  it('asks for everything that an instance is made of', () => {
    const context: CallContext = {
      caller: administrator(ACCOUNT),
      region: 'eu-west-1',
      now: 0,
      data: new Transaction(new Database()),
    };
    const { resource } = ec2.operations['RunInstances']!.access;

    expect(resource?.({ ...run().input, SecurityGroupIds: ['sg-0a'] }, context)).toEqual([
      INSTANCES,
      `${ARN}:network-interface/*`,
      `${ARN}:volume/*`,
      'arn:aws:ec2:eu-west-1::image/ami-0a',
      `${ARN}:subnet/subnet-0a`,
      `${ARN}:security-group/sg-0a`,
    ]);
  });

  it('may be bound to types, which is about the instance alone', async () => {
    const small = allow('ec2:RunInstances', INSTANCES, { StringEquals: { 'ec2:InstanceType': 't3.micro' } });
    const rest = ['network-interface/*', 'volume/*', 'subnet/*'].map((one) =>
      allow('ec2:RunInstances', `${ARN}:${one}`),
    );
    const { client } = await actAs(small, ...rest, allow('ec2:RunInstances', 'arn:aws:ec2:*::image/*'));

    await client.send(run());
    expect((await errorOf(client.send(run({ InstanceType: 'm5.large' })))).name).toBe('UnauthorizedOperation');
  });

  it.each([
    ['the type', { 'ec2:InstanceType': 't3.micro' }],
    ['a tag', { 'aws:RequestTag/team': 'data' }],
  ])('knows %s of the instance alone: nothing else that is launched has it', async (_what, StringEquals) => {
    const { client } = await actAs(allow('ec2:RunInstances', '*', { StringEquals }), allow('ec2:CreateTags'));

    const error = await errorOf(client.send(run({ TagSpecifications })));

    expect(error.message).toContain(`ec2:RunInstances on resource: ${ARN}:network-interface/*`);
  });

  it('with tags needs the permission to tag, which may be for launches only', async () => {
    const onCreate = { StringEquals: { 'ec2:CreateAction': 'RunInstances' } };
    const without = await actAs(launch);
    const { client } = await actAs(launch, allow('ec2:CreateTags', INSTANCES, onCreate));

    const error = await errorOf(without.client.send(run({ TagSpecifications })));

    expect(error.name).toBe('UnauthorizedOperation');
    expect(error.message).toContain('ec2:CreateTags');
    await without.client.send(run());
    await client.send(run({ TagSpecifications }));
    const later = client.send(new CreateTagsCommand({ Resources: [PLAIN], Tags: [{ Key: 'a', Value: '' }] }));
    expect((await errorOf(later)).name).toBe('UnauthorizedOperation');
  });

  it('may demand a tag of the request', async () => {
    const demanding = allow('ec2:RunInstances', INSTANCES, { StringEquals: { 'aws:RequestTag/team': 'data' } });
    const rest = ['network-interface/*', 'volume/*', 'subnet/*'].map((one) =>
      allow('ec2:RunInstances', `${ARN}:${one}`),
    );
    const image = allow('ec2:RunInstances', 'arn:aws:ec2:*::image/*');
    const { client } = await actAs(demanding, ...rest, image, allow('ec2:CreateTags'));

    await client.send(run({ TagSpecifications }));
    expect((await errorOf(client.send(run()))).name).toBe('UnauthorizedOperation');
  });
});

describe('another account', () => {
  const OTHER = '444455556666';

  it('sees its own instances and no others, through a role of it', async () => {
    const bench = createIamBench();
    const [here] = bench.account.putInstances([{ type: 'm5.large' }], REGION);
    const [there] = bench.account.putInstances([{ type: 't3.micro' }], { ...REGION, account: OTHER });
    const actor = await bench.assume(`arn:aws:iam::${OTHER}:role/scheduler`);
    const client = actor.client(EC2Client);

    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));

    expect(Reservations.map(({ OwnerId, Instances }) => [OwnerId, Instances![0]!.InstanceId])).toEqual([
      [OTHER, there],
    ]);
    expect((await errorOf(client.send(stop(here!)))).name).toBe('InvalidInstanceID.NotFound');
    expect((await client.send(stop(there!))).StoppingInstances).toHaveLength(1);
  });
});
