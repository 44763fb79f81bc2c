import { createHash } from 'node:crypto';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionEventInvokeConfigCommand,
  TagResourceCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createEventInvokeConfigType } from '../../src/resources/aws-lambda-event-invoke-config.ts';
import { createLambdaFunctionType } from '../../src/resources/aws-lambda-function.ts';
import { document } from '../support/embedded-iam.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { makeRole } from '../support/function-role.ts';
import { functionInput, zipOf } from '../support/lambda.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { observeObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const FunctionName = 'corp-copy';
const ARN = `arn:aws:lambda:eu-west-1:111122223333:function:${FunctionName}`;
const ROLE = 'arn:aws:iam::111122223333:role/corp-copy';
const [DEAD, OTHER_DEAD] = ['corp-dead', 'corp-dead-2'].map((name) => `arn:aws:sqs:eu-west-1:111122223333:${name}`);
const CODE = zipOf('export const handler = async () => 1;');
const Sha256 = createHash('sha256').update(CODE).digest('base64');
const STAMP = 'trueup:applied:EventInvokeConfig';

const FUNCTION: Desired = {
  id: 'Copy',
  type: 'AWS::Lambda::Function',
  place: HERE,
  properties: {
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    MemorySize: 128,
    Timeout: 60,
    Code: { Sha256, Version: '1.4.0' },
  },
};

const PROPERTIES = {
  FunctionName,
  Qualifier: '$LATEST',
  MaximumRetryAttempts: 1,
  MaximumEventAgeInSeconds: 3_600,
  DestinationConfig: { OnFailure: { Destination: DEAD! } },
} satisfies Record<string, Value>;

function configOf(rest: Desired['properties'] = {}): Desired {
  return {
    id: 'CopyFailures',
    type: 'AWS::Lambda::EventInvokeConfig',
    place: HERE,
    properties: { ...PROPERTIES, ...rest },
    after: ['Copy'],
  };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly client: LambdaClient;
  readonly iam: IAMClient;
}

async function open(
  faults: readonly Fault[] = [],
  wanted: readonly Desired[] = [FUNCTION, configOf()],
): Promise<Bench> {
  const resources = createResourceBench(
    (aws) => [
      erasedType(createLambdaFunctionType(aws, (hash) => (hash === Sha256 ? CODE : undefined))),
      erasedType(createEventInvokeConfigType(aws)),
    ],
    wanted,
    {
      faults,
      crash() {
        throw new Error('crash');
      },
    },
  );
  const iam = resources.account.client(IAMClient, HERE);
  await makeRole(iam, ROLE);
  const sqs = resources.account.client(SQSClient, HERE);
  for (const QueueName of ['corp-dead', 'corp-dead-2']) await sqs.send(new CreateQueueCommand({ QueueName }));
  return { resources, iam, client: resources.account.client(LambdaClient, HERE) };
}

async function applied(faults: readonly Fault[] = []): Promise<Bench> {
  const bench = await open(faults);
  expect(await bench.resources.apply()).toMatchObject({
    outcome: 'applied',
    failed: [],
    replan: { summary: { create: 0, update: 0 } },
  });
  return bench;
}

function declare({ resources }: Bench, rest: Desired['properties']): void {
  resources.documents = [fakeDocument('app', [FUNCTION, configOf(rest)])];
}

async function configIn({ client }: Bench): Promise<unknown> {
  const found = await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })).catch((error: Error) => {
    if (error.name !== 'ResourceNotFoundException') throw error;
  });
  if (found === undefined) return undefined;
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age, DestinationConfig } = found;
  return [retries, age, DestinationConfig?.OnFailure?.Destination];
}

async function tagsOf({ client }: Bench): Promise<Readonly<Record<string, string>>> {
  return (await client.send(new ListTagsCommand({ Resource: ARN }))).Tags ?? {};
}

