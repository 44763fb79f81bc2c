import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetFunctionRecursionConfigCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
} from '@aws-sdk/client-lambda';
import type { RecursiveLoop } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { allow, document } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { REGION, openTestFunctions } from '../support/lambda.ts';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:loop';
const LOGS = allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']);

/** Invokes itself `width` times with one less, until nothing is left; answers what the calls came to. */
const LOOP = `
  import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
  const client = new LambdaClient({});
  client.middlewareStack.use(globalThis[Symbol.for('trueup.embedded')].plugin);
  export const handler = async ({ left, width = 1, type = 'Event' }, { functionName: FunctionName }) => {
    console.log('left', left);
    if (left === 0) return [];
    const Payload = Buffer.from(JSON.stringify({ left: left - 1, type }));
    const calls = Array.from({ length: width }, () =>
      client.send(new InvokeCommand({ FunctionName, InvocationType: type, Payload })).then(
        ({ StatusCode, Payload }) => (Payload.length > 0 ? JSON.parse(Payload.transformToString()) : StatusCode),
        ({ name }) => name,
      ),
    );
    return (await Promise.all(calls)).flat();
  };
`;

/** A function that may log, and what else is said; by default it may invoke itself. */
async function open(...rights: readonly object[]) {
  const functions = openTestFunctions();
  const { account, client } = functions;
  await functions.create('loop', LOOP);
  const policy = document(LOGS, ...(rights.length > 0 ? rights : [allow('lambda:InvokeFunction', ARN)]));
  const grant = { RoleName: 'mirror', PolicyName: 'all', PolicyDocument: policy };
  await account.client(IAMClient, REGION).send(new PutRolePolicyCommand(grant));
  return {
    account,
    client,
    invoke: async (event: object) => (await functions.invoke('loop', event)).answer,
    reserve: (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'loop', ReservedConcurrentExecutions })),
    recurse: (RecursiveLoop: RecursiveLoop) =>
      client.send(new PutFunctionRecursionConfigCommand({ FunctionName: 'loop', RecursiveLoop })),
    /** Invocations of the function by itself, as the trail has them. */
    ownCalls: () => account.events().filter(({ eventName }) => eventName === 'Invoke'),
  };
}

/** What was left in each run of the function, most first: nobody hears what an event came to, so its log is asked. */
async function runsOf({ account }: Awaited<ReturnType<typeof open>>): Promise<readonly number[]> {
  const logs = account.client(CloudWatchLogsClient, REGION);
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: '/aws/lambda/loop', filterPattern: 'left' }),
  );
  return events.map(({ message = '' }) => Number(message.replace('left ', ''))).sort((a, b) => b - a);
}

describe('a function that invokes itself by events', () => {
  it('runs as often as it does, right away, and with its own role', async () => {
    const bench = await open();

    expect(await bench.invoke({ left: 9 })).toEqual([202]);
    await bench.account.settled();

    expect(await runsOf(bench)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const callers = bench.ownCalls().map(({ userIdentity }) => userIdentity.arn);
    expect(callers).toEqual(Array.from({ length: 9 }, () => 'arn:aws:sts::111122223333:assumed-role/mirror/loop'));
  });

  it('has done so when the clock was turned', async () => {
    const bench = await open();
    await bench.invoke({ left: 5 });

    await bench.account.advance(60_000);

    expect(await runsOf(bench)).toHaveLength(6);
  });

  it('is refused without lambda:InvokeFunction on itself', async () => {
    const bench = await open(allow('lambda:InvokeFunction', `${ARN}-other`));

    expect(await bench.invoke({ left: 3 })).toEqual(['AccessDeniedException']);
    await bench.account.settled();

    expect(await runsOf(bench)).toEqual([3]);
  });

  it.each([1, 2])('loses no event where its concurrency is %s', async (concurrency) => {
    const bench = await open();
    await bench.reserve(concurrency);

    // Twelve events wait while the one that made them is still running, and make one more each.
    expect(await bench.invoke({ left: 2, width: 12 })).toEqual(Array.from({ length: 12 }, () => 202));
    await bench.account.settled();

    const runs = await runsOf(bench);
    expect(runs.filter((left) => left === 1)).toHaveLength(12);
    expect(runs.filter((left) => left === 0)).toHaveLength(12);
  });
});

/** Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops". */
describe('a chain of invocations', () => {
  it('ends after 16 of the same function', async () => {
    const bench = await open();

    await bench.invoke({ left: 40 });
    await bench.account.settled();

    expect(await runsOf(bench)).toHaveLength(16);
  });

  it('ends with RecursiveInvocationException for a caller that waits', async () => {
    const bench = await open();

    expect(await bench.invoke({ left: 40, type: 'RequestResponse' })).toEqual(['RecursiveInvocationException']);

    expect(await runsOf(bench)).toHaveLength(16);
  });

  it('goes on where the function’s configuration allows it', async () => {
    const bench = await open();
    await bench.recurse('Allow');

    await bench.invoke({ left: 40 });
    await bench.account.settled();

    expect(await runsOf(bench)).toHaveLength(41);
  });

  it('begins anew with each invocation from outside, warm or cold', async () => {
    const bench = await open();

    for (let round = 0; round < 3; round += 1) await bench.invoke({ left: 10 });
    await bench.account.settled();

    expect(await runsOf(bench)).toHaveLength(33);
  });
});

describe('the recursion configuration', () => {
  it('is Terminate until it is set', async () => {
    const { client, recurse } = await open();
    const look = async () =>
      (await client.send(new GetFunctionRecursionConfigCommand({ FunctionName: 'loop' }))).RecursiveLoop;

    expect(await look()).toBe('Terminate');
    expect(await recurse('Allow')).toMatchObject({ RecursiveLoop: 'Allow' });
    expect(await look()).toBe('Allow');
    await recurse('Terminate');
    expect(await look()).toBe('Terminate');
  });

  it('is nothing else', async () => {
    const { recurse } = await open();

    expect((await errorOf(recurse('Forever' as RecursiveLoop))).name).toBe('ValidationException');
  });
});
