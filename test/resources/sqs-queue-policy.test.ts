import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueueTagsCommand,
  SQSClient,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createQueuePolicyType } from '../../src/resources/aws-sqs-queue-inline-policy.ts';
import { createQueueType } from '../../src/resources/aws-sqs-queue.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { observeObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/111122223333/corp-dead';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:corp';

const QUEUE: Desired = {
  id: 'Dead',
  type: 'AWS::SQS::Queue',
  place: HERE,
  properties: { QueueName: 'corp-dead', VisibilityTimeout: 60 },
};

function documentFor(topic: string): Value {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: 'arn:aws:sqs:eu-west-1:111122223333:corp-dead',
    Condition: { ArnEquals: { 'aws:SourceArn': topic } },
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

/** @param queue its URL, or a reference to it. */
function policyOf(topic = TOPIC, queue: Desired['properties'][string] = QueueUrl): Desired {
  return {
    id: 'DeadPolicy',
    type: 'AWS::SQS::QueueInlinePolicy',
    place: HERE,
    properties: { Queue: queue, PolicyDocument: documentFor(topic) },
    after: ['Dead'],
  };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly client: SQSClient;
}

function open(faults: readonly Fault[] = [], wanted: readonly Desired[] = [QUEUE, policyOf()]): Bench {
  const resources = createResourceBench(
    (aws) => [erasedType(createQueueType(aws)), erasedType(createQueuePolicyType(aws))],
    wanted,
    {
      faults,
      crash() {
        throw new Error('crash');
      },
    },
  );
  return { resources, client: resources.account.client(SQSClient, HERE) };
}

async function applied(faults: readonly Fault[] = []): Promise<Bench> {
  const bench = open(faults);
  expect(await bench.resources.apply()).toMatchObject({
    outcome: 'applied',
    failed: [],
    replan: { summary: { create: 0, update: 0 } },
  });
  return bench;
}

async function policyIn({ client }: Bench): Promise<unknown> {
  const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }));
  return Attributes?.Policy === undefined ? undefined : JSON.parse(Attributes.Policy);
}

