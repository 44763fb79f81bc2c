import { createHash } from 'node:crypto';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  paginateListFunctions,
} from '@aws-sdk/client-lambda';
import type {
  AddPermissionRequest,
  CreateFunctionRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/embedded-zone.ts';
import { ROLE, functionInput, openTestFunctions, zipOf } from '../support/lambda.ts';

const SOURCE = 'export const handler = async () => 1;';
const ZIP = zipOf(SOURCE);
const SHA256 = createHash('sha256').update(ZIP).digest('base64');
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const NAME = { FunctionName: 'mirror' };

function open() {
  const functions = openTestFunctions();
  const { client, account } = functions;
  return {
    ...functions,
    make: (rest: Partial<CreateFunctionRequest> = {}) =>
      client.send(new CreateFunctionCommand({ ...functionInput('mirror', ZIP), ...rest })),
    get: () => client.send(new GetFunctionConfigurationCommand(NAME)),
    configure: (rest: Partial<UpdateFunctionConfigurationRequest>) =>
      client.send(new UpdateFunctionConfigurationCommand({ ...NAME, ...rest })),
    upload: (rest: Partial<UpdateFunctionCodeRequest>) =>
      client.send(new UpdateFunctionCodeCommand({ ...NAME, ...rest })),
    settle: () => account.elapse(60_000),
  };
}

async function made(rest: Partial<CreateFunctionRequest> = {}) {
  const functions = open();
  await functions.make(rest);
  functions.settle();
  return functions;
}

describe('CreateFunction', () => {
  it('makes a function that is pending for a while', async () => {
    const { make, get, settle } = open();

    const created = await make({ Timeout: undefined, MemorySize: undefined });
    settle();
    const active = await get();

    expect(created).toMatchObject({
      FunctionName: 'mirror',
      FunctionArn: ARN,
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      CodeSize: ZIP.byteLength,
      CodeSha256: SHA256,
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: '2026-11-24T10:00:00.000+0000',
      Version: '$LATEST',
      VpcConfig: { SubnetIds: [], SecurityGroupIds: [], VpcId: '', Ipv6AllowedForDualStack: false },
      TracingConfig: { Mode: 'PassThrough' },
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/mirror' },
      State: 'Pending',
      StateReasonCode: 'Creating',
    });
    expect(active).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
    expect(active.Environment).toBeUndefined();
    expect(active.RevisionId).not.toBe(created.RevisionId);
  });

  it('takes longer in a VPC', async () => {
    const { account, make, get } = open();
    await make({ VpcConfig: { SubnetIds: ['subnet-0a1'], SecurityGroupIds: ['sg-0b2'] } });
    account.elapse(5_000);

    expect(await get()).toMatchObject({
      State: 'Pending',
      VpcConfig: { SubnetIds: ['subnet-0a1'], SecurityGroupIds: ['sg-0b2'] },
    });
  });

  it.each<[string, Partial<CreateFunctionRequest>, string]>([
    ['a name with a dot', { FunctionName: 'a.b' }, 'ValidationException'],
    ['a name of 65 characters', { FunctionName: 'x'.repeat(65) }, 'ValidationException'],
    ['127 MB', { MemorySize: 127 }, 'ValidationException'],
    ['10,241 MB', { MemorySize: 10_241 }, 'ValidationException'],
    ['no second', { Timeout: 0 }, 'ValidationException'],
    ['901 seconds', { Timeout: 901 }, 'ValidationException'],
    ['a description of 257 characters', { Description: 'x'.repeat(257) }, 'ValidationException'],
    ['a handler with a blank', { Handler: 'index handler' }, 'ValidationException'],
    ['no handler', { Handler: undefined }, 'InvalidParameterValueException'],
    ['an old runtime', { Runtime: 'nodejs14.x' }, 'InvalidParameterValueException'],
    ['a role that is none', { Role: 'arn:aws:iam::111122223333:user/x' }, 'ValidationException'],
    ['a role of another account', { Role: 'arn:aws:iam::444455556666:role/x' }, 'AccessDeniedException'],
    [
      '4,097 bytes of variables',
      { Environment: { Variables: { A1: 'x'.repeat(4088) } } },
      'InvalidParameterValueException',
    ],
    ['a reserved variable', { Environment: { Variables: { AWS_REGION: 'x' } } }, 'InvalidParameterValueException'],
    ['a malformed variable', { Environment: { Variables: { '1A': 'x' } } }, 'ValidationException'],
    ['subnets alone', { VpcConfig: { SubnetIds: ['subnet-1'] } }, 'InvalidParameterValueException'],
    ['a malformed subnet', { VpcConfig: { SubnetIds: ['net-1'], SecurityGroupIds: ['sg-1'] } }, 'ValidationException'],
    [
      '17 subnets',
      { VpcConfig: { SubnetIds: Array.from({ length: 17 }, (_, i) => `subnet-${i}`), SecurityGroupIds: ['sg-1'] } },
      'ValidationException',
    ],
    ['two architectures', { Architectures: ['arm64', 'x86_64'] }, 'ValidationException'],
    ['no code', { Code: {} }, 'InvalidParameterValueException'],
    ['code that is no zip', { Code: { ZipFile: Buffer.from('x') } }, 'InvalidParameterValueException'],
    ['a tag of AWS', { Tags: { 'aws:x': '1' } }, 'InvalidParameterValueException'],
    [
      '51 tags',
      { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) },
      'InvalidParameterValueException',
    ],
    ['a version', { Publish: true }, 'NotEmbedded'],
    ['an image', { Code: { ImageUri: 'x' } }, 'NotEmbedded'],
    ['code in S3', { Code: { S3Bucket: 'b', S3Key: 'k' } }, 'NotEmbedded'],
    ['a dead-letter topic', { DeadLetterConfig: { TargetArn: 'arn:aws:sns:eu-west-1:111122223333:q' } }, 'NotEmbedded'],
    ['logs as JSON', { LoggingConfig: { LogFormat: 'JSON' } }, 'NotEmbedded'],
  ])('refuses %s', async (_what, rest, name) => {
    const { make, get } = open();

    expect((await errorOf(make(rest))).name).toBe(name);
    expect((await errorOf(get())).name).toBe('ResourceNotFoundException');
  });

  it('takes the largest of everything', async () => {
    const variables = { A1: 'x'.repeat(4087) };
    const { get } = await made({
      FunctionName: 'mirror',
      MemorySize: 10_240,
      Timeout: 900,
      Environment: { Variables: variables },
      Tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, ''])),
    });

    expect(await get()).toMatchObject({ MemorySize: 10_240, Timeout: 900, Environment: { Variables: variables } });
  });

  it('refuses a name that is taken', async () => {
    const { make } = await made();

    expect(await errorOf(make())).toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: mirror',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('leaves neither code nor variables in the trail', async () => {
    const { account } = await made({ Environment: { Variables: { TOKEN: 'canary-18f2' } } });

    const text = JSON.stringify(account.events());

    expect(text).not.toContain('canary-18f2');
    expect(text).toContain('HIDDEN_DUE_TO_SECURITY_REASONS');
    expect(text.length).toBeLessThan(4000);
  });
});

