import { createHash } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import type { AddPermissionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Document, Plan, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createLambdaFunctionType } from '../../src/resources/aws-lambda-function.ts';
import { createLambdaPermissionType } from '../../src/resources/aws-lambda-permission.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { makeRole } from '../support/function-role.ts';
import { functionInput, ROLE, zipOf } from '../support/lambda.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const NAME = { FunctionName: 'corp-function' };
const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:corp-function';
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/corp';
const OTHER_ROLE = 'arn:aws:iam::111122223333:role/other';
const LAYER = 'arn:aws:lambda:eu-west-1:999988887777:layer:spy:1';

const OLD = zipOf('export const handler = async () => 1;');
const NEW = zipOf('export const handler = async () => 2;');
const sha256 = (zip: Uint8Array): string => createHash('sha256').update(zip).digest('base64');
const BUNDLES = new Map([OLD, NEW].map((zip) => [sha256(zip), zip]));

const PROPERTIES = {
  FunctionName: 'corp-function',
  Description: 'mirrors corp.test',
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::111122223333:role/trueup/acme/corp',
  MemorySize: 256,
  Timeout: 60,
  Environment: { Variables: { TRUEUP_DOCUMENT: 'canary-5d1e', KEPT: 'canary-77aa' } },
  Layers: [],
  VpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] },
  Architectures: ['arm64'],
  ReservedConcurrentExecutions: 1,
  LoggingConfig: { LogGroup: '/trueup/corp' },
  Tags: [{ Key: 'team', Value: 'network' }],
  Code: { Sha256: sha256(OLD), Version: '1.4.0' },
} satisfies Record<string, Value>;

function functionOf(rest: Record<string, Value> = {}): Desired {
  return { id: 'Function', type: 'AWS::Lambda::Function', place: HERE, properties: { ...PROPERTIES, ...rest } };
}

const PERMISSION: Desired = {
  id: 'Permission',
  type: 'AWS::Lambda::Permission',
  place: HERE,
  properties: {
    FunctionName: { $get: ['Function', 'Arn'] },
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: RULE,
    SourceAccount: '111122223333',
  },
};

interface Bench extends ResourceBench {
  readonly client: LambdaClient;
  set(resources: readonly Desired[], rest?: Partial<Document>): void;
  /** Somebody's own change of the configuration. */
  edit(change: Partial<UpdateFunctionConfigurationRequest>): Promise<void>;
}

async function open(faults: readonly Fault[] = []): Promise<Bench> {
  const bench = createResourceBench(
    (aws) => [
      erasedType(createLambdaFunctionType(aws, (hash) => BUNDLES.get(hash))),
      erasedType(createLambdaPermissionType(aws)),
    ],
    [],
    { faults },
  );
  const client = bench.account.client(LambdaClient, HERE);
  const iam = bench.account.client(IAMClient, HERE);
  for (const role of [PROPERTIES.Role, OTHER_ROLE, ROLE]) await makeRole(iam, role);
  return Object.assign(bench, {
    client,
    set(resources: readonly Desired[], rest: Partial<Document> = {}) {
      bench.documents = [fakeDocument('corp', resources, rest)];
    },
    async edit(change: Partial<UpdateFunctionConfigurationRequest>) {
      await client.send(new UpdateFunctionConfigurationCommand({ ...NAME, ...change }));
      bench.account.elapse(60_000);
    },
  });
}

async function applied(resources: readonly Desired[] = [functionOf()], faults: readonly Fault[] = []): Promise<Bench> {
  const bench = await open(faults);
  bench.set(resources);
  const result = await bench.apply(await bench.plan());
  expect(result).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: { create: 0, update: 0 } } });
  return bench;
}

async function tagsOf(bench: Bench): Promise<Record<string, string>> {
  return (await bench.client.send(new ListTagsCommand({ Resource: ARN }))).Tags ?? {};
}

function changes(plan: Plan): readonly unknown[] {
  return plan.actions.flatMap((action) => action.changes);
}

async function statements(bench: Bench): Promise<readonly Record<string, unknown>[]> {
  const { Policy } = await bench.client.send(new GetPolicyCommand(NAME));
  return (JSON.parse(Policy!) as { Statement: Record<string, unknown>[] }).Statement;
}

