import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  TagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import type { Subject } from '../../src/resources/trail/types.ts';
import { culpritOf } from '../support/culprit.ts';
import { HERE } from '../support/fake-world.ts';
import { makeRole } from '../support/function-role.ts';
import { ROLE, functionInput, zipOf } from '../support/lambda.ts';

const FunctionName = 'corp-copy';
const QUEUES = ['corp-work', 'corp-other'].map((name) => `arn:aws:sqs:eu-west-1:111122223333:${name}`);

interface Scene {
  readonly account: EmbeddedAccount;
  readonly client: LambdaClient;
  /** Of a mapping of each queue; the first is the one that is asked about. */
  readonly ids: readonly string[];
}

async function open(): Promise<Scene> {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z') });
  onTestFinished(() => account.close());
  await makeRole(account.client(IAMClient, HERE), ROLE);
  const sqs = account.client(SQSClient, HERE);
  const client = account.client(LambdaClient, HERE);
  await client.send(new CreateFunctionCommand(functionInput(FunctionName, zipOf('export const handler = () => 1;'))));
  const ids: string[] = [];
  for (const EventSourceArn of QUEUES) {
    await sqs.send(new CreateQueueCommand({ QueueName: EventSourceArn.split(':').at(-1)! }));
    account.elapse(60_000);
    const { UUID } = await client.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
    ids.push(UUID!);
  }
  account.elapse(60_000);
  return { account, client, ids };
}

function change(path: string, before: Value): Partial<Subject> {
  return { changes: [{ path, before, after: null }] };
}

it.each<[string, (scene: Scene) => Promise<unknown>, Partial<Subject>, string | undefined]>([
  [
    'its batches',
    ({ client, ids }) => client.send(new UpdateEventSourceMappingCommand({ UUID: ids[0], BatchSize: 3 })),
    change('BatchSize', 3),
    'UpdateEventSourceMapping, exact',
  ],
  [
    'that it is off',
    ({ client, ids }) => client.send(new UpdateEventSourceMappingCommand({ UUID: ids[0], Enabled: false })),
    change('Enabled', false),
    'UpdateEventSourceMapping, exact',
  ],
  [
    'nothing of another one',
    ({ client, ids }) => client.send(new UpdateEventSourceMappingCommand({ UUID: ids[1], BatchSize: 3 })),
    change('BatchSize', 3),
    undefined,
  ],
  [
    'a tag',
    ({ client, ids }) =>
      client.send(
        new TagResourceCommand({
          Resource: `arn:aws:lambda:eu-west-1:111122223333:event-source-mapping:${ids[0]}`,
          Tags: { team: 'b' },
        }),
      ),
    change('Tags', [{ Key: 'team', Value: 'b' }]),
    'TagResource, exact',
  ],
  [
    'all of it',
    ({ client, ids }) => client.send(new DeleteEventSourceMappingCommand({ UUID: ids[0] })),
    { missing: true },
    'DeleteEventSourceMapping, exact',
  ],
])('who changed a mapping is told by the trail: %s', async (_what, act, rest, told) => {
  const scene = await open();
  await act(scene);

  const subject = {
    id: 'Fake/app/CopySource',
    type: 'AWS::Lambda::EventSourceMapping',
    resource: scene.ids[0]!,
    place: HERE,
    properties: { FunctionName, EventSourceArn: QUEUES[0] },
    missing: false,
    changes: [],
    effects: [],
    ...rest,
  };
  expect(await culpritOf(scene.account, subject)).toBe(told);
});

it.each<[string, readonly object[], Partial<Subject>, string]>([
  [
    'what is written',
    [new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 })],
    change('MaximumRetryAttempts', 0),
    'PutFunctionEventInvokeConfig, exact',
  ],
  [
    'what is not, and so has its default again',
    [new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 })],
    change('MaximumEventAgeInSeconds', null),
    'PutFunctionEventInvokeConfig, exact',
  ],
  [
    'all of it',
    [
      new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }),
      new DeleteFunctionEventInvokeConfigCommand({ FunctionName }),
    ],
    { missing: true },
    'DeleteFunctionEventInvokeConfig, exact',
  ],
])('who changed asynchronous settings is told by the trail: %s', async (_what, commands, rest, told) => {
  const { account, client } = await open();
  for (const command of commands) await client.send(command as never);

  const subject = {
    id: 'Fake/app/CopyFailures',
    type: 'AWS::Lambda::EventInvokeConfig',
    resource: `${FunctionName}:$LATEST`,
    place: HERE,
    properties: { FunctionName },
    missing: false,
    changes: [],
    effects: [],
    ...rest,
  };
  expect(await culpritOf(account, subject)).toBe(told);
});
