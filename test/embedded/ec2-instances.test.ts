import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSpotInstanceRequestsCommand,
  DescribeTagsCommand,
  EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
  paginateDescribeInstances,
} from '@aws-sdk/client-ec2';
import type { DescribeInstancesRequest } from '@aws-sdk/client-ec2';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { EmbeddedError } from '../../src/embedded/index.ts';
import type { Instance } from '../../src/embedded/index.ts';
import { DAY, NOW, REGION, createEmbeddedInstances } from '../support/embedded-instances.ts';
import { errorOf } from '../support/embedded-zone.ts';

const WHERE = { region: REGION };
const A = 'i-0a11bb22cc33dd44e';
const B = 'i-0b22cc33dd44ee55f';
const C = 'i-0c33dd44ee55ff66a';
const TAG = 'EntScheduler';

const NETWORK = {
  vpc: { id: 'vpc-0a' },
  subnets: [
    { id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'eu-west-1a' },
    { id: 'subnet-0b', cidr: '10.0.2.0/24', zone: 'eu-west-1b' },
  ],
};

describe('an instance written beside the API', () => {
  it('is shown with what was said of it, and what follows', async () => {
    const { account, put, one } = createEmbeddedInstances();
    account.putNetwork(NETWORK, WHERE);
    put({ id: A, tags: { Name: 'a', [TAG]: 'office' }, subnet: 'subnet-0b', hibernation: true });

    expect(await one(A)).toMatchObject({
      InstanceId: A,
      InstanceType: 'm5.large',
      Architecture: 'x86_64',
      State: { Code: 16, Name: 'running' },
      StateTransitionReason: '',
      LaunchTime: new Date(NOW - DAY),
      HibernationOptions: { Configured: true },
      Placement: { AvailabilityZone: 'eu-west-1b', Tenancy: 'default' },
      RootDeviceType: 'ebs',
      SubnetId: 'subnet-0b',
      VpcId: 'vpc-0a',
      PrivateIpAddress: '10.0.2.4',
      PrivateDnsName: 'ip-10-0-2-4.eu-west-1.compute.internal',
      NetworkInterfaces: [{ Status: 'in-use', PrivateIpAddress: '10.0.2.4' }],
      SecurityGroups: [{ GroupName: 'default' }],
      Tags: [
        { Key: TAG, Value: 'office' },
        { Key: 'Name', Value: 'a' },
      ],
    });
    expect(await one(A)).not.toHaveProperty('InstanceLifecycle');
    expect(await one(A)).not.toHaveProperty('StateReason');
  });

  it.each<[NonNullable<Instance['state']>, number, string, string | undefined]>([
    ['pending', 0, '', 'pending'],
    ['running', 16, '', undefined],
    ['shutting-down', 32, 'User initiated (2026-11-23 10:41:00 GMT)', 'Client.UserInitiatedShutdown'],
    ['terminated', 48, 'User initiated (2026-11-23 10:41:00 GMT)', 'Client.UserInitiatedShutdown'],
    ['stopping', 64, 'User initiated (2026-11-23 10:41:00 GMT)', 'Client.UserInitiatedShutdown'],
    ['stopped', 80, 'User initiated (2026-11-22 10:41:00 GMT)', 'Client.UserInitiatedShutdown'],
  ])('may be %s', async (Name, Code, reason, code) => {
    const { put, one } = createEmbeddedInstances();
    const shown = await one(put({ state: Name }));

    expect(shown?.State).toEqual({ Code, Name });
    expect(shown?.StateTransitionReason).toBe(reason);
    expect(shown?.StateReason?.Code).toBe(code);
  });

  it('is told to have been launched in a whole second', async () => {
    const { put, one } = createEmbeddedInstances();

    expect((await one(put({ launched: NOW + 999 })))?.LaunchTime).toEqual(new Date(NOW));
  });

  it('may be spot, on instance store, and a member of a group', async () => {
    const { put, one } = createEmbeddedInstances();
    const id = put({ type: 't4g.nano', lifecycle: 'spot', rootDevice: 'instance-store', autoScalingGroup: 'web' });
    const shown = await one(id);

    expect(shown).toMatchObject({
      InstanceLifecycle: 'spot',
      RootDeviceType: 'instance-store',
      Architecture: 'arm64',
      BlockDeviceMappings: [],
      Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }],
    });
    expect(shown?.SpotInstanceRequestId).toMatch(/^sir-/);
  });

  it('is overwritten under its id: tags, network and all', async () => {
    const { account, client, put, one, list } = createEmbeddedInstances();
    account.putNetwork(NETWORK, WHERE);
    put({ id: A, subnet: 'subnet-0b' });
    put({ id: A, subnet: 'subnet-0a', tags: { old: '' }, autoScalingGroup: 'web' });
    put({ id: A, subnet: 'subnet-0b', tags: { new: '' } });

    expect(await list()).toHaveLength(1);
    expect(await one(A)).toMatchObject({
      SubnetId: 'subnet-0b',
      PrivateIpAddress: '10.0.2.4',
      Tags: [{ Key: 'new', Value: '' }],
    });
    const { NetworkInterfaces: held } = await client.send(new DescribeNetworkInterfacesCommand({}));
    expect(held).toMatchObject([{ Status: 'in-use', SubnetId: 'subnet-0b', Attachment: { InstanceId: A } }]);
  });

  it.each<[string, Partial<Instance>]>([
    ['a type that is none', { type: 'large' }],
    ['a state that is none', { state: 'off' as 'stopped' }],
    ['a moment that is none', { launched: Number.NaN }],
    ['a zone of another region', { zone: 'us-east-1a' }],
    ['a zone that is not the subnet\u2019s', { subnet: 'subnet-0a', zone: 'eu-west-1b' }],
  ])('is refused with %s, and so are those beside it', async (_what, about) => {
    const { account, list } = createEmbeddedInstances();
    account.putNetwork(NETWORK, WHERE);

    expect(() => account.putInstances([{ type: 'm5.large' }, { type: 'm5.large', ...about }], WHERE)).toThrow(
      EmbeddedError,
    );
    expect(await list()).toEqual([]);
  });
});