describe('a function', () => {
  it('is made as it is declared, marked, and then left alone', async () => {
    const bench = await applied();

    expect(await bench.client.send(new GetFunctionConfigurationCommand(NAME))).toMatchObject({
      Description: 'mirrors corp.test',
      Runtime: 'nodejs22.x',
      Role: PROPERTIES.Role,
      MemorySize: 256,
      Timeout: 60,
      Environment: PROPERTIES.Environment,
      VpcConfig: PROPERTIES.VpcConfig,
      Architectures: ['arm64'],
      LoggingConfig: { LogGroup: '/trueup/corp' },
      CodeSha256: sha256(OLD),
    });
    expect(await bench.client.send(new GetFunctionConcurrencyCommand(NAME))).toMatchObject({
      ReservedConcurrentExecutions: 1,
    });
    expect(await tagsOf(bench)).toEqual({
      team: 'network',
      'trueup:owner': `${OWNER}/Fake/corp/Function`,
      'trueup:code': '1.4.0',
      'trueup:applied': expect.stringMatching(/^[\w-]{96}$/),
    });
    const writes = bench.writes('lambda');
    expect((await bench.plan()).summary).toMatchObject({ unchanged: 1, update: 0 });
    expect((await bench.apply()).outcome).toBe('nothing');
    expect(bench.writes('lambda')).toBe(writes);
  });

  it('may start itself again and again where that is declared, and else nobody looks', async () => {
    const recursion = async ({ client }: Bench) =>
      (await client.send(new GetFunctionRecursionConfigCommand(NAME))).RecursiveLoop;
    const seen = ({ account }: Bench, name: string) =>
      account.events().filter(({ eventName }) => eventName === name).length;
    const bench = await applied();
    expect(seen(bench, 'GetFunctionRecursionConfig')).toBe(0);
    expect(await recursion(bench)).toBe('Terminate');

    bench.set([functionOf({ RecursiveLoop: 'Allow' })]);
    const plan = await bench.plan();
    expect(changes(plan)).toMatchObject([{ path: 'RecursiveLoop', before: 'Terminate', after: 'Allow' }]);
    expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', replan: { summary: { update: 0 } } });
    expect(await recursion(bench)).toBe('Allow');

    await bench.client.send(new PutFunctionRecursionConfigCommand({ ...NAME, RecursiveLoop: 'Terminate' }));
    expect(changes(await bench.plan())).toMatchObject([{ path: 'RecursiveLoop', cause: 'drift' }]);
    await bench.apply(await bench.plan());
    expect(await recursion(bench)).toBe('Allow');
  });

  it('is made so that it may start itself', async () => {
    const bench = await applied([functionOf({ RecursiveLoop: 'Allow' })]);
    const { RecursiveLoop } = await bench.client.send(new GetFunctionRecursionConfigCommand(NAME));
    expect(RecursiveLoop).toBe('Allow');
  });

  it('is looked at without GetFunction, which links to its code', async () => {
    const bench = await applied();
    await bench.plan();

    const names = new Set(bench.account.events().map(({ eventName }) => eventName));
    expect(names).toContain('GetFunctionConfiguration');
    expect(names).not.toContain('GetFunction');
  });

  it.each<[string, Record<string, Value>, unknown]>([
    ['Description', { Description: 'new' }, { before: 'mirrors corp.test', after: 'new' }],
    ['Runtime', { Runtime: 'nodejs24.x' }, { before: 'nodejs22.x', after: 'nodejs24.x' }],
    ['Handler', { Handler: 'index.other' }, { before: 'index.handler', after: 'index.other' }],
    ['Role', { Role: OTHER_ROLE }, { before: PROPERTIES.Role, after: OTHER_ROLE }],
    ['MemorySize', { MemorySize: 512 }, { before: 256, after: 512 }],
    ['Timeout', { Timeout: 90 }, { before: 60, after: 90 }],
    [
      'Environment',
      { Environment: { Variables: { TRUEUP_DOCUMENT: 'canary-0b0b', ADDED: 'canary-1c1c' } } },
      {
        before: { Variables: { KEPT: { secret: true }, TRUEUP_DOCUMENT: { secret: true } } },
        after: { Variables: { ADDED: { secret: true }, TRUEUP_DOCUMENT: { secret: true } } },
      },
    ],
    ['Layers', { Layers: [LAYER] }, { before: [], after: [LAYER] }],
    [
      'VpcConfig',
      { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } },
      { before: PROPERTIES.VpcConfig, after: { SubnetIds: [], SecurityGroupIds: [] } },
    ],
    ['Architectures', { Architectures: ['x86_64'] }, { before: ['arm64'], after: ['x86_64'] }],
    ['ReservedConcurrentExecutions', { ReservedConcurrentExecutions: 2 }, { before: 1, after: 2 }],
    [
      'LoggingConfig',
      { LoggingConfig: { LogGroup: '/trueup/other' } },
      { before: { LogGroup: '/trueup/corp' }, after: { LogGroup: '/trueup/other' } },
    ],
    [
      'Tags',
      { Tags: [{ Key: 'team', Value: 'dns' }] },
      { before: [{ Key: 'team', Value: 'network' }], after: [{ Key: 'team', Value: 'dns' }] },
    ],
    [
      'Code',
      { Code: { Sha256: sha256(NEW), Version: '1.5.0' } },
      { before: { sha256: sha256(OLD), version: '1.4.0' }, after: { sha256: sha256(NEW), version: '1.5.0' } },
    ],
  ])('has its %s changed, and nothing else', async (path, rest, change) => {
    const bench = await applied();
    bench.set([functionOf(rest)]);

    const plan = await bench.plan();
    expect(plan.actions).toMatchObject([{ action: 'update', reason: 'declared', resource: 'corp-function' }]);
    expect(changes(plan)).toEqual([{ path, cause: 'git', ...(change as object) }]);
    const result = await bench.apply(plan);

    expect(result).toMatchObject({ outcome: 'applied', replan: { summary: { update: 0, unchanged: 1 } } });
  });

  it('has code, configuration, concurrency and tags changed together, each step once', async () => {
    const bench = await applied();
    const before = bench.writes('lambda');
    bench.set([
      functionOf({
        Code: { Sha256: sha256(NEW), Version: '1.5.0' },
        Timeout: 90,
        ReservedConcurrentExecutions: 3,
        Tags: [{ Key: 'team', Value: 'dns' }],
      }),
    ]);

    expect((await bench.apply(await bench.plan())).outcome).toBe('applied');

    // Code, configuration, concurrency, tags, and the stamp.
    expect(bench.writes('lambda') - before).toBe(5);
    expect(await tagsOf(bench)).toMatchObject({ 'trueup:code': '1.5.0', team: 'dns' });
  });

  it('is protected, and not any more', async () => {
    const bench = await applied();
    bench.set([functionOf()], { protect: true });
    expect(changes(await bench.plan())).toMatchObject([{ path: 'trueup:protect', after: 'true' }]);
    await bench.apply();
    expect(await tagsOf(bench)).toMatchObject({ 'trueup:protect': 'true' });

    bench.set([functionOf()]);
    await bench.apply();

    expect(await tagsOf(bench)).not.toHaveProperty('trueup:protect');
  });

  it.each<[string, Record<string, Value>]>([
    ['Description', {}],
    ['Architectures', {}],
    ['VpcConfig', {}],
    ['ReservedConcurrentExecutions', {}],
    ['LoggingConfig', {}],
    ['Environment', {}],
  ])('keeps what nobody declares: %s', async (path) => {
    const { [path as 'Description']: _gone, ...properties } = PROPERTIES;
    const bench = await applied();
    bench.set([{ ...functionOf(), properties }]);

    expect((await bench.plan()).actions).toEqual([]);
  });

  it('that needs code which this trueup has not fails, and says so', async () => {
    const bench = await open();
    bench.set([functionOf({ Code: { Sha256: 'x'.repeat(44), Version: '9.9.9' } })]);

    const { failed } = await bench.apply();

    expect(failed).toMatchObject([{ error: expect.stringContaining('trueup 9.9.9') }]);
    expect(bench.writes('lambda')).toBe(0);
  });

  it.each(['GetFunctionConfiguration', 'ListTags', 'GetFunctionConcurrency'])(
    'that could not be looked at is unknown, not absent: %s',
    async (command) => {
      const bench = await open([{ service: 'lambda', command, fault: 'access-denied', times: 9 }]);
      await bench.client.send(new CreateFunctionCommand(functionInput('corp-function', OLD)));
      bench.set([functionOf()]);

      expect(await bench.plan()).toMatchObject({ complete: false, actions: [] });
    },
  );
});