describe('GetFunction', () => {
  it('shows everything but the code', async () => {
    const { client } = await made({ Tags: { team: 'network' } });
    await client.send(new PutFunctionConcurrencyCommand({ ...NAME, ReservedConcurrentExecutions: 1 }));

    const shown = await client.send(new GetFunctionCommand(NAME));

    expect(shown).toMatchObject({
      Configuration: { CodeSha256: SHA256 },
      Tags: { team: 'network' },
      Concurrency: { ReservedConcurrentExecutions: 1 },
    });
    expect(URL.canParse(shown.Code!.Location!)).toBe(false);
  });

  it.each(['mirror', ARN, '111122223333:function:mirror', 'function:mirror', 'mirror:$LATEST', `${ARN}:$LATEST`])(
    'finds it by %s',
    async (FunctionName) => {
      const { client } = await made();

      expect((await client.send(new GetFunctionConfigurationCommand({ FunctionName }))).FunctionArn).toBe(ARN);
    },
  );

  it.each([
    ['another version', 'mirror:1', 'ResourceNotFoundException'],
    ['another Region', ARN.replace('eu-west-1', 'us-east-1'), 'ResourceNotFoundException'],
    ['another account', ARN.replace('111122223333', '444455556666'), 'AccessDeniedException'],
    ['another name', 'none', 'ResourceNotFoundException'],
    ['no name', 'a b', 'ValidationException'],
  ])('does not find %s', async (_what, FunctionName, name) => {
    const { client } = await made();

    expect((await errorOf(client.send(new GetFunctionConfigurationCommand({ FunctionName })))).name).toBe(name);
  });
});

