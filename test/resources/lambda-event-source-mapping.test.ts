import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Document, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createEventSourceMappingType } from '../../src/resources/aws-lambda-event-source-mapping.ts';
import { createLambdaFunctionType } from '../../src/resources/aws-lambda-function.ts';
import { objectName } from '../../src/resources/names.ts';
import { document } from '../support/embedded-iam.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { makeRole } from '../support/function-role.ts';
import { functionInput, zipOf } from '../support/lambda.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, releaseObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const TYPE = 'AWS::Lambda::EventSourceMapping';
const MARKER = `${OWNER}/Fake/app/CopySource`;
const FunctionName = objectName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Copy' });
const ROLE = 'arn:aws:iam::111122223333:role/corp-copy';
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:corp-work';
const OTHER_QUEUE = `${QUEUE}-2`;
const CODE = zipOf('export const handler = async () => ({});');

const PROPERTIES = {
  FunctionName,
  EventSourceArn: QUEUE,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 1,
  Enabled: true,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  ScalingConfig: { MaximumConcurrency: 5 },
  Tags: [{ Key: 'team', Value: 'network' }],
} satisfies Record<string, Value>;

function mappingOf(rest: Desired['properties'] = {}): Desired {
  return { id: 'CopySource', type: TYPE, place: HERE, properties: { ...PROPERTIES, ...rest } };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly client: LambdaClient;
  readonly iam: IAMClient;
}

/** With a function and its queues, made by hand: the mapping alone is declared. */
async function open(faults: readonly Fault[] = [], wanted: readonly Desired[] = [mappingOf()]): Promise<Bench> {
  const resources = createResourceBench((aws) => [erasedType(createEventSourceMappingType(aws))], wanted, {
    faults,
    crash() {
      throw new Error('crash');
    },
  });
  const iam = resources.account.client(IAMClient, HERE);
  await makeRole(iam, ROLE);
  const sqs = resources.account.client(SQSClient, HERE);
  const Attributes = { VisibilityTimeout: '600' };
  for (const QueueName of ['corp-work', 'corp-work-2'])
    await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  const client = resources.account.client(LambdaClient, HERE);
  for (const name of [FunctionName, 'theirs']) {
    await client.send(new CreateFunctionCommand({ ...functionInput(name, CODE), Role: ROLE }));
  }
  resources.account.elapse(60_000);
  return { resources, iam, client };
}

async function applied(faults: readonly Fault[] = [], wanted: readonly Desired[] = [mappingOf()]): Promise<Bench> {
  const bench = await open(faults, wanted);
  expect(await bench.resources.apply()).toMatchObject({
    outcome: 'applied',
    failed: [],
    replan: { summary: { create: 0, update: 0 } },
  });
  return bench;
}

function declare({ resources }: Bench, rest: Desired['properties'], metadata: Partial<Document> = {}): void {
  resources.documents = [fakeDocument('app', [mappingOf(rest)], metadata)];
}