describe('T28 variables of a function', () => {
  it('are in no plan, result or drift, and no hash of them either', async () => {
    const bench = await open();
    bench.set([functionOf()]);
    const texts = [JSON.stringify(await bench.plan())];
    texts.push(JSON.stringify(await bench.apply()));
    bench.set([functionOf({ Environment: { Variables: { KEPT: 'canary-2222' } } })]);
    texts.push(JSON.stringify(await bench.plan()));
    await bench.edit({ Environment: { Variables: { KEPT: 'canary-3333' } } });
    texts.push(JSON.stringify(await bench.drift()));

    const values = ['canary-5d1e', 'canary-77aa', 'canary-2222', 'canary-3333'];
    const hashes = values.flatMap((value) =>
      (['hex', 'base64', 'base64url'] as const).map((encoding) =>
        createHash('sha256').update(value).digest(encoding).slice(0, 12),
      ),
    );
    for (const secret of [...values, ...hashes]) expect(texts.join('\n')).not.toContain(secret);
    expect(texts[0]).toContain('"TRUEUP_DOCUMENT":{"secret":true}');
  });
});

describe('T73 a function that somebody changed by hand', () => {
  it.each<[string, (bench: Bench) => Promise<unknown>]>([
    [
      'Code',
      async ({ client, account }) => {
        await client.send(new UpdateFunctionCodeCommand({ ...NAME, ZipFile: NEW }));
        account.elapse(60_000);
      },
    ],
    ['Layers', (bench) => bench.edit({ Layers: [LAYER] })],
    [
      'Environment',
      (bench) => bench.edit({ Environment: { Variables: { ...PROPERTIES.Environment.Variables, KEPT: 'evil' } } }),
    ],
    ['Role', (bench) => bench.edit({ Role: OTHER_ROLE })],
    ['MemorySize', (bench) => bench.edit({ MemorySize: 1024 })],
    ['Timeout', (bench) => bench.edit({ Timeout: 900 })],
    ['Handler', (bench) => bench.edit({ Handler: 'index.evil' })],
    [
      'ReservedConcurrentExecutions',
      ({ client }) => client.send(new PutFunctionConcurrencyCommand({ ...NAME, ReservedConcurrentExecutions: 0 })),
    ],
    ['Tags', ({ client }) => client.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ['team'] }))],
  ])('has drifted in its %s, and is put right', async (path, edit) => {
    const bench = await applied();
    await edit(bench);

    const { drifted } = await bench.drift();

    expect(drifted).toMatchObject([{ resource: 'corp-function', changes: [{ path, cause: 'drift' }] }]);
    expect(await bench.apply(await bench.plan())).toMatchObject({
      outcome: 'applied',
      replan: { summary: { update: 0 } },
    });
  });

  it('is seen where layers are not even declared', async () => {
    const { Layers: _none, ...properties } = PROPERTIES;
    const bench = await applied([{ ...functionOf(), properties }]);
    await bench.edit({ Layers: [LAYER] });

    expect((await bench.drift()).drifted).toMatchObject([
      { changes: [{ path: 'Layers', before: [LAYER], after: [] }] },
    ]);
  });
});

