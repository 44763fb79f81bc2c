import {
  DeleteNetworkInterfaceCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { NOW, REGION, createEmbeddedInstances } from '../support/embedded-instances.ts';
import { errorOf } from '../support/embedded-zone.ts';

const WHERE = { region: REGION };

function createLaunch() {
  const bench = createEmbeddedInstances();
  const group = { id: 'sg-0a', name: 'narrow' };
  const subnet = { id: 'subnet-0a', cidr: '10.0.1.0/24', zone: 'eu-west-1b' };
  bench.account.putNetwork({ vpc: { id: 'vpc-0a' }, subnets: [subnet], securityGroups: [group] }, WHERE);
  return {
    ...bench,
    run: (input: Partial<RunInstancesRequest> = {}) =>
      bench.client.send(
        new RunInstancesCommand({
          ImageId: 'ami-0a11bb22cc33dd44e',
          InstanceType: 't3.micro',
          MinCount: 1,
          MaxCount: 1,
          SubnetId: subnet.id,
          ...input,
        }),
      ),
  };
}

/** A set, as their order says nothing. */
const idsOf = ({ Instances = [] }: Reservation) => new Set(Instances.map(({ InstanceId }) => InstanceId));

const tagged = (Key: string, Value: string) => [{ ResourceType: 'instance' as const, Tags: [{ Key, Value }] }];

describe('RunInstances', () => {
  it('makes instances of one reservation, which are running soon', async () => {
    const { run, client, account, state } = createLaunch();

    const made = await run({ MinCount: 2, MaxCount: 3, TagSpecifications: tagged('team', 'data') });

    expect(made).toMatchObject({ OwnerId: '111122223333' });
    expect(made.Instances).toMatchObject(
      [0, 1, 2].map((AmiLaunchIndex) => ({
        AmiLaunchIndex,
        ImageId: 'ami-0a11bb22cc33dd44e',
        InstanceType: 't3.micro',
        State: { Code: 0, Name: 'pending' },
        StateReason: { Code: 'pending' },
        LaunchTime: new Date(NOW),
        Placement: { AvailabilityZone: 'eu-west-1b' },
        VpcId: 'vpc-0a',
        Tags: [{ Key: 'team', Value: 'data' }],
      })),
    );
    const addresses = made.Instances!.map(({ PrivateIpAddress }) => PrivateIpAddress);
    expect(addresses).toEqual(['10.0.1.4', '10.0.1.5', '10.0.1.6']);
    await run();
    const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
    expect(new Set(Reservations.map(({ Instances }) => Instances!.length))).toEqual(new Set([1, 3]));
    expect(Reservations).toHaveLength(2);
    account.elapse(15_000);
    expect(await state(made.Instances![1]!.InstanceId!)).toBe('running');
  });

  it('does so once for a client token', async () => {
    const { run, list } = createLaunch();
    const first = await run({ ClientToken: 'once', MaxCount: 2 });
    const again = await run({ ClientToken: 'once', MaxCount: 2 });

    expect(again.ReservationId).toBe(first.ReservationId);
    expect(idsOf(again)).toEqual(idsOf(first));
    expect(await list({ Filters: [{ Name: 'client-token', Values: ['once'] }] })).toHaveLength(2);
    expect((await errorOf(run({ ClientToken: 'once' }))).name).toBe('IdempotentParameterMismatch');
  });

  it('takes options that matter to who switches them', async () => {
    const { run, client, account } = createLaunch();
    const { Instances } = await run({
      HibernationOptions: { Configured: true },
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'persistent' } },
      DisableApiStop: true,
      InstanceInitiatedShutdownBehavior: 'terminate',
      SecurityGroupIds: ['sg-0a'],
    });
    const [instance] = Instances!;
    const InstanceId = instance!.InstanceId!;
    account.elapse(15_000);

    expect(instance).toMatchObject({
      HibernationOptions: { Configured: true },
      InstanceLifecycle: 'spot',
      SecurityGroups: [{ GroupId: 'sg-0a', GroupName: 'narrow' }],
    });
    const stop = client.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    expect((await errorOf(stop)).name).toBe('OperationNotPermitted');
    const behavior = new DescribeInstanceAttributeCommand({
      InstanceId,
      Attribute: 'instanceInitiatedShutdownBehavior',
    });
    expect(await client.send(behavior)).toMatchObject({ InstanceInitiatedShutdownBehavior: { Value: 'terminate' } });
  });

  it('makes what cannot be stopped before it runs', async () => {
    const { run, client, account } = createLaunch();
    const { Instances } = await run();
    const stop = () => client.send(new StopInstancesCommand({ InstanceIds: [Instances![0]!.InstanceId!] }));

    account.elapse(14_999);
    expect((await errorOf(stop())).name).toBe('IncorrectInstanceState');
    account.elapse(1);
    expect((await stop()).StoppingInstances).toMatchObject([{ CurrentState: { Name: 'stopping' } }]);
  });

  it('makes as many as there is room for, from the least on', async () => {
    const { run, account } = createLaunch();
    account.putCapacity({ type: 't3.micro', zone: 'eu-west-1b', instances: 3 }, WHERE);

    expect((await run({ MinCount: 1, MaxCount: 2 })).Instances).toHaveLength(2);
    expect((await errorOf(run({ MinCount: 2, MaxCount: 2 }))).name).toBe('InsufficientInstanceCapacity');
    expect((await run({ MinCount: 1, MaxCount: 9 })).Instances).toHaveLength(1);
  });

  it.each<[string, Partial<RunInstancesRequest>, string]>([
    ['no image', { ImageId: undefined }, 'MissingParameter'],
    ['an image that is none', { ImageId: 'debian' }, 'InvalidAMIID.Malformed'],
    ['a type that is none', { InstanceType: 'large' as 't3.micro' }, 'InvalidParameterValue'],
    ['no instances', { MinCount: 0 }, 'InvalidParameterValue'],
    ['less than the least', { MinCount: 2 }, 'InvalidParameterCombination'],
    ['no subnet, as there is no default VPC', { SubnetId: undefined }, 'VPCIdNotSpecified'],
    ['a subnet that nobody has', { SubnetId: 'subnet-0f' }, 'InvalidSubnetID.NotFound'],
    ['more than the subnet holds', { MinCount: 252, MaxCount: 252 }, 'InsufficientFreeAddressesInSubnet'],
    ['a tag of AWS itself', { TagSpecifications: tagged('aws:autoscaling:groupName', 'web') }, 'InvalidParameterValue'],
    [
      'a one-time request that is to stop',
      { InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { InstanceInterruptionBehavior: 'stop' } } },
      'InvalidParameterCombination',
    ],
    ['what nobody looks at', { UserData: 'IyEvYmluL3No' }, 'NotEmbedded'],
    [
      'tags of a volume',
      { TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'a', Value: '' }] }] },
      'NotEmbedded',
    ],
    ['a dry run', { DryRun: true }, 'DryRunOperation'],
  ])('refuses %s, and nothing is made', async (_what, input, code) => {
    const { run, list } = createLaunch();

    expect((await errorOf(run(input))).name).toBe(code);
    expect(await list()).toEqual([]);
  });

  it('holds the network interface', async () => {
    const { run, client } = createLaunch();
    const { Instances } = await run();
    const NetworkInterfaceId = Instances![0]!.NetworkInterfaces![0]!.NetworkInterfaceId!;

    const call = client.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));

    expect((await errorOf(call)).message).toContain('currently in use');
  });
});
