import { setImmediate } from 'node:timers/promises';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { makeRole } from '../support/function-role.ts';
import { functionInput, openTestFunctions, REGION, ROLE, START, zipOf } from '../support/lambda.ts';

const HOOK = "globalThis[Symbol.for('trueup.embedded')]";
const ECHO = 'export const handler = async (event) => event;';
const IDENTITY = `
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
  const client = new STSClient({});
  client.middlewareStack.use(${HOOK}.plugin);
  export const handler = async () => ({ ...(await client.send(new GetCallerIdentityCommand({}))), mark: process.env.MARK });
`;
const COUNTER = 'let calls = 0; export const handler = async () => (calls += 1);';

function handler(body: string): string {
  return `export const handler = async (event, context) => { ${body} };`;
}

describe('an invocation', () => {
  it('gives what the handler answers, and tells it who it is', async () => {
    const { create, invoke } = openTestFunctions();
    await create('echo', handler('return { event, context, env: process.env };'), {
      Environment: { Variables: { STAGE: 'test' } },
    });

    const { answer, requestId, functionError } = await invoke('echo', { a: [1, 'ä'] });

    const stream = expect.stringMatching(/^2026\/11\/24\/\[\$LATEST\][0-9a-f]{32}$/);
    expect(functionError).toBeUndefined();
    expect(answer).toEqual({
      event: { a: [1, 'ä'] },
      context: {
        awsRequestId: requestId,
        callbackWaitsForEmptyEventLoop: true,
        functionName: 'echo',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:echo',
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/echo',
        logStreamName: stream,
      },
      env: {
        STAGE: 'test',
        _HANDLER: 'index.handler',
        _X_AMZN_TRACE_ID: expect.stringMatching(
          /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0;Lineage=[0-9a-f]{8}:1$/,
        ) as string,
        AWS_ACCESS_KEY_ID: expect.stringMatching(/^EMB/),
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_FUNCTION_NAME: 'echo',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/echo',
        AWS_LAMBDA_LOG_STREAM_NAME: stream,
        AWS_REGION: 'eu-west-1',
        AWS_SECRET_ACCESS_KEY: expect.any(String),
        AWS_SESSION_TOKEN: expect.any(String),
        LAMBDA_RUNTIME_DIR: '/var/runtime',
        LAMBDA_TASK_ROOT: '/var/task',
        LANG: 'en_US.UTF-8',
        PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
        TZ: ':UTC',
      },
    });
  });

  it('runs with its own variables and the credentials of its role, beside others', async () => {
    const { create, invoke } = openTestFunctions();
    const settings = { Timeout: 20 };
    await create('one', IDENTITY, { ...settings, Environment: { Variables: { MARK: 'first' } } });
    await create('two', IDENTITY, {
      ...settings,
      Role: 'arn:aws:iam::111122223333:role/other',
      Environment: { Variables: { MARK: 'second' } },
    });

    const [one, two] = await Promise.all([invoke('one'), invoke('two')]);

    expect(one.answer).toMatchObject({ mark: 'first', Arn: 'arn:aws:sts::111122223333:assumed-role/mirror/one' });
    expect(two.answer).toMatchObject({ mark: 'second', Arn: 'arn:aws:sts::111122223333:assumed-role/other/two' });
    expect(process.env['MARK']).toBeUndefined();
  });

  it('gets errors of AWS as the SDK makes them', async () => {
    const { create, invoke } = openTestFunctions();
    const source = `
      import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
      const client = new LambdaClient({});
      client.middlewareStack.use(${HOOK}.plugin);
      export const handler = async () => {
        try { await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'none' })); }
        catch (error) {
          return { name: error.name, message: error.message,
            fault: error.$fault, status: error.$metadata.httpStatusCode, type: error.Type };
        }
      };`;
    await create('asks', source, { Timeout: 20 });

    expect((await invoke('asks')).answer).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:eu-west-1:111122223333:function:none',
      fault: 'client',
      status: 404,
      type: 'User',
    });
  });

  it('passes octets and dates both ways: a function that invokes another one', async () => {
    const { create, invoke } = openTestFunctions();
    await create('echo', ECHO);
    const source = `
      import { GetFunctionEventInvokeConfigCommand, InvokeCommand, LambdaClient, PutFunctionEventInvokeConfigCommand } from '@aws-sdk/client-lambda';
      const client = new LambdaClient({});
      client.middlewareStack.use(${HOOK}.plugin);
      export const handler = async () => {
        const answer = await client.send(new InvokeCommand({ FunctionName: 'echo', Payload: new TextEncoder().encode('{"ü":1}') }));
        const put = await client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'echo', MaximumRetryAttempts: 0 }));
        return { text: answer.Payload.transformToString(), date: put.LastModified instanceof Date };
      };`;
    await create('caller', source, { Timeout: 20 });

    expect((await invoke('caller')).answer).toEqual({ text: '{"ü":1}', date: true });
  });

  it('does not sign as an administrator', async () => {
    const { create, invoke } = openTestFunctions();
    const source = `
      import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
      const client = new STSClient({ credentials: { accessKeyId: 'EMBEDDED111122223333', secretAccessKey: 'x' } });
      client.middlewareStack.use(${HOOK}.plugin);
      export const handler = async () => client.send(new GetCallerIdentityCommand({}));`;
    await create('climbs', source, { Timeout: 20 });

    expect((await invoke('climbs')).answer).toMatchObject({ errorType: 'InvalidClientTokenId' });
  });

  it.each([
    ['that the host alone can read', () => START],
    ['that stands', START],
  ])('lives by a clock of the account %s, and what it sleeps counts as time that passed', async (_, now) => {
    const { account, create, invoke } = openTestFunctions({ now });
    const body = `const hook = ${HOOK}; const began = hook.now(); await hook.sleep(4000);
      return { began, ended: hook.now(), left: context.getRemainingTimeInMillis() };`;
    await create('waits', handler(body));

    const { answer, log } = await invoke('waits');

    const { began, ended, left } = answer as Record<string, number>;
    expect([began! - START, ended! - began!]).toEqual([60_000, 4000]);
    expect(left).toBeLessThanOrEqual(6000);
    expect(left).toBeGreaterThan(4000);
    expect(account.now()).toBe(ended);
    expect(Number(/Duration: ([\d.]+)/.exec(log.at(-1)!)![1])).toBeGreaterThanOrEqual(4000);
  });

  it.each<[string, EmbeddedOptions]>([
    ['the host alone can read', { now: () => START }],
    ['stands', { now: START }],
    ['is the real one', { now: Date.now }],
  ])('sees what others let pass meanwhile of a clock that %s', async (_, options) => {
    const { account, create, invoke } = openTestFunctions(options);
    const body = `const hook = ${HOOK};
      while (hook.now() < event.until) await new Promise((resolve) => setTimeout(resolve, 1));
      return hook.now() - event.until;`;
    await create('watches', handler(body));
    // Warm, it has its event when the clock is moved, and hears nothing more from the host.
    await invoke('watches', { until: 0 });
    const until = account.now() + 3_600_000;

    const watching = invoke('watches', { until });
    await setImmediate();
    account.elapse(3_600_000);

    const late = (await watching).answer as number;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(3_600_000);
    expect(account.now()).toBeGreaterThanOrEqual(until + late);
  });

  it.each([
    ['undefined', handler(''), null],
    ['a function that is not async', 'export const handler = (event) => event.x;', 1],
    ['a CommonJS export', 'export default 1; export const handler = async () => typeof require;', 'undefined'],
  ])('answers JSON: %s', async (_what, source, answer) => {
    const { create, invoke } = openTestFunctions();
    await create('answers', source);

    expect((await invoke('answers', { x: 1 })).answer).toEqual(answer);
  });
});