describe('DescribeInstances', () => {
  function three() {
    const bench = createEmbeddedInstances();
    bench.account.putNetwork(NETWORK, WHERE);
    bench.put({ id: A, subnet: 'subnet-0a', tags: { [TAG]: 'office', Name: 'app-1' } });
    bench.put({
      id: B,
      type: 't3.micro',
      state: 'stopped',
      tags: { [TAG]: '', 'with blanks': 'x*y' },
      zone: 'eu-west-1b',
    });
    bench.put({ id: C, type: 't3.small', lifecycle: 'spot', rootDevice: 'instance-store', zone: 'eu-west-1c' });
    return bench;
  }

  it.each<[string, string[], string[]]>([
    ['tag-key', [TAG], [A, B]],
    ['tag-key', ['Ent*'], [A, B]],
    ['tag-key', ['entscheduler'], []],
    ['tag-key', ['with blanks'], [B]],
    [`tag:${TAG}`, ['office'], [A]],
    [`tag:${TAG}`, [''], [B]],
    [`tag:${TAG}`, ['*'], [A, B]],
    ['tag:Name', ['app-?'], [A]],
    ['tag:with blanks', [String.raw`x\*y`], [B]],
    ['tag-value', ['office', 'x*'], [A, B]],
    ['instance-state-name', ['running'], [A, C]],
    ['instance-state-name', ['stopped', 'stopping'], [B]],
    ['instance-state-code', ['80'], [B]],
    ['instance-id', [A, 'i-0ffffffffffffffff'], [A]],
    ['instance-type', ['t3.*'], [B, C]],
    ['instance-lifecycle', ['spot'], [C]],
    ['root-device-type', ['ebs'], [A, B]],
    ['vpc-id', ['vpc-0a'], [A]],
    ['subnet-id', ['subnet-0a'], [A]],
    ['availability-zone', ['eu-west-1b', 'eu-west-1c'], [B, C]],
    ['launch-time', ['2026-11-22T*'], [A, B, C]],
    ['reason', ['User initiated*'], [B]],
    ['hibernation-options.configured', ['true'], []],
  ])('finds by %s %j', async (Name, Values, ids) => {
    const { list } = three();

    const found = await list({ Filters: [{ Name, Values }] });

    expect(found.map(({ InstanceId }) => InstanceId)).toEqual(ids);
  });

  it('needs every filter to match', async () => {
    const { list } = three();
    const Filters = [
      { Name: 'tag-key', Values: [TAG] },
      { Name: 'instance-state-name', Values: ['stopped'] },
    ];

    expect((await list({ Filters })).map(({ InstanceId }) => InstanceId)).toEqual([B]);
  });

  it.each<[string, DescribeInstancesRequest, string]>([
    ['a filter that there is not', { Filters: [{ Name: 'colour', Values: ['x'] }] }, 'InvalidParameterValue'],
    ['pages of less than 5', { MaxResults: 4 }, 'InvalidParameterValue'],
    ['pages of more than 1000', { MaxResults: 1001 }, 'InvalidParameterValue'],
    ['pages of named instances', { MaxResults: 5, InstanceIds: [A] }, 'InvalidParameterCombination'],
    ['a token that nobody gave out', { NextToken: 'x' }, 'InvalidNextToken'],
    ['an id that nobody has', { InstanceIds: [A, 'i-0ffffffffffffffff'] }, 'InvalidInstanceID.NotFound'],
    ['an id that is none', { InstanceIds: ['i-0ffffffffffffffff', 'vm-1'] }, 'InvalidInstanceID.Malformed'],
  ])('refuses %s', async (_what, input, code) => {
    const { client } = three();

    expect((await errorOf(client.send(new DescribeInstancesCommand(input)))).name).toBe(code);
  });

  it('names every id that nobody has', async () => {
    const { client } = three();
    const one = await errorOf(client.send(new DescribeInstancesCommand({ InstanceIds: ['i-0f'] })));
    const two = await errorOf(client.send(new DescribeInstancesCommand({ InstanceIds: ['i-0f', A, 'i-0e'] })));

    expect(one.message).toBe("The instance ID 'i-0f' does not exist");
    expect(two.message).toBe("The instance IDs 'i-0f, i-0e' do not exist");
  });

  it('gives each instance once, in pages', async () => {
    const { account, client } = createEmbeddedInstances();
    const ids = account.putInstances(
      Array.from({ length: 23 }, () => ({ type: 'm5.large' })),
      WHERE,
    );
    const sizes: number[] = [];
    const found: string[] = [];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: 10 }, {})) {
      const page = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
      sizes.push(page.length);
      found.push(...page);
    }

    expect(sizes).toEqual([10, 10, 3]);
    expect(new Set(found)).toEqual(new Set(ids));
  });

  it('shows each account and region its own', async () => {
    const { account } = createEmbeddedInstances();
    const places = ['111122223333', '444455556666', '777788889999'].flatMap((id) =>
      ['eu-west-1', 'eu-west-2', 'us-east-1', 'ap-southeast-2'].map((region) => ({ account: id, region })),
    );
    for (const place of places) {
      const about = { type: 'm5.large', tags: { [TAG]: place.account } };
      account.putInstances(
        Array.from({ length: 100 }, () => about),
        place,
      );
    }

    for (const place of places) {
      const client = account.client(EC2Client, place);
      const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
      expect(Reservations).toHaveLength(100);
      expect(new Set(Reservations.map(({ OwnerId }) => OwnerId))).toEqual(new Set([place.account]));
      expect(
        new Set(Reservations.map(({ Instances }) => Instances![0]!.Placement!.AvailabilityZone!.slice(0, -1))),
      ).toEqual(new Set([place.region]));
    }
    const [foreign] = account.putInstances([{ type: 'm5.large' }], places[0]);
    const other = account.client(EC2Client, places[4]!);
    expect((await errorOf(other.send(new TerminateInstancesCommand({ InstanceIds: [foreign!] })))).name).toBe(
      'InvalidInstanceID.NotFound',
    );
  });
});