describe('whose function it is', () => {
  it('is refused when it is somebody else’s, and taken over when that is wanted', async () => {
    const bench = await open();
    await bench.client.send(new CreateFunctionCommand(functionInput('corp-function', NEW)));
    bench.account.elapse(60_000);
    bench.set([functionOf()]);
    expect(await bench.plan()).toMatchObject({ actions: [], documents: [{ findings: [{ code: 'foreign' }] }] });

    bench.set([functionOf()], { adopt: true });
    await bench.apply(await bench.plan());
    expect(await tagsOf(bench)).toEqual({ 'trueup:owner': `${OWNER}/Fake/corp/Function` });

    expect((await bench.plan()).actions).toMatchObject([{ action: 'update', reason: 'unfinished' }]);
    expect(await bench.apply(await bench.plan())).toMatchObject({
      outcome: 'applied',
      replan: { summary: { update: 0 } },
    });
  });

  it('is another document’s, or another owner’s', async () => {
    const bench = await applied();
    const mark = (owner: string) =>
      bench.client.send(new TagResourceCommand({ Resource: ARN, Tags: { 'trueup:owner': owner } }));

    await mark(`${OWNER}/Fake/other/Function`);
    expect(await bench.plan()).toMatchObject({
      documents: [{ findings: [{ code: 'taken', hint: expect.stringContaining('formerly: [other]') as string }] }],
    });
    await mark('globex/Fake/corp/Function');
    expect(await bench.plan()).toMatchObject({ documents: [{ findings: [{ code: 'other-owner' }] }] });
  });

  it('is found as an orphan when nothing declares it any more', async () => {
    const bench = await applied();
    await bench.client.send(new CreateFunctionCommand(functionInput('foreign', OLD)));
    bench.documents = [];
    bench.searches = true;

    // Its name does not follow from its marker: it is said, and stays.
    expect((await bench.drift()).orphans).toMatchObject([
      {
        id: 'Fake/corp/Function',
        resource: 'corp-function',
        action: 'none',
        why: expect.stringContaining('does not follow') as string,
      },
    ]);
  });
});

