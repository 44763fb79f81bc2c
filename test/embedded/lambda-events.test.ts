import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import type { AddPermissionRequest } from '@aws-sdk/client-lambda';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Account } from '../../src/embedded/account.ts';
import { administratorCredentials } from '../../src/embedded/caller.ts';
import { clientOptions } from '../../src/embedded/client-options.ts';
import { eventCounts } from '../../src/embedded/lambda/asynchronous.ts';
import { logEvents } from '../../src/embedded/logs/model.ts';
import { memoryStore } from '../../src/embedded/store/store.ts';
import { makeRole } from '../support/function-role.ts';
import { ROLE, START, bundle, functionInput, zipOf } from '../support/lambda.ts';

const GROUP = logEvents('111122223333 eu-west-1 /aws/lambda/mirror');
const NAME = { FunctionName: 'mirror' };
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/mirror-1';
const DELIVERY = {
  target: ARN,
  event: { n: 1 },
  principal: 'events.amazonaws.com',
  sourceArn: RULE,
  sourceAccount: '111122223333',
};
const LOGS = 'export const handler = async (event) => console.log("got", JSON.stringify(event));';
const FAILS = 'export const handler = async () => { throw new Error("always"); };';
/** Fails as often as the event says, by the environment's own count. */
const FAILS_FIRST =
  'let calls = 0; export const handler = async ({ n }) => { calls += 1; if (calls <= n) throw new Error("not yet"); };';

/** The inside of an account, with one function. */
async function open(source: string) {
  const host = new Account(
    memoryStore(),
    { now: () => START, sleep: () => Promise.resolve(), crash: () => process.abort() },
    [],
  );
  onTestFinished(() => host.close());
  const options = clientOptions('eu-west-1', administratorCredentials('111122223333'));
  const client = new LambdaClient(options);
  client.middlewareStack.use(host.plugin);
  const iam = new IAMClient(options);
  iam.middlewareStack.use(host.plugin);
  await makeRole(iam, ROLE);
  const zip = source === 'foreign' ? zipOf('export const handler = 1') : await bundle(source);
  await client.send(new CreateFunctionCommand(functionInput('mirror', zip)));
  host.elapse(60_000);
  return {
    host,
    client,
    admit: (rest: Partial<AddPermissionRequest> = {}) =>
      client.send(
        new AddPermissionCommand({
          ...NAME,
          StatementId: 's',
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          ...rest,
        }),
      ),
    counts: () => host.host.read((data) => data.get(eventCounts, ARN)),
    log: () => host.host.read((data) => [...data.entries(GROUP)].map(([, event]) => event)),
    messages: () => host.host.read((data) => [...data.entries(GROUP)].map(([, { message }]) => message)),
  };
}