describe('updates', () => {
  it('change what they name, and are in progress for a while', async () => {
    const { get, configure, settle } = await made({ Description: 'old', Environment: { Variables: { KEPT: '1' } } });

    const updated = await configure({ MemorySize: 512, Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:x:1'] });
    const refused = await errorOf(configure({ MemorySize: 1024 }));
    settle();

    expect(updated).toMatchObject({ MemorySize: 512, LastUpdateStatus: 'InProgress' });
    expect(refused).toMatchObject({ name: 'ResourceConflictException', $metadata: { httpStatusCode: 409 } });
    expect(await get()).toMatchObject({
      MemorySize: 512,
      Description: 'old',
      Environment: { Variables: { KEPT: '1' } },
      Layers: [{ Arn: 'arn:aws:lambda:eu-west-1:111122223333:layer:x:1' }],
      LastUpdateStatus: 'Successful',
    });
  });

  it('replace all variables, and take them away', async () => {
    const { get, configure, settle } = await made({ Environment: { Variables: { A1: '1', B2: '2' } } });
    await configure({ Environment: { Variables: { C3: '3' } } });
    expect((await get()).Environment).toEqual({ Variables: { C3: '3' } });
    settle();

    await configure({ Environment: { Variables: {} } });

    expect((await get()).Environment).toBeUndefined();
  });

  it('change the code and its architecture', async () => {
    const { get, upload } = await made();
    const other = zipOf('export const handler = async () => 2;');

    await upload({ ZipFile: other, Architectures: ['arm64'], DryRun: true });
    expect((await get()).CodeSha256).toBe(SHA256);
    await upload({ ZipFile: other, Architectures: ['arm64'] });

    expect(await get()).toMatchObject({
      CodeSha256: createHash('sha256').update(other).digest('base64'),
      Architectures: ['arm64'],
    });
  });

  it('compare the revision and swap', async () => {
    const { get, configure, upload, settle } = await made();
    const { RevisionId: first } = await get();
    await configure({ Timeout: 5, RevisionId: first });
    settle();

    const stale = [
      await errorOf(configure({ Timeout: 6, RevisionId: first })),
      await errorOf(upload({ ZipFile: ZIP, RevisionId: first })),
    ];

    for (const error of stale) {
      expect(error).toMatchObject({ name: 'PreconditionFailedException', $metadata: { httpStatusCode: 412 } });
    }
    expect((await get()).Timeout).toBe(5);
  });

  it('wait until the function is active', async () => {
    const { client, make, configure, upload } = open();
    await make();

    const calls = [
      configure({}),
      upload({ ZipFile: ZIP }),
      client.send(new DeleteFunctionCommand(NAME)),
      client.send(new InvokeCommand(NAME)),
    ];
    for (const call of calls) expect((await errorOf(call)).name).toBe('ResourceConflictException');
  });

  it('that are not valid change nothing', async () => {
    const { get, configure } = await made();

    expect((await errorOf(configure({ Timeout: 901, MemorySize: 512 }))).name).toBe('ValidationException');
    expect(await get()).toMatchObject({ Timeout: 10, MemorySize: 256, LastUpdateStatus: 'Successful' });
  });
});

describe('DeleteFunction', () => {
  it('takes everything along', async () => {
    const { client, make, get, settle } = await made();
    await client.send(
      new AddPermissionCommand({ ...NAME, StatementId: 'a', Action: 'lambda:InvokeFunction', Principal: '*' }),
    );
    await client.send(new PutFunctionEventInvokeConfigCommand({ ...NAME, MaximumRetryAttempts: 0 }));

    await client.send(new DeleteFunctionCommand(NAME));
    const gone = await errorOf(get());
    await make();
    settle();

    expect(gone).toMatchObject({ name: 'ResourceNotFoundException', message: `Function not found: ${ARN}` });
    expect((await errorOf(client.send(new GetPolicyCommand(NAME)))).name).toBe('ResourceNotFoundException');
    expect((await errorOf(client.send(new GetFunctionEventInvokeConfigCommand(NAME)))).name).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('ListFunctions', () => {
  it('pages through those of an account and Region, by name', async () => {
    const { account, client, make } = open();
    const names = Array.from({ length: 51 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    for (const FunctionName of names) await make({ FunctionName });
    const elsewhere = account.client(LambdaClient, { region: 'us-east-1' });
    await elsewhere.send(new CreateFunctionCommand(functionInput('elsewhere', ZIP)));

    const pages: string[][] = [];
    for await (const page of paginateListFunctions({ client }, {})) {
      pages.push(page.Functions!.map(({ FunctionName }) => FunctionName!));
    }

    expect(pages.map((page) => page.length)).toEqual([50, 1]);
    expect(pages.flat()).toEqual(names);
    expect((await client.send(new ListFunctionsCommand({ MaxItems: 2 }))).Functions).toHaveLength(2);
    expect((await errorOf(client.send(new ListFunctionsCommand({ Marker: '%%' })))).name).toBe(
      'InvalidParameterValueException',
    );
    expect((await errorOf(client.send(new ListFunctionsCommand({ MaxItems: 0 })))).name).toBe('ValidationException');
  });
});

describe('tags', () => {
  it('are added, replaced, listed and removed by ARN', async () => {
    const { client } = await made({ Tags: { a: '1', b: '2' } });

    await client.send(new TagResourceCommand({ Resource: ARN, Tags: { b: '3', c: '4' } }));
    await client.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['a', 'none'] }));

    expect((await client.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ b: '3', c: '4' });
    expect((await errorOf(client.send(new ListTagsCommand({ Resource: `${ARN}x` })))).name).toBe(
      'ResourceNotFoundException',
    );
    expect((await errorOf(client.send(new TagResourceCommand({ Resource: ARN, Tags: { 'aws:a': '' } })))).name).toBe(
      'InvalidParameterValueException',
    );
  });
});

describe('reserved concurrency', () => {
  it('is put, read and taken away', async () => {
    const { client } = await made();
    const read = async () => (await client.send(new GetFunctionConcurrencyCommand(NAME))).ReservedConcurrentExecutions;

    expect(await read()).toBeUndefined();
    await client.send(new PutFunctionConcurrencyCommand({ ...NAME, ReservedConcurrentExecutions: 0 }));
    expect(await read()).toBe(0);
    await client.send(new DeleteFunctionConcurrencyCommand(NAME));
    expect(await read()).toBeUndefined();
  });

  it('leaves a hundred to the others', async () => {
    const { client, make } = await made();
    await make({ FunctionName: 'other' });
    const reserve = (FunctionName: string, ReservedConcurrentExecutions: number) =>
      client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
    await reserve('other', 400);

    expect((await errorOf(reserve('mirror', 501))).name).toBe('InvalidParameterValueException');
    expect((await reserve('mirror', 500)).ReservedConcurrentExecutions).toBe(500);
  });
});

describe('permissions', () => {
  const GRANT = { ...NAME, StatementId: 'rule', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };

  it('make up the function’s policy', async () => {
    const { client } = await made();
    const add = (rest: Partial<AddPermissionRequest>) => client.send(new AddPermissionCommand({ ...GRANT, ...rest }));
    const SourceArn = 'arn:aws:events:eu-west-1:111122223333:rule/r';
    await add({ SourceArn, SourceAccount: '111122223333' });
    await add({ StatementId: 'account', Principal: '444455556666' });

    const { Policy, RevisionId } = await client.send(new GetPolicyCommand(NAME));
    const stale = await errorOf(add({ StatementId: 'x', RevisionId: 'old' }));
    await client.send(new RemovePermissionCommand({ ...NAME, StatementId: 'account', RevisionId }));
    await client.send(new RemovePermissionCommand({ ...NAME, StatementId: 'rule' }));

    expect(JSON.parse(Policy!)).toEqual({
      Version: '2012-10-17',
      Id: 'default',
      Statement: [
        {
          Sid: 'rule',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: ARN,
          Condition: { StringEquals: { 'AWS:SourceAccount': '111122223333' }, ArnLike: { 'AWS:SourceArn': SourceArn } },
        },
        {
          Sid: 'account',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::444455556666:root' },
          Action: 'lambda:InvokeFunction',
          Resource: ARN,
        },
      ],
    });
    expect(stale.name).toBe('PreconditionFailedException');
    expect((await errorOf(client.send(new GetPolicyCommand(NAME)))).name).toBe('ResourceNotFoundException');
  });

  it.each<[string, Partial<AddPermissionRequest>, string]>([
    ['a statement id that is taken', {}, 'ResourceConflictException'],
    ['a malformed statement id', { StatementId: 'a.b' }, 'ValidationException'],
    ['a malformed action', { StatementId: 'b', Action: 's3:Get' }, 'ValidationException'],
    ['nobody', { StatementId: 'b', Principal: 'nobody' }, 'InvalidParameterValueException'],
    ['a source that is no ARN', { StatementId: 'b', SourceArn: 'rule' }, 'ValidationException'],
    ['a malformed account', { StatementId: 'b', SourceAccount: '1' }, 'ValidationException'],
    ['a function URL', { StatementId: 'b', FunctionUrlAuthType: 'NONE' }, 'NotEmbedded'],
    ['another version', { StatementId: 'b', Qualifier: '1' }, 'ResourceNotFoundException'],
  ])('refuse %s', async (_what, rest, name) => {
    const { client } = await made();
    await client.send(new AddPermissionCommand(GRANT));

    expect((await errorOf(client.send(new AddPermissionCommand({ ...GRANT, ...rest })))).name).toBe(name);
  });

  it('stop at 20 KB', async () => {
    const { client } = await made();
    const add = (index: number) =>
      client.send(
        new AddPermissionCommand({
          ...GRANT,
          StatementId: `s${index}`,
          SourceArn: `arn:aws:events:eu-west-1:111122223333:rule/${'x'.repeat(1000)}`,
        }),
      );
    for (let index = 0; index < 16; index += 1) await add(index);

    expect((await errorOf(add(16))).name).toBe('PolicyLengthExceededException');
  });

  it('are only removed when they are there', async () => {
    const { client } = await made();

    const error = await errorOf(client.send(new RemovePermissionCommand({ ...NAME, StatementId: 'none' })));

    expect(error.name).toBe('ResourceNotFoundException');
  });
});

describe('Invoke', () => {
  it('answers with payload, log and version', async () => {
    const functions = openTestFunctions();
    const { client } = functions;
    await functions.create(
      'mirror',
      'export const handler = async (event) => { console.log("x".repeat(5000)); return { got: event }; };',
    );

    const answer = await client.send(new InvokeCommand({ ...NAME, LogType: 'Tail', Payload: Buffer.from('{"a":1}') }));
    const plain = await client.send(new InvokeCommand(NAME));

    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.Payload!.transformToString()).toBe('{"got":{"a":1}}');
    const log = Buffer.from(answer.LogResult!, 'base64');
    expect(log).toHaveLength(4096);
    expect(log.toString()).toMatch(/^x+\nEND RequestId: .*\nREPORT RequestId: .*\t\n$/);
    expect(plain.LogResult).toBeUndefined();
    expect(plain.Payload!.transformToString()).toBe('{"got":{}}');
  });

  it('says when the function failed', async () => {
    const functions = openTestFunctions();
    await functions.create('mirror', 'export const handler = async () => { throw new RangeError("no"); };');

    const answer = await functions.client.send(new InvokeCommand(NAME));

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(answer.Payload!.transformToString())).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'no',
    });
  });

  it('runs nothing when it is dry', async () => {
    const { client } = await made();

    expect(await client.send(new InvokeCommand({ ...NAME, InvocationType: 'DryRun' }))).toMatchObject({
      StatusCode: 204,
    });
  });

  it.each<[string, object, string]>([
    ['what is no JSON', { Payload: Buffer.from('{') }, 'InvalidRequestContentException'],
    ['more than 6 MB', { Payload: Buffer.alloc(6 * 1024 * 1024 + 1, '1') }, 'RequestTooLargeException'],
    [
      'more than 1 MB for later',
      { InvocationType: 'Event', Payload: Buffer.alloc(1024 * 1024 + 1, '1') },
      'RequestTooLargeException',
    ],
    ['another type', { InvocationType: 'Later' }, 'ValidationException'],
    ['another version', { Qualifier: '7' }, 'ResourceNotFoundException'],
  ])('refuses %s', async (_what, rest, name) => {
    const { client } = await made();

    expect((await errorOf(client.send(new InvokeCommand({ ...NAME, ...rest })))).name).toBe(name);
  });

  it.each([
    ['Python', { Runtime: 'python3.13' as const }, /runtime python3.13/],
    ['layers', { Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:x:1'] }, /layers/],
  ])('does not run %s', async (_what, rest, message) => {
    const { client } = await made(rest);

    expect(await errorOf(client.send(new InvokeCommand(NAME)))).toMatchObject({
      name: 'NotEmbedded',
      message: expect.stringMatching(message),
    });
  });
});

it('versions and aliases are refused loudly', async () => {
  const { client } = await made();

  expect((await errorOf(client.send(new PublishVersionCommand(NAME)))).name).toBe('NotEmbedded');
});