describe('a crash or a lost reply', () => {
  const COMMANDS = ['CreateFunction', 'PutFunctionConcurrency', 'TagResource', 'AddPermission'];
  const UPDATES = [
    'UpdateFunctionCode',
    'UpdateFunctionConfiguration',
    'PutFunctionConcurrency',
    'TagResource',
    'RemovePermission',
    'AddPermission',
  ];
  const CHANGED = [
    functionOf({ Code: { Sha256: sha256(NEW), Version: '1.5.0' }, Timeout: 90, ReservedConcurrentExecutions: 3 }),
    { ...PERMISSION, properties: { ...PERMISSION.properties, SourceArn: `${RULE}-2` } },
  ];

  it.each(COMMANDS)('a lost reply of %s is survived: made once, and whole', async (command) => {
    const bench = await applied([functionOf(), PERMISSION], [{ service: 'lambda', command, fault: 'lost-reply' }]);

    expect(await statements(bench)).toHaveLength(1);
    expect((await bench.plan()).actions).toEqual([]);
  });

  it.each(UPDATES)('a lost reply of %s in an update is survived', async (command) => {
    const nth = ['TagResource', 'PutFunctionConcurrency', 'AddPermission'].includes(command) ? 2 : 1;
    const bench = await applied([functionOf(), PERMISSION], [{ service: 'lambda', command, nth, fault: 'lost-reply' }]);
    bench.set(CHANGED);

    expect(await bench.apply(await bench.plan())).toMatchObject({
      outcome: 'applied',
      failed: [],
      replan: { summary: { update: 0, create: 0 } },
    });
  });

  /** Ends the first apply at a write, as a crash would; a second one must finish by the same review. */
  it.each([...COMMANDS, ...UPDATES].flatMap((command) => [1, 2].map((nth) => ({ command, nth }))))(
    'what write $nth of $command left is finished under the same review',
    async ({ command, nth }) => {
      const bench = await open([{ service: 'lambda', command, nth, fault: 'access-denied' }]);
      for (const resources of [[functionOf(), PERMISSION], CHANGED]) {
        bench.set(resources);
        const reviewed = await bench.plan();
        await bench.apply(reviewed);
        expect(['applied', 'nothing']).toContain((await bench.apply(reviewed)).outcome);
        expect((await bench.plan()).actions).toEqual([]);
      }
    },
  );

  it('a role that Lambda cannot assume yet is waited for', async () => {
    const bench = await open();
    bench.set([functionOf()]);
    const real = bench.account.plugin;
    let refusals = 2;
    // As IAM answers in the first seconds of a role's life.
    Object.assign(
      real,
      wrapped(real, () => (refusals -= 1) >= 0),
    );
    const before = bench.account.now();

    expect((await bench.apply()).outcome).toBe('applied');

    expect(bench.account.now() - before).toBeGreaterThanOrEqual(10_000);
  });
});

/** A plugin under which CreateFunction fails, as long as it says so, because of a role that is too young. */
function wrapped(plugin: Bench['account']['plugin'], fails: () => boolean): Pick<typeof plugin, 'applyToStack'> {
  const original = plugin.applyToStack.bind(plugin);
  return {
    applyToStack(stack) {
      original(stack);
      stack.add(
        (next: (call: unknown) => Promise<unknown>, context: { commandName?: string }) => (call: unknown) => {
          if (context.commandName !== 'CreateFunctionCommand' || !fails()) return next(call);
          const message = 'The role defined for the function cannot be assumed by Lambda.';
          return Promise.reject(
            Object.assign(new Error(message), {
              name: 'InvalidParameterValueException',
              $fault: 'client',
              $metadata: {},
            }),
          );
        },
        { name: 'youngRole', step: 'finalizeRequest', override: true },
      );
    },
  };
}