describe('DescribeSpotInstanceRequests', () => {
  it('tells what kind of request an instance came from, and what became of it', async () => {
    const { client, put, one } = createEmbeddedInstances();
    put({ id: A, lifecycle: 'spot' });
    put({ id: B, lifecycle: 'spot', spotRequest: 'persistent' });
    put({ id: C });
    const list = async (Filters?: { Name: string; Values: string[] }[]) => {
      const answer = await client.send(new DescribeSpotInstanceRequestsCommand({ Filters }));
      return answer.SpotInstanceRequests!.map(({ InstanceId, Type, State, Status }) => [
        InstanceId,
        Type,
        State,
        Status!.Code,
      ]);
    };

    expect(await list()).toEqual([
      [A, 'one-time', 'active', 'fulfilled'],
      [B, 'persistent', 'active', 'fulfilled'],
    ]);
    await client.send(new StopInstancesCommand({ InstanceIds: [B] }));
    await client.send(new TerminateInstancesCommand({ InstanceIds: [A] }));
    expect(await list([{ Name: 'type', Values: ['persistent'] }])).toEqual([
      [B, 'persistent', 'disabled', 'instance-stopped-by-user'],
    ]);
    expect(await list([{ Name: 'instance-id', Values: [A] }])).toEqual([
      [A, 'one-time', 'closed', 'instance-terminated-by-user'],
    ]);

    const id = (await one(B))!.SpotInstanceRequestId!;
    const named = (ids: string[]) =>
      client.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids }));
    expect((await named([id])).SpotInstanceRequests).toMatchObject([{ InstanceId: B }]);
    expect((await errorOf(named([id, 'sir-0f']))).name).toBe('InvalidSpotInstanceRequestID.NotFound');
  });
});

