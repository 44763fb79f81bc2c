import {
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { ModifyInstanceAttributeRequest, StopInstancesRequest } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { EmbeddedError, openEmbedded } from '../../src/embedded/index.ts';
import type { Instance } from '../../src/embedded/index.ts';
import { NOW, REGION, createEmbeddedInstances } from '../support/embedded-instances.ts';
import type { EmbeddedInstances } from '../support/embedded-instances.ts';
import { errorOf } from '../support/embedded-zone.ts';

const WHERE = { region: REGION };

const VERBS = {
  start: (ids: readonly string[]) => new StartInstancesCommand({ InstanceIds: [...ids] }),
  stop: (ids: readonly string[], rest: Partial<StopInstancesRequest> = {}) =>
    new StopInstancesCommand({ InstanceIds: [...ids], ...rest }),
  hibernate: (ids: readonly string[]) => new StopInstancesCommand({ InstanceIds: [...ids], Hibernate: true }),
  terminate: (ids: readonly string[]) => new TerminateInstancesCommand({ InstanceIds: [...ids] }),
};
type Verb = keyof typeof VERBS;
type State = NonNullable<Instance['state']>;

/** What a call answered of its first instance: before and now. */
async function change({ client }: EmbeddedInstances, verb: Verb, ...ids: string[]) {
  const answer = await client.send(VERBS[verb](ids));
  const changes = Object.values(answer).find((value) => Array.isArray(value)) as NonNullable<
    typeof answer.StartingInstances
  >;
  return [changes[0]!.PreviousState!.Name, changes[0]!.CurrentState!.Name];
}

describe('a change takes its time', () => {
  it.each<[Verb, State, string, number, string]>([
    ['start', 'stopped', 'pending', 15, 'running'],
    ['stop', 'running', 'stopping', 40, 'stopped'],
    ['hibernate', 'running', 'stopping', 75, 'stopped'],
    ['terminate', 'running', 'shutting-down', 30, 'terminated'],
  ])('%s: from %s through %s in %i s to %s', async (verb, state, between, seconds, after) => {
    const bench = createEmbeddedInstances();
    const id = bench.put({ state, hibernation: true });

    expect(await change(bench, verb, id)).toEqual([state, between]);
    bench.account.elapse(seconds * 1000 - 1);
    expect(await bench.state(id)).toBe(between);
    bench.account.elapse(1);
    expect(await bench.state(id)).toBe(after);
  });

  it.each(['advance', 'elapse', 'the clock'])('which passes by %s', async (by) => {
    let now = NOW;
    const account = openEmbedded('memory', { now: () => now });
    const bench = createEmbeddedInstances(account);
    const id = bench.put();
    await change(bench, 'stop', id);

    if (by === 'advance') await account.advance(60_000);
    else if (by === 'elapse') account.elapse(60_000);
    else now += 60_000;

    expect(await bench.state(id)).toBe('stopped');
  });

  it('and is told with its moment; a start is a new launch', async () => {
    const bench = createEmbeddedInstances();
    const id = bench.put({ hibernation: true });
    await change(bench, 'hibernate', id);
    bench.account.elapse(600_000);

    expect(await bench.one(id)).toMatchObject({
      StateTransitionReason: 'User initiated (2026-11-23 10:41:00 GMT)',
      StateReason: { Code: 'Client.UserInitiatedHibernate' },
      LaunchTime: new Date(NOW - 86_400_000),
    });
    await change(bench, 'start', id);
    expect(await bench.one(id)).toMatchObject({ StateTransitionReason: '', StateReason: { Code: 'pending' } });
    bench.account.elapse(60_000);
    const running = await bench.one(id);
    expect(running).toMatchObject({ StateTransitionReason: '', LaunchTime: new Date(NOW + 600_000) });
    expect(running).not.toHaveProperty('StateReason');
  });

  it('less of it by force', async () => {
    const bench = createEmbeddedInstances();
    const id = bench.put();
    await bench.client.send(VERBS.stop([id], { Force: true }));
    bench.account.elapse(10_000);

    expect(await bench.state(id)).toBe('stopped');
  });

  it('none at all from stopped to terminated, and the network is free', async () => {
    const bench = createEmbeddedInstances();
    bench.account.putNetwork({ vpc: { id: 'vpc-0a' }, subnets: [{ id: 'subnet-0a', cidr: '10.0.1.0/24' }] }, WHERE);
    const id = bench.put({ state: 'stopped', subnet: 'subnet-0a' });

    expect(await change(bench, 'terminate', id)).toEqual(['stopped', 'terminated']);
    expect(await bench.one(id)).not.toHaveProperty('SubnetId');
    const { NetworkInterfaces: held } = await bench.client.send(new DescribeNetworkInterfacesCommand({}));
    expect(held).toEqual([]);
  });
});

describe('what is there already stays and is listed', () => {
  it.each<[Verb, State]>([
    ['start', 'running'],
    ['start', 'pending'],
    ['stop', 'stopped'],
    ['stop', 'stopping'],
    ['terminate', 'terminated'],
    ['terminate', 'shutting-down'],
  ])('%s of one that is %s', async (verb, state) => {
    const bench = createEmbeddedInstances();
    const id = bench.put({ state });
    const before = await bench.one(id);

    expect(await change(bench, verb, id)).toEqual([state, state]);
    expect(await bench.one(id)).toEqual(before);
  });

  it('each instance once', async () => {
    const bench = createEmbeddedInstances();
    const id = bench.put();

    expect((await bench.client.send(VERBS.stop([id, id]))).StoppingInstances).toHaveLength(1);
  });
});

describe('one instance refuses the whole request, and nothing has changed', () => {
  it.each<[Verb, string, Partial<Instance>, string, RegExp]>([
    [
      'start',
      'stopping',
      { state: 'stopping' },
      'IncorrectInstanceState',
      /not in a state from which it can be started/,
    ],
    [
      'start',
      'terminated',
      { state: 'terminated' },
      'IncorrectInstanceState',
      /not in a state from which it can be started/,
    ],
    [
      'stop',
      'pending for the first time',
      { state: 'pending' },
      'IncorrectInstanceState',
      /never reached the 'running' state/,
    ],
    [
      'stop',
      'shutting down',
      { state: 'shutting-down' },
      'IncorrectInstanceState',
      /not in a state from which it can be stopped/,
    ],
    [
      'stop',
      'protected',
      { stopProtection: true },
      'OperationNotPermitted',
      /may not be stopped. Modify its 'disableApiStop'/,
    ],
    ['terminate', 'protected', { stopProtection: true }, 'OperationNotPermitted', /may not be terminated/],
    [
      'stop',
      'on instance store',
      { rootDevice: 'instance-store' },
      'UnsupportedOperation',
      /'ebs' root device type and cannot be stopped/,
    ],
    [
      'start',
      'on instance store',
      { rootDevice: 'instance-store' },
      'UnsupportedOperation',
      /'ebs' root device type and cannot be started/,
    ],
    [
      'stop',
      'spot and one-time',
      { lifecycle: 'spot' },
      'UnsupportedOperation',
      /associated with a one-time Spot Instance request/,
    ],
    [
      'hibernate',
      'not for hibernation',
      {},
      'UnsupportedHibernationConfiguration',
      /not configured at launch for hibernation/,
    ],
  ])('%s of one that is %s', async (verb, _what, about, code, message) => {
    const bench = createEmbeddedInstances();
    const good = bench.put({ state: verb === 'start' ? 'stopped' : 'running', hibernation: true });
    const bad = bench.put(about);
    const before = await bench.list();

    const error = await errorOf(bench.client.send(VERBS[verb]([good, bad])));

    expect([error.name, error['$fault']]).toEqual([code, 'client']);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(bad);
    expect(await bench.list()).toEqual(before);
  });

  it.each<[Verb, string[], string]>([
    ['start', [], 'InvalidParameterCombination'],
    ['stop', ['i-0ffffffffffffffff'], 'InvalidInstanceID.NotFound'],
    ['terminate', ['i-xyz'], 'InvalidInstanceID.Malformed'],
  ])('%s of %j', async (verb, ids, code) => {
    const { client } = createEmbeddedInstances();

    expect((await errorOf(client.send(VERBS[verb](ids)))).name).toBe(code);
  });

  it('but a persistent spot instance, a member of a group and one that starts again can be stopped', async () => {
    const bench = createEmbeddedInstances();
    const again = bench.put({ state: 'stopped' });
    await change(bench, 'start', again);
    const ids = [
      bench.put({ lifecycle: 'spot', spotRequest: 'persistent' }),
      bench.put({ autoScalingGroup: 'web' }),
      again,
    ];

    await bench.client.send(VERBS.stop(ids));

    for (const id of ids) expect(await bench.state(id)).toBe('stopping');
  });

  it('a dry run ends before', async () => {
    const bench = createEmbeddedInstances();
    const id = bench.put();

    const error = await errorOf(bench.client.send(VERBS.stop([id], { DryRun: true })));

    expect(error.name).toBe('DryRunOperation');
    expect(await bench.state(id)).toBe('running');
  });
});

describe('capacity', () => {
  const zone = 'eu-west-1a';

  it('that AWS has not refuses the batch, and is a fault of the server that is tried again', async () => {
    const bench = createEmbeddedInstances();
    bench.account.putCapacity({ type: 'm5.large', zone, instances: 0 }, WHERE);
    const elsewhere = bench.put({ state: 'stopped', zone: 'eu-west-1b' });
    const smaller = bench.put({ state: 'stopped', zone, type: 't3.micro' });
    const scarce = bench.put({ state: 'stopped', zone });

    const error = await errorOf(bench.client.send(VERBS.start([elsewhere, smaller, scarce])));

    expect([error.name, error['$fault']]).toEqual(['InsufficientInstanceCapacity', 'server']);
    expect(error['$metadata']).toMatchObject({ httpStatusCode: 500, attempts: 3 });
    expect(error.message).toContain('m5.large');
    for (const id of [elsewhere, smaller, scarce]) expect(await bench.state(id)).toBe('stopped');
    await bench.client.send(VERBS.start([elsewhere, smaller]));
    expect(await bench.state(elsewhere)).toBe('pending');
  });

  it('counts what is on in its zone, and comes back with a stop', async () => {
    const bench = createEmbeddedInstances();
    bench.account.putCapacity({ type: 'm5.large', instances: 2 }, WHERE);
    const on = bench.put({ zone });
    bench.put({ zone: 'eu-west-1b' });
    bench.put({ zone, type: 't3.micro' });
    const [first, second] = [bench.put({ zone, state: 'stopped' }), bench.put({ zone, state: 'stopped' })];
    const start = (...ids: string[]) => bench.client.send(VERBS.start(ids));

    expect((await errorOf(start(first, second))).name).toBe('InsufficientInstanceCapacity');
    await start(first);
    expect((await errorOf(start(second))).name).toBe('InsufficientInstanceCapacity');
    await change(bench, 'stop', on);
    bench.account.elapse(39_999);
    expect((await errorOf(start(second))).name).toBe('InsufficientInstanceCapacity');
    bench.account.elapse(1);
    await start(second);
    expect(await bench.state(second)).toBe('pending');
  });

  it('without a number is as much as anybody wants', async () => {
    const bench = createEmbeddedInstances();
    const id = bench.put({ state: 'stopped', zone });
    bench.account.putCapacity({ type: 'm5.large', instances: 0 }, WHERE);
    bench.account.putCapacity({ type: 'm5.large' }, WHERE);

    expect(await change(bench, 'start', id)).toEqual(['stopped', 'pending']);
  });

  it.each([{ zone: 'us-east-1a' }, { instances: -1 }, { instances: 1.5 }])('cannot be %o', (about) => {
    const { account } = createEmbeddedInstances();

    expect(() => account.putCapacity({ type: 'm5.large', ...about }, WHERE)).toThrow(EmbeddedError);
  });
});

describe('stop protection', () => {
  it.each<[string, Partial<ModifyInstanceAttributeRequest>]>([
    ['its field', { DisableApiStop: { Value: false } }],
    ['name and value', { Attribute: 'disableApiStop', Value: 'false' }],
  ])('is taken off by %s', async (_by, how) => {
    const bench = createEmbeddedInstances();
    const InstanceId = bench.put({ stopProtection: true });
    const look = new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiStop' });

    expect(await bench.client.send(look)).toMatchObject({ InstanceId, DisableApiStop: { Value: true } });
    await bench.client.send(new ModifyInstanceAttributeCommand({ InstanceId, ...how }));

    expect(await bench.client.send(look)).toMatchObject({ DisableApiStop: { Value: false } });
    expect(await change(bench, 'stop', InstanceId)).toEqual(['running', 'stopping']);
  });

  it.each<[string, Partial<ModifyInstanceAttributeRequest>, string]>([
    ['nothing', {}, 'MissingParameter'],
    ['both ways', { Attribute: 'disableApiStop', DisableApiStop: { Value: true } }, 'InvalidParameterCombination'],
    ['no truth', { Attribute: 'disableApiStop', Value: 'yes' }, 'InvalidParameterValue'],
    ['something else', { InstanceType: { Value: 't3.nano' } }, 'NotEmbedded'],
    ['an instance that is gone', { InstanceId: 'i-0f', DisableApiStop: { Value: true } }, 'InvalidInstanceID.NotFound'],
  ])('is not set by %s', async (_what, input, code) => {
    const bench = createEmbeddedInstances();
    const InstanceId = bench.put();

    const call = bench.client.send(new ModifyInstanceAttributeCommand({ InstanceId, ...input }));

    expect((await errorOf(call)).name).toBe(code);
  });
});