describe('what goes wrong in a function', () => {
  it.each<[string, string, object]>([
    ['it throws', handler('throw new TypeError("no");'), { errorType: 'TypeError', errorMessage: 'no' }],
    ['it throws something else', handler('throw "no";'), { errorType: 'string', errorMessage: 'no' }],
    [
      'it exits',
      handler('process.exit(3);'),
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
        ),
      },
    ],
    [
      'it ends quietly',
      handler('process.exit(0);'),
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Error: Runtime exited without providing a reason$/),
      },
    ],
    [
      'it throws where nobody catches',
      handler('setTimeout(() => { throw new RangeError("late"); }, 1); await new Promise(() => {});'),
      { errorType: 'RangeError', errorMessage: 'late' },
    ],
    [
      'it eats all its memory',
      handler('const all = []; for (;;) all.push(new Array(100000).fill(event.x + all.length));'),
      {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(/Error: Runtime exited with error: signal: killed$/),
      },
    ],
    ['it throws while it is loaded', 'throw new Error("at init");', { errorType: 'Error', errorMessage: 'at init' }],
    ['it exits while it is loaded', 'process.exit(1);', { errorType: 'Runtime.ExitError' }],
    ['it exports no handler', 'export const other = 1;', { errorType: 'Runtime.HandlerNotFound' }],
    ['it is no JavaScript', 'export const = ;', { errorType: 'SyntaxError' }],
    [
      'it wants a callback',
      'export const handler = (a, b, c) => c();',
      { errorType: 'Runtime.CallbackHandlerDeprecated' },
    ],
    [
      'it answers too much',
      handler('return "x".repeat(6_291_600);'),
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    ],
  ])('%s', async (_what, source, error) => {
    const { create, invoke } = openTestFunctions();
    await create('fails', source, { MemorySize: 128, Timeout: 20 });

    const first = await invoke('fails');
    const second = await invoke('fails');

    expect(first.functionError).toBe('Unhandled');
    expect(first.answer).toMatchObject(error);
    expect(second.answer).toMatchObject(error);
    expect(first.log.some((line) => line.includes('\tERROR\tInvoke Error \t{'))).toBe(true);
  });

  it.each([
    ['it waits', 'await new Promise(() => {});'],
    ['it spins', 'for (;;);'],
    ['it sleeps by the account’s clock', `await ${HOOK}.sleep(1000); return "late";`],
  ])('%s for too long', async (_what, body) => {
    const { create, invoke } = openTestFunctions();
    await create('slow', handler(`console.log("began"); if (event.slow) { ${body} } return "quick";`), { Timeout: 1 });

    const { answer, log, requestId } = await invoke('slow', { slow: true });
    const next = await invoke('slow');

    expect(answer).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(log[1]).toBe('began');
    expect(log[2]).toMatch(/^2026-11-24T10:01:0\d\.\d{3}Z [0-9a-f-]{36} Task timed out after 1.00 seconds$/);
    expect(log.at(-1)).toMatch(/Duration: 1000\.00 ms\t.*Status: timeout\t$/);
    expect(next.answer).toBe('quick');
  });

  it.each([
    ['exits', 'process.exit(3);', 'Runtime.ExitError'],
    ['throws', 'setTimeout(() => { throw new Error("late"); }); await new Promise(() => {});', 'Error'],
    [
      'leaves a rejection alone',
      'void Promise.reject(new RangeError("lost")); await new Promise(() => {});',
      'RangeError',
    ],
  ])('leaves its last words in the log when it %s', async (_what, body, errorType) => {
    const { create, invoke } = openTestFunctions();
    await create('ends', handler(`for (let i = 0; i < 50; i += 1) console.log("words", i); ${body}`));

    const { answer, log } = await invoke('ends');

    expect(answer).toMatchObject({ errorType });
    expect(log.slice(1, 51)).toEqual(Array.from({ length: 50 }, (_, index) => `words ${index}`));
  });

  it('is not there at all', async () => {
    const { invoke } = openTestFunctions();

    expect((await errorOf(invoke('none'))).name).toBe('ResourceNotFoundException');
  });

  it('shows traces as Lambda does, without a path of this machine', async () => {
    const { create, invoke } = openTestFunctions();
    await create('fails', handler('throw new Error("no");'));

    const { answer } = await invoke('fails');

    const { trace } = answer as { trace: string[] };
    expect(trace.join('\n')).toContain('file:///var/task/index.mjs:1:');
    expect(trace.join('\n')).not.toContain('trueup-function-');
  });
});