describe('tags of an instance', () => {
  it('are written, listed and taken away, and stand in the tagging API', async () => {
    const { account, client, put, one } = createEmbeddedInstances();
    const id = put({ tags: { team: 'data' } });
    const tagging = account.client(ResourceGroupsTaggingAPIClient, WHERE);
    const listed = async () => {
      const answer = await tagging.send(new GetResourcesCommand({ ResourceTypeFilters: ['ec2:instance'] }));
      return answer.ResourceTagMappingList;
    };

    await client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: TAG, Value: 'office' }] }));

    expect(await listed()).toEqual([
      {
        ResourceARN: `arn:aws:ec2:${REGION}:111122223333:instance/${id}`,
        Tags: [
          { Key: TAG, Value: 'office' },
          { Key: 'team', Value: 'data' },
        ],
      },
    ]);
    const { Tags: described } = await client.send(new DescribeTagsCommand({}));
    expect(described).toContainEqual({ Key: TAG, Value: 'office', ResourceId: id, ResourceType: 'instance' });

    await client.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: TAG }] }));

    expect((await one(id))?.Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it('of AWS itself are nobody else\u2019s', async () => {
    const { client, put, one } = createEmbeddedInstances();
    const Resources = [put({ tags: { team: 'data' }, autoScalingGroup: 'web' })];
    const Tags = [{ Key: 'aws:autoscaling:groupName', Value: 'mine' }];

    for (const call of [
      client.send(new CreateTagsCommand({ Resources, Tags })),
      client.send(new DeleteTagsCommand({ Resources, Tags: [{ Key: 'aws:autoscaling:groupName' }] })),
    ]) {
      expect((await errorOf(call)).name).toBe('InvalidParameterValue');
    }
    await client.send(new DeleteTagsCommand({ Resources }));

    expect((await one(Resources[0]!))?.Tags).toEqual([{ Key: 'aws:autoscaling:groupName', Value: 'web' }]);
  });

  it('of AWS itself do not count among the 50', async () => {
    const { client, put, one } = createEmbeddedInstances();
    const id = put({ autoScalingGroup: 'web' });
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));

    await client.send(new CreateTagsCommand({ Resources: [id], Tags }));

    expect((await one(id))?.Tags).toHaveLength(51);
    const call = client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'more', Value: '' }] }));
    expect((await errorOf(call)).name).toBe('TagLimitExceeded');
  });

  it('go when the instance can be seen no more', async () => {
    const { account, client, put, one } = createEmbeddedInstances();
    const id = put({ state: 'stopped', tags: { team: 'data' } });
    await client.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const tags = async () => (await client.send(new DescribeTagsCommand({}))).Tags;

    account.elapse(3_599_000);
    expect(await one(id)).toMatchObject({ State: { Name: 'terminated' }, Tags: [{ Key: 'team' }] });
    expect(await tags()).toHaveLength(1);
    account.elapse(1000);

    expect(await one(id)).toBeUndefined();
    expect(await tags()).toEqual([]);
    const call = client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: '' }] }));
    expect((await errorOf(call)).name).toBe('InvalidInstanceID.NotFound');
  });
});