async function mappings({ client }: Bench): Promise<readonly EventSourceMappingConfiguration[]> {
  return (await client.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings ?? [];
}

async function theMapping(bench: Bench): Promise<EventSourceMappingConfiguration> {
  const found = await mappings(bench);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function arnOf({ UUID }: EventSourceMappingConfiguration): string {
  return `arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:${UUID}`;
}

async function tagsOf(bench: Bench): Promise<Readonly<Record<string, string>>> {
  return (await bench.client.send(new ListTagsCommand({ Resource: arnOf(await theMapping(bench)) }))).Tags ?? {};
}

async function makeForeign({ client, resources }: Bench, functionName = FunctionName): Promise<string> {
  const command = { FunctionName: functionName, EventSourceArn: QUEUE, BatchSize: 3, Tags: { theirs: 'yes' } };
  const made = await client.send(new CreateEventSourceMappingCommand(command));
  resources.account.elapse(60_000);
  return arnOf(made);
}

const MAPPING = whichOf(mappingOf());
const FAULTS = ['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const;

testPermissions({
  name: 'an event source mapping',
  open: () => open(),
  resources: [mappingOf()],
  updates: [{ resources: [mappingOf({ BatchSize: 5 })], rest: { protect: true } }, { resources: [mappingOf()] }],
  async makeForeign(bench) {
    await makeForeign(bench);
  },
});

describe('an event source mapping', () => {
  it('is made as declared and marked, waited for, and then left alone', async () => {
    const bench = await applied();
    const writes = bench.resources.writes('lambda');

    expect(await theMapping(bench)).toMatchObject({
      EventSourceArn: QUEUE,
      FunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${FunctionName}`,
      State: 'Enabled',
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    expect(await tagsOf(bench)).toMatchObject({ team: 'network', 'trueup:owner': MARKER });
    expect((await bench.resources.apply()).outcome).toBe('nothing');
    expect(bench.resources.writes('lambda')).toBe(writes);
  });

  it.each<[string, Record<string, Value>]>([
    ['BatchSize', { BatchSize: 5 }],
    ['MaximumBatchingWindowInSeconds', { MaximumBatchingWindowInSeconds: 0 }],
    ['Enabled', { Enabled: false }],
    ['FunctionResponseTypes', { FunctionResponseTypes: [] }],
    ['ScalingConfig', { ScalingConfig: { MaximumConcurrency: 9 } }],
    ['ScalingConfig', { ScalingConfig: {} }],
    ['Tags', { Tags: [{ Key: 'team', Value: 'operations' }] }],
  ])('has its %s changed in place, and back: %j', async (path, rest) => {
    const bench = await applied();
    for (const declared of [rest, {}]) {
      declare(bench, declared);
      expect((await bench.resources.plan()).actions).toMatchObject([
        { action: 'update', reason: 'declared', changes: [{ path, cause: 'git' }] },
      ]);

      expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

      expect((await bench.resources.plan()).actions).toEqual([]);
    }
  });

  it('that is disabled from the beginning is', async () => {
    const bench = await applied([], [mappingOf({ Enabled: false })]);

    expect((await theMapping(bench)).State).toBe('Disabled');
  });

  it('that drifted is put back, and the drift is named', async () => {
    const bench = await applied();
    const { UUID } = await theMapping(bench);
    await bench.client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false, BatchSize: 1 }));
    bench.resources.account.elapse(60_000);
    expect((await bench.resources.drift()).drifted).toMatchObject([
      {
        changes: [
          { path: 'BatchSize', cause: 'drift' },
          { path: 'Enabled', cause: 'drift' },
        ],
      },
    ]);

    await bench.resources.apply();

    expect(await theMapping(bench)).toMatchObject({ State: 'Enabled', BatchSize: 10 });
  });

  it('waits for the function’s role to be allowed to read the queue', async () => {
    const bench = await open();
    const rights = { RoleName: 'corp-copy', PolicyName: 'all' };
    await bench.iam.send(new DeleteRolePolicyCommand(rights));
    const type = bench.resources.types().get(TYPE)!;
    const target = { ...MAPPING, owner: OWNER, place: HERE, token: '', applied: 'stamp', protect: false };

    expect(await type.create(target)).toMatchObject({
      done: false,
      waiting: expect.stringContaining('role') as string,
    });
    expect(await mappings(bench)).toEqual([]);

    const PolicyDocument = document({ Effect: 'Allow', Action: 'sqs:*', Resource: QUEUE });
    await bench.iam.send(new PutRolePolicyCommand({ ...rights, PolicyDocument }));
    expect(await type.create(target)).toMatchObject({ done: false, waiting: 'for the mapping to be ready' });
    expect(await mappings(bench)).toHaveLength(1);
  });

  it.each(
    ['CreateEventSourceMapping', 'UpdateEventSourceMapping', 'TagResource'].flatMap((command) =>
      FAULTS.map((fault) => ({ command, fault })),
    ),
  )('survives a $fault of $command: made once, and whole', async ({ command, fault }) => {
    const bench = await open([{ service: 'lambda', command, fault }]);
    for (const declared of [{}, { BatchSize: 5 }]) {
      declare(bench, declared);
      await bench.resources.apply();
      for (let tries = 0; (await bench.resources.plan()).actions.length > 0 && tries < 3; tries += 1) {
        await bench.resources.apply();
      }
    }

    expect(await theMapping(bench)).toMatchObject({ BatchSize: 5 });
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('of somebody else is left alone, and taken over when it is told to', async () => {
    const bench = await open();
    await makeForeign(bench);
    const { LastModified: _at, ...before } = await theMapping(bench);
    expect((await bench.resources.plan()).documents[0]!.findings).toMatchObject([{ code: 'foreign' }]);
    await bench.resources.apply();
    expect(await theMapping(bench)).toMatchObject(before);

    declare(bench, {}, { adopt: true });
    await bench.resources.apply();
    expect(await theMapping(bench)).toMatchObject(before);
    expect(await tagsOf(bench)).toEqual({ theirs: 'yes', 'trueup:owner': MARKER, 'trueup:adopted': before.UUID });

    expect((await bench.resources.plan()).actions).toMatchObject([{ action: 'update', reason: 'unfinished' }]);
    await bench.resources.apply();
    expect(await theMapping(bench)).toMatchObject({ BatchSize: 10 });
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('is not made over what somebody made since the look', async () => {
    const bench = await open();
    await makeForeign(bench);
    const before = await theMapping(bench);
    const target = { ...MAPPING, owner: OWNER, place: HERE, token: '', applied: '', protect: false };

    expect(await bench.resources.types().get(TYPE)!.create(target)).toMatchObject({ done: false });

    expect(await theMapping(bench)).toEqual(before);
  });

  it.each(['ListEventSourceMappings', 'ListTags'])('is unknown, not absent, where %s is denied', async (command) => {
    const bench = await open([{ service: 'lambda', command, nth: 1, times: 99, fault: 'access-denied' }]);
    await makeForeign(bench);

    expect(await bench.resources.plan()).toMatchObject({ complete: false, actions: [] });
  });

  it('of two queues are two', async () => {
    const bench = await applied(
      [],
      [mappingOf(), { ...mappingOf({ EventSourceArn: OTHER_QUEUE }), id: 'OtherSource' }],
    );

    const markers = await Promise.all(
      (await mappings(bench)).map(async (one) => {
        const { Tags } = await bench.client.send(new ListTagsCommand({ Resource: arnOf(one) }));
        return Tags!['trueup:owner'];
      }),
    );
    expect(new Set(markers)).toEqual(new Set([MARKER, `${OWNER}/Fake/app/OtherSource`]));
  });

  it('is finished when a crash left it without the stamp', async () => {
    const bench = await applied();
    const Resource = arnOf(await theMapping(bench));
    await bench.client.send(new UntagResourceCommand({ Resource, TagKeys: ['trueup:applied'] }));

    expect((await bench.resources.plan()).actions).toMatchObject([{ action: 'update', reason: 'unfinished' }]);
    await bench.resources.apply();

    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('says protection and takes it back', async () => {
    const bench = await applied();
    declare(bench, {}, { protect: true, onRemove: 'release' });
    await bench.resources.apply();
    expect(await tagsOf(bench)).toMatchObject({ 'trueup:protect': 'true', 'trueup:on-remove': 'release' });

    declare(bench, {});
    await bench.resources.apply();
    expect(Object.keys(await tagsOf(bench))).not.toContain('trueup:protect');
    expect((await bench.resources.plan()).actions).toEqual([]);
  });
});

describe('an event source mapping that nothing declares any more', () => {
  it('is removed, and what is gone is gone', async () => {
    const bench = await applied();
    const late = bench.resources.types().get(TYPE)!;
    const seen = (await observeObject(bench.resources, MAPPING))!;

    await removeObject(bench.resources, MAPPING);

    bench.resources.account.elapse(60_000);
    expect(await mappings(bench)).toEqual([]);
    const target = { ...MAPPING, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    expect(await late.remove!(target, seen)).toEqual({ done: true });
  });

  it.each(FAULTS)('is removed in spite of a %s', async (fault) => {
    const bench = await applied([{ service: 'lambda', command: 'DeleteEventSourceMapping', fault }]);

    expect(await removeObject(bench.resources, MAPPING, 1)).toBe(fault.startsWith('crash') ? 1 : 0);
  });

  it('is made anew after the old one went', async () => {
    const bench = await applied();
    const { UUID } = await theMapping(bench);
    await removeObject(bench.resources, MAPPING);

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect((await mappings(bench)).filter(({ State }) => State === 'Enabled').map((one) => one.UUID)).not.toEqual([
      UUID,
    ]);
  });

  it('is let go with all but our tags, and is nobody’s', async () => {
    const bench = await applied();
    const before = await theMapping(bench);

    await releaseObject(bench.resources, MAPPING);

    expect(await tagsOf(bench)).toEqual({ team: 'network' });
    expect(await theMapping(bench)).toEqual(before);
    expect((await bench.resources.plan()).documents[0]!.findings).toMatchObject([{ code: 'foreign' }]);
  });

  it('goes before its function, and is found by its tag', async () => {
    expect(createLambdaFunctionType(undefined as never, () => undefined).removedAfter).toContain(TYPE);
    const bench = await applied();
    bench.resources.documents = [];
    bench.resources.searches = true;

    expect((await bench.resources.plan()).actions).toMatchObject([{ action: 'delete', type: TYPE }]);
  });
});

describe('an event source mapping, by its ARN', () => {
  it('is found again by its function’s name, and looked at with nothing but that', async () => {
    const bench = await applied();
    const arn = arnOf(await theMapping(bench));

    const located = (await locateObject(bench.resources, TYPE, { marker: MARKER, arn }))!;

    expect(located).toEqual({ properties: { FunctionName, EventSourceArn: QUEUE }, witnessed: true });
    const which = { ...MAPPING, properties: located.properties as Record<string, Value> };
    expect(await observeObject(bench.resources, which)).toMatchObject({ marker: MARKER, witness: true });
  });

  it('T68 is no witness of itself with tags copied to one of another function', async () => {
    const bench = await open();
    const arn = await makeForeign(bench, 'theirs');
    const Tags = { 'trueup:owner': MARKER, 'trueup:adopted': '0b7c1f0e-0000-4000-8000-000000000000' };
    await bench.client.send(new TagResourceCommand({ Resource: arn, Tags }));

    expect(await locateObject(bench.resources, TYPE, { marker: MARKER, arn })).toMatchObject({ witnessed: false });
  });

  it('T68 that was taken over is one by its tag only, where its function has a name of its own', async () => {
    const bench = await open();
    const arn = await makeForeign(bench, 'theirs');
    const Tags = { 'trueup:owner': MARKER, 'trueup:adopted': arn.slice(arn.lastIndexOf(':') + 1) };
    await bench.client.send(new TagResourceCommand({ Resource: arn, Tags }));

    expect(await locateObject(bench.resources, TYPE, { marker: MARKER, arn })).toMatchObject({
      witnessed: true,
      byTag: true,
    });
  });

  it('T68 is one under its first name, when its document was renamed', async () => {
    const bench = await applied();
    bench.resources.documents = [fakeDocument('office', [mappingOf()], { formerly: ['app'] })];
    await bench.resources.apply();
    const marker = (await tagsOf(bench))['trueup:owner']!;
    const arn = arnOf(await theMapping(bench));

    expect(marker).toBe(`${OWNER}/Fake/office/CopySource`);
    expect(await locateObject(bench.resources, TYPE, { marker, arn })).toEqual({
      properties: { FunctionName, EventSourceArn: QUEUE },
      witnessed: true,
    });
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('is not taken for another type, account, region or partition, nor for one that is gone', async () => {
    const bench = await applied();
    const arn = arnOf(await theMapping(bench));
    const others = [
      arn.replace(':event-source-mapping:', ':function:'),
      arn.replace(HERE.account, '999988887777'),
      arn.replace(HERE.region, 'eu-central-1'),
      arn.replace('arn:aws:', 'arn:aws-cn:'),
      `x${arn}`,
      `${arn.slice(0, arn.lastIndexOf(':'))}:0b7c1f0e-0000-4000-8000-000000000000`,
    ];

    const located = others.map((other) => locateObject(bench.resources, TYPE, { marker: MARKER, arn: other }));

    expect(await Promise.all(located)).toEqual(others.map(() => undefined));
  });

  it('is in doubt, and no copy, where it cannot be looked at', async () => {
    const fault = { service: 'lambda', command: 'ListEventSourceMappings', times: 99, fault: 'access-denied' } as const;
    const bench = await open([fault]);
    const arn = await makeForeign(bench);

    await expect(locateObject(bench.resources, TYPE, { marker: MARKER, arn })).rejects.toThrow('not authorized');
  });
});