describe('a permission', () => {
  it('is a statement of its own among others, and then left alone', async () => {
    const bench = await applied([functionOf(), PERMISSION]);
    const writes = bench.writes('lambda');

    expect(await statements(bench)).toMatchObject([
      {
        Sid: expect.stringMatching(/^corp-permission-[0-9a-f]{10}$/),
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnLike: { 'AWS:SourceArn': RULE }, StringEquals: { 'AWS:SourceAccount': '111122223333' } },
      },
    ]);
    expect((await bench.plan()).summary).toMatchObject({ unchanged: 2, kept: 0 });
    expect((await bench.apply()).outcome).toBe('nothing');
    expect(bench.writes('lambda')).toBe(writes);
  });

  it.each<[string, Record<string, Value>]>([
    ['Principal', { Principal: 's3.amazonaws.com' }],
    ['SourceArn', { SourceArn: `${RULE}-2` }],
    ['SourceAccount', { SourceAccount: '444455556666' }],
    ['Action', { Action: 'lambda:*' }],
  ])('has its %s changed', async (path, rest) => {
    const bench = await applied([functionOf(), PERMISSION]);
    bench.set([functionOf(), { ...PERMISSION, properties: { ...PERMISSION.properties, ...rest } }]);

    const plan = await bench.plan();
    expect(plan.actions).toMatchObject([{ action: 'update', changes: [{ path }] }]);

    expect(await bench.apply(plan)).toMatchObject({
      outcome: 'applied',
      replan: { summary: { update: 0, create: 0 } },
    });
    expect(await statements(bench)).toHaveLength(1);
  });

  it('leaves the statements of others, counts them and names them', async () => {
    const bench = await applied([functionOf(), PERMISSION]);
    const foreign = { ...NAME, StatementId: 'theirs', Action: 'lambda:InvokeFunction', Principal: '444455556666' };
    await bench.client.send(new AddPermissionCommand(foreign));
    bench.set([functionOf(), { ...PERMISSION, properties: { ...PERMISSION.properties, SourceArn: `${RULE}-2` } }]);
    await bench.apply();

    const plan = await bench.plan();

    expect(plan.summary).toMatchObject({ unchanged: 2, kept: 1 });
    expect(plan.documents[0]!.findings).toMatchObject([
      { code: 'kept-entries', severity: 'info', message: expect.stringMatching(/not ours and stay: theirs$/) },
    ]);
    expect((await statements(bench)).map(({ Sid }) => Sid)).toContain('theirs');
  });

  it.each<[string, Partial<AddPermissionRequest>, readonly string[]]>([
    ['everybody', { Principal: '*' }, ['open-permission']],
    ['everybody of an organisation', { Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' }, ['kept-entries']],
    ['everybody from one rule', { Principal: '*', SourceArn: RULE }, ['kept-entries']],
  ])('T74 warns of one of others that lets in %s', async (_what, rest, codes) => {
    const bench = await applied([functionOf(), PERMISSION]);
    await bench.client.send(
      new AddPermissionCommand({
        ...NAME,
        StatementId: 'open',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
        ...rest,
      }),
    );

    const { findings } = (await bench.plan()).documents[0]!;

    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const finding of findings.filter(({ code }) => code === 'open-permission')) {
      expect(finding).toMatchObject({ severity: 'warning', hint: expect.stringContaining('remove-permission') });
    }
  });

  it.each<[string, Partial<AddPermissionRequest>]>([
    ['opened', { SourceArn: undefined, SourceAccount: undefined }],
    ['narrowed by a condition that nobody declared', { PrincipalOrgID: 'o-a1b2c3d4e5' }],
  ])('that was %s by hand is put right', async (_what, rest) => {
    const bench = await applied([functionOf(), PERMISSION]);
    const [{ Sid } = {}] = await statements(bench);
    const ours = { ...NAME, StatementId: String(Sid) };
    await bench.client.send(new RemovePermissionCommand(ours));
    await bench.client.send(
      new AddPermissionCommand({
        ...ours,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: RULE,
        SourceAccount: '111122223333',
        ...rest,
      }),
    );

    expect((await bench.plan()).actions).toMatchObject([{ action: 'update', type: 'AWS::Lambda::Permission' }]);
    await bench.apply();

    expect(await statements(bench)).toMatchObject([
      { Condition: { ArnLike: { 'AWS:SourceArn': RULE }, StringEquals: { 'AWS:SourceAccount': '111122223333' } } },
    ]);
    expect((await statements(bench))[0]).not.toHaveProperty('Condition.StringEquals.aws:PrincipalOrgID');
  });

  it('that could not be looked at is unknown', async () => {
    const bench = await open([{ service: 'lambda', command: 'GetPolicy', nth: 1, times: 99, fault: 'access-denied' }]);
    bench.set([functionOf()]);
    await bench.apply();
    bench.set([functionOf(), PERMISSION]);

    expect(await bench.plan()).toMatchObject({ complete: false, actions: [] });
  });
});