describe('execution environments', () => {
  it('are used again, the last one first, and cold ones tell how long their start took', async () => {
    const { create, invoke } = openTestFunctions();
    await create('counts', COUNTER);

    const cold = await invoke('counts');
    const warm = await invoke('counts');

    expect([cold.answer, warm.answer]).toEqual([1, 2]);
    expect(cold.log.at(-1)).toMatch(/\tInit Duration: [\d.]+ ms\t$/);
    expect(warm.log.at(-1)).not.toContain('Init Duration');
  });

  it('serve one invocation at a time: more at once take more of them', async () => {
    const { create, invoke } = openTestFunctions();
    await create(
      'slow',
      'let calls = 0; export const handler = async () => { calls += 1; await new Promise((resolve) => setTimeout(resolve, 100)); return calls; };',
    );

    const together = await Promise.all([1, 2, 3].map(() => invoke('slow')));

    expect(together.map(({ answer }) => answer)).toEqual([1, 1, 1]);
    expect((await invoke('slow')).answer).toBe(2);
  });

  it.each<[string, (functions: ReturnType<typeof openTestFunctions>) => Promise<unknown>]>([
    ['a quarter of an hour', async ({ account }) => account.elapse(15 * 60_000)],
    [
      'a change of the configuration',
      async ({ account, client }) => {
        await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'counts', Description: 'new' }));
        account.elapse(60_000);
      },
    ],
  ])('end after %s', async (_what, happen) => {
    const functions = openTestFunctions();
    await functions.create('counts', COUNTER);
    await functions.invoke('counts');

    await happen(functions);

    expect((await functions.invoke('counts')).answer).toBe(1);
  });

  it('have fresh credentials before the old ones expire', async () => {
    const { account, create, invoke } = openTestFunctions();
    await create('identity', IDENTITY, { Timeout: 20 });
    for (let hour = 0; hour < 14; hour += 1) {
      expect((await invoke('identity')).functionError, `hour ${hour}`).toBeUndefined();
      for (let quarter = 0; quarter < 5; quarter += 1) {
        account.elapse(12 * 60_000);
        await invoke('identity');
      }
    }
  });

  it('are not more than the reserved concurrency', async () => {
    const { client, create, invoke } = openTestFunctions();
    await create('slow', handler('await new Promise((resolve) => setTimeout(resolve, 200)); return 1;'));
    const reserve = (ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'slow', ReservedConcurrentExecutions }));
    await reserve(1);

    const [first, second] = await Promise.allSettled([invoke('slow'), invoke('slow')]);
    await reserve(0);
    const third = await errorOf(client.send(new InvokeCommand({ FunctionName: 'slow' })));

    expect(first).toMatchObject({ status: 'fulfilled', value: { answer: 1 } });
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { name: 'TooManyRequestsException', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
    });
    expect(third).toMatchObject({ name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } });
  });
});

describe('T120 code', () => {
  it('that is no handler of this trueup does not run, and is not kept', async () => {
    const { account, client } = openTestFunctions();
    const canary = 'canary-7c1d';
    await makeRole(account.client(IAMClient, REGION), ROLE);
    await client.send(
      new CreateFunctionCommand(
        functionInput('foreign', zipOf(`globalThis.x = "${canary}"; export const handler = async () => 1;`)),
      ),
    );
    account.elapse(60_000);

    const error = await errorOf(account.invoke('foreign', {}, REGION));

    expect(error.name).toBe('NotEmbedded');
    expect(error.message).toMatch(/foreign.*SHA-256 .{44} is no handler of this trueup/);
    expect(JSON.stringify(account.events())).not.toContain(canary);
  });
});