describe('a delivery', () => {
  it.each<[string, Partial<AddPermissionRequest>]>([
    ['the service', {}],
    ['this rule', { SourceArn: RULE }],
    ['rules of a pattern', { SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/mirror-?' }],
    ['this account', { SourceAccount: '111122223333' }],
    ['everybody', { Principal: '*', Action: 'lambda:*' }],
  ])('runs the function when its policy admits %s', async (_what, permission) => {
    const { host, admit, counts, messages } = await open(LOGS);
    await admit(permission);

    await host.host.functions.deliver(DELIVERY);

    expect(counts()).toEqual({ done: 1, dropped: 0, refused: 0 });
    expect(messages()).toContain('got {"n":1}');
  });

  it.each<[string, Partial<AddPermissionRequest>]>([
    ['another service', { Principal: 's3.amazonaws.com' }],
    ['another action', { Action: 'lambda:GetFunction' }],
    ['another rule', { SourceArn: 'arn:aws:events:eu-west-1:111122223333:rule/other' }],
    ['another account', { SourceAccount: '444455556666' }],
    ['this rule of another account', { SourceArn: RULE, SourceAccount: '444455556666' }],
    ['an organisation', { PrincipalOrgID: 'o-a1b2c3d4e5', Principal: '*' }],
  ])('is refused when it admits %s only', async (_what, permission) => {
    const { host, admit, counts, messages } = await open(LOGS);
    await admit(permission);

    await host.host.functions.deliver(DELIVERY);

    expect(counts()).toEqual({ done: 0, dropped: 0, refused: 1 });
    expect(messages()).toEqual([]);
  });

  it('is refused where there is no policy, and no function', async () => {
    const { host, counts } = await open(LOGS);

    await host.host.functions.deliver(DELIVERY);
    await host.host.functions.deliver({ ...DELIVERY, target: `${ARN}-none` });
    await host.host.functions.deliver({ ...DELIVERY, target: 'arn:aws:sqs:eu-west-1:111122223333:queue' });

    expect(counts()).toMatchObject({ refused: 1 });
    expect(host.host.read((data) => data.get(eventCounts, `${ARN}-none`))).toMatchObject({ refused: 1 });
  });

  it.each([
    ['once', FAILS_FIRST, 1, 60_000, 'done'],
    ['twice', FAILS_FIRST, 2, 180_000, 'done'],
    ['always', FAILS, 3, 180_000, 'dropped'],
  ] as const)('that fails %s is tried again after one minute and after two', async (_what, source, n, time, ending) => {
    const { host, admit, counts, messages } = await open(source);
    await admit();
    const before = host.now();

    await host.host.functions.deliver({ ...DELIVERY, event: { n } });

    expect(host.now() - before).toBe(time);
    expect(counts()).toEqual({ done: 0, dropped: 0, refused: 0, [ending]: 1 });
    const starts = messages().filter((message) => message.startsWith('START'));
    expect(starts).toHaveLength(Math.min(n, 2) + 1);
    // One event keeps its request id.
    expect(new Set(starts).size).toBe(1);
  });

  it('is tried again as often as the function’s configuration says', async () => {
    const { host, client, admit, counts } = await open(FAILS);
    await admit();
    await client.send(new PutFunctionEventInvokeConfigCommand({ ...NAME, MaximumRetryAttempts: 0 }));
    const before = host.now();

    await host.host.functions.deliver(DELIVERY);

    expect(host.now()).toBe(before);
    expect(counts()).toMatchObject({ dropped: 1 });
  });

  it('T120 of code that may not run is dropped', async () => {
    const { host, admit, counts } = await open('foreign');
    await admit();

    await host.host.functions.deliver(DELIVERY);

    expect(counts()).toEqual({ done: 0, dropped: 1, refused: 0 });
  });
});

describe('an asynchronous invocation', () => {
  it('is taken at once and run later', async () => {
    const { host, client, counts, messages } = await open(LOGS);

    const answer = await client.send(
      new InvokeCommand({ ...NAME, InvocationType: 'Event', Payload: Buffer.from('{"n":2}') }),
    );
    expect(answer).toMatchObject({ StatusCode: 202 });
    expect(counts()).toBeUndefined();
    await host.advance(0);

    expect(counts()).toMatchObject({ done: 1 });
    expect(messages()).toContain('got {"n":2}');
  });

  it('waits for its turn where concurrency is reserved, and is dropped where there is none', async () => {
    const { host, client, counts } = await open(LOGS);
    const reserve = (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ ...NAME, ReservedConcurrentExecutions }));
    const send = () => client.send(new InvokeCommand({ ...NAME, InvocationType: 'Event' }));
    await reserve(1);
    await Promise.all([send(), send(), send()]);
    await host.advance(0);
    await reserve(0);
    await send();
    await host.advance(0);

    expect(counts()).toEqual({ done: 3, dropped: 1, refused: 0 });
  });
});

describe('the log', () => {
  it('has a stream for each environment, and Lambda’s lines around those of the function', async () => {
    const source = `console.info('while it loads');
      export const handler = async () => {
        console.log('one line\\nand its second', { a: 1 });
        console.error('an error');
        process.stdout.write('{"_aws":{"Timestamp":1}}\\nhalf');
        process.stdout.write(' a line\\n');
        process.stderr.write('bare\\n');
        throw new Error('no');
      };`;
    const { host, log } = await open(source);
    await host.host.functions.invoke(ARN, '{}');

    const events = log();

    expect(events.map(({ message }) => message.replaceAll(/[0-9a-f-]{36}/g, 'ID').replace(/stack":.*/, ''))).toEqual([
      'while it loads',
      'START RequestId: ID Version: $LATEST',
      'one line\nand its second { a: 1 }',
      'an error',
      '{"_aws":{"Timestamp":1}}',
      'half a line',
      'bare',
      '2026-11-24T10:01:00.000Z\tID\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"no","',
      'END RequestId: ID',
      expect.stringMatching(
        /^REPORT RequestId: ID\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t/,
      ),
    ]);
    expect(new Set(events.map(({ stream }) => stream)).size).toBe(1);
    expect(new Set(events.map(({ timestamp }) => timestamp))).toEqual(new Set([START + 60_000]));
  });
});