const CONFIG = whichOf(configOf());
const TYPE = 'AWS::Lambda::EventInvokeConfig';
const FAULTS = ['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const;

testPermissions({
  name: 'a function and its asynchronous settings',
  open: () => open(),
  resources: [FUNCTION, configOf()],
  updates: [
    {
      resources: [
        { ...FUNCTION, properties: { ...FUNCTION.properties, Timeout: 61 } },
        configOf({ MaximumRetryAttempts: 0 }),
      ],
      rest: { protect: true },
    },
    { resources: [FUNCTION, configOf()] },
  ],
  // One code only: nothing of the function's code is updated here.
  unchecked: ['update lambda:UpdateFunctionCode'],
});

describe('asynchronous settings of a function', () => {
  it('are written as declared, stamped on the function, and then left alone', async () => {
    const bench = await applied();
    const writes = bench.resources.writes('lambda');

    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
    expect(Object.keys(await tagsOf(bench))).toContain(STAMP);
    expect((await bench.resources.apply()).outcome).toBe('nothing');
    expect(bench.resources.writes('lambda')).toBe(writes);
  });

  it('may refer to their function', async () => {
    const bench = await open([], [FUNCTION, configOf({ FunctionName: { $get: ['Copy', 'Arn'] } })]);

    expect((await bench.resources.apply()).outcome).toBe('applied');

    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it.each<[string, Record<string, Value>, unknown]>([
    ['MaximumRetryAttempts', { MaximumRetryAttempts: 0 }, [0, 3_600, DEAD]],
    ['MaximumEventAgeInSeconds', { MaximumEventAgeInSeconds: 60 }, [1, 60, DEAD]],
    ['DestinationConfig', { DestinationConfig: { OnFailure: { Destination: OTHER_DEAD! } } }, [1, 3_600, OTHER_DEAD]],
  ])('have their %s changed in place, and git is named', async (path, rest, found) => {
    const bench = await applied();
    declare(bench, rest);
    expect((await bench.resources.plan()).actions).toMatchObject([
      { action: 'update', type: TYPE, changes: [{ path, cause: 'git' }] },
    ]);

    await bench.resources.apply();

    expect(await configIn(bench)).toEqual(found);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('keep what nobody declares when the rest is written', async () => {
    const { MaximumEventAgeInSeconds: _age, DestinationConfig: _to, ...less } = PROPERTIES;
    const bench = await open([], [FUNCTION, { ...configOf(), properties: less }]);
    await bench.resources.apply();
    const DestinationConfig = { OnFailure: { Destination: DEAD } };
    await bench.client.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 120, DestinationConfig }),
    );

    await bench.resources.apply();

    expect(await configIn(bench)).toEqual([1, 120, DEAD]);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('that drifted, or were taken away, are put back', async () => {
    const bench = await applied();
    await bench.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 2 }));
    const { drifted } = await bench.resources.drift();
    const found = drifted.flatMap(({ changes }) => changes.map(({ path, cause }) => `${cause} of ${path}`));
    expect(new Set(found)).toEqual(
      new Set(['drift of DestinationConfig', 'drift of MaximumEventAgeInSeconds', 'drift of MaximumRetryAttempts']),
    );
    await bench.resources.apply();
    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);

    await bench.client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await bench.resources.apply();
    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
  });

  it('wait for the function’s role to be allowed to send to the destination', async () => {
    const bench = await open([], [FUNCTION]);
    await bench.resources.apply();
    const rights = { RoleName: 'corp-copy', PolicyName: 'all' };
    await bench.iam.send(new DeleteRolePolicyCommand(rights));
    const type = bench.resources.types().get(TYPE)!;
    const target = { ...CONFIG, owner: OWNER, place: HERE, token: '', applied: 'stamp', protect: false };

    expect(await type.create(target)).toEqual({
      done: false,
      waiting: 'for the function’s role to be allowed to send',
      again: 5_000,
    });

    const PolicyDocument = document({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: DEAD });
    await bench.iam.send(new PutRolePolicyCommand({ ...rights, PolicyDocument }));
    expect(await type.create(target)).toEqual({ done: true });
    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
  });

  it.each(
    ['PutFunctionEventInvokeConfig', 'TagResource'].flatMap((command) => FAULTS.map((fault) => ({ command, fault }))),
  )('survive a $fault of $command', async ({ command, fault }) => {
    const bench = await open([{ service: 'lambda', command, fault }]);
    await bench.resources.apply();

    for (let tries = 0; (await bench.resources.plan()).actions.length > 0 && tries < 3; tries += 1) {
      await bench.resources.apply();
    }

    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('are not put on a function of somebody else, nor on one that became so after the look', async () => {
    const bench = await open();
    await bench.client.send(new CreateFunctionCommand({ ...functionInput(FunctionName, CODE), Role: ROLE }));
    bench.resources.account.elapse(60_000);
    await bench.resources.apply();
    expect(await configIn(bench)).toBeUndefined();

    await bench.client.send(
      new TagResourceCommand({ Resource: ARN, Tags: { 'trueup:owner': `${OWNER}/Fake/other/Copy` } }),
    );
    const target = { ...CONFIG, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    await expect(bench.resources.types().get(TYPE)!.create(target)).rejects.toThrow(
      'the function corp-copy is not ours (acme-network/Fake/other/Copy): plan again',
    );
    expect(await configIn(bench)).toBeUndefined();
  });

  it('are unknown, not absent, where they may not be read', async () => {
    const fault = {
      service: 'lambda',
      command: 'GetFunctionEventInvokeConfig',
      times: 99,
      fault: 'access-denied',
    } as const;
    const bench = await open([fault], [FUNCTION]);
    await bench.resources.apply();
    declare(bench, {});

    expect(await bench.resources.plan()).toMatchObject({ complete: false, actions: [] });
  });
});

describe('asynchronous settings that are removed', () => {
  it('go with their stamp, and the function stays', async () => {
    const bench = await applied();

    await removeObject(bench.resources, CONFIG);

    expect(await configIn(bench)).toBeUndefined();
    const tags = Object.keys(await tagsOf(bench));
    expect(tags).toContain('trueup:owner');
    expect(tags).not.toContain(STAMP);
  });

  it.each(
    ['UntagResource', 'DeleteFunctionEventInvokeConfig'].flatMap((command) =>
      FAULTS.map((fault) => ({ command, fault })),
    ),
  )('go in spite of a $fault of $command', async ({ command, fault }) => {
    const bench = await applied([{ service: 'lambda', command, fault }]);

    expect(await removeObject(bench.resources, CONFIG, 1)).toBe(fault.startsWith('crash') ? 1 : 0);

    expect(await observeObject(bench.resources, CONFIG)).toBeUndefined();
  });

  it('stay where the function became somebody else’s', async () => {
    const bench = await applied();
    await bench.client.send(
      new TagResourceCommand({ Resource: ARN, Tags: { 'trueup:owner': 'globex/Fake/app/Copy' } }),
    );

    await expect(removeObject(bench.resources, CONFIG)).rejects.toThrow('is not ours');

    expect(await configIn(bench)).toEqual([1, 3_600, DEAD]);
  });
});