async function tagsOf({ client }: Bench): Promise<Readonly<Record<string, string>>> {
  return (await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags ?? {};
}

async function setPolicy({ client }: Bench, document: unknown): Promise<void> {
  const Policy = document === undefined ? '' : JSON.stringify(document);
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

const POLICY = whichOf(policyOf());
const STAMP = 'trueup:applied:Policy';

testPermissions({
  name: 'a queue and its policy',
  open: () => open(),
  resources: [QUEUE, policyOf()],
  updates: [
    { resources: [QUEUE, policyOf(`${TOPIC}-2`)], rest: { protect: true } },
    { resources: [QUEUE, policyOf()] },
  ],
});

describe('the policy of a queue', () => {
  it('is written as it is declared, stamped on the queue, and then left alone', async () => {
    const bench = await applied();
    const writes = bench.resources.writes('sqs');

    expect(await policyIn(bench)).toEqual(documentFor(TOPIC));
    expect(Object.keys(await tagsOf(bench))).toContain(STAMP);
    expect((await bench.resources.apply()).outcome).toBe('nothing');
    expect(bench.resources.writes('sqs')).toBe(writes);
  });

  it('tells who gains what before it is made, and who loses it', async () => {
    const bench = open();
    const by = (topic: string) =>
      `sqs:SendMessage on arn:aws:sqs:eu-west-1:111122223333:corp-dead by Service:sns.amazonaws.com if ArnEquals aws:sourcearn = ${topic}`;
    const effects = async () => (await bench.resources.plan()).documents[0]!.effects;
    expect(await effects()).toMatchObject([{ data: { role: 'queue corp-dead', gains: [by(TOPIC)], losses: [] } }]);
    await bench.resources.apply();

    bench.resources.documents = [fakeDocument('app', [QUEUE, policyOf(`${TOPIC}-2`)])];

    expect(await effects()).toMatchObject([{ data: { gains: [by(`${TOPIC}-2`)], losses: [by(TOPIC)] } }]);
  });

  it('may refer to its queue', async () => {
    const bench = open([], [QUEUE, policyOf(TOPIC, { $get: ['Dead', 'QueueUrl'] })]);
    expect((await bench.resources.plan()).actions).toMatchObject([{}, { resource: '(known later)/policy' }]);

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await policyIn(bench)).toEqual(documentFor(TOPIC));
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('is changed in place, and git is named as who changed it', async () => {
    const bench = await applied();
    bench.resources.documents = [fakeDocument('app', [QUEUE, policyOf(`${TOPIC}-2`)])];

    expect((await bench.resources.plan()).actions).toMatchObject([
      { action: 'update', type: 'AWS::SQS::QueueInlinePolicy', changes: [{ path: 'PolicyDocument', cause: 'git' }] },
    ]);
    await bench.resources.apply();

    expect(await policyIn(bench)).toEqual(documentFor(`${TOPIC}-2`));
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('that somebody opened, or took away, is put back', async () => {
    const bench = await applied();
    const everybody = { Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' };
    await setPolicy(bench, { Version: '2012-10-17', Statement: [everybody] });
    expect((await bench.resources.drift()).drifted).toMatchObject([
      { changes: [{ path: 'PolicyDocument', cause: 'drift' }] },
    ]);
    await bench.resources.apply();
    expect(await policyIn(bench)).toEqual(documentFor(TOPIC));

    await setPolicy(bench, undefined);
    await bench.resources.apply();
    expect(await policyIn(bench)).toEqual(documentFor(TOPIC));
  });

  it('is the same in another order and spelling', async () => {
    const bench = await applied();
    const { Statement } = documentFor(TOPIC) as { Statement: readonly Record<string, unknown>[] };
    const spelled = { ...Statement[0], Action: ['SQS:SendMessage'] };
    await setPolicy(bench, { Statement: [spelled], Version: '2012-10-17' });

    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it.each(['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const)(
    'survives a %s of its write',
    async (fault) => {
      const bench = open([{ service: 'sqs', command: 'SetQueueAttributes', fault }]);
      await bench.resources.apply();

      if ((await bench.resources.plan()).actions.length > 0) await bench.resources.apply();

      expect(await policyIn(bench)).toEqual(documentFor(TOPIC));
      expect((await bench.resources.plan()).actions).toEqual([]);
    },
  );

  it('is not put on a queue of somebody else, nor on one that became so after the look', async () => {
    const bench = open();
    await bench.client.send(new CreateQueueCommand({ QueueName: 'corp-dead' }));
    await bench.resources.apply();
    expect(await policyIn(bench)).toBeUndefined();

    const type = bench.resources.types().get(POLICY.type)!;
    const target = { ...POLICY, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    await bench.client.send(new TagQueueCommand({ QueueUrl, Tags: { 'trueup:owner': `${OWNER}/Fake/other/Dead` } }));
    await expect(type.create(target)).rejects.toThrow('is not ours (acme-network/Fake/other/Dead): plan again');
    expect(await policyIn(bench)).toBeUndefined();
  });

  it('is unknown, not absent, where it may not be read', async () => {
    const bench = open([{ service: 'sqs', command: 'GetQueueAttributes', nth: 1, times: 99, fault: 'access-denied' }]);

    expect(await bench.resources.plan()).toMatchObject({ complete: false, actions: [] });
  });
});

describe('the policy of a queue that is removed', () => {
  it('goes with its stamp, and the queue stays', async () => {
    const bench = await applied();

    await removeObject(bench.resources, POLICY);

    expect(await policyIn(bench)).toBeUndefined();
    const tags = Object.keys(await tagsOf(bench));
    expect(tags).toContain('trueup:owner');
    expect(tags).not.toContain(STAMP);
  });

  it.each(
    ['UntagQueue', 'SetQueueAttributes'].flatMap((command) =>
      (['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const).map((fault) => ({ command, fault })),
    ),
  )('goes in spite of a $fault of $command', async ({ command, fault }) => {
    const nth = command === 'SetQueueAttributes' ? 2 : 1;
    const bench = await applied([{ service: 'sqs', command, nth, fault }]);

    expect(await removeObject(bench.resources, POLICY, 1)).toBe(fault.startsWith('crash') ? 1 : 0);

    expect(await policyIn(bench)).toBeUndefined();
    expect(Object.keys(await tagsOf(bench))).not.toContain(STAMP);
  });

  it('stays where the queue became somebody else’s', async () => {
    const bench = await applied();
    await bench.client.send(new TagQueueCommand({ QueueUrl, Tags: { 'trueup:owner': 'globex/Fake/app/Dead' } }));

    await expect(removeObject(bench.resources, POLICY)).rejects.toThrow('is not ours');

    expect(await policyIn(bench)).toEqual(documentFor(TOPIC));
    expect((await observeObject(bench.resources, POLICY))!.marker).toBe('globex/Fake/app/Dead');
  });
});
