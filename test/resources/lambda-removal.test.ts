import { createHash } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  ListTagsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createLambdaFunctionType } from '../../src/resources/aws-lambda-function.ts';
import { createLambdaPermissionType } from '../../src/resources/aws-lambda-permission.ts';
import { objectName } from '../../src/resources/names.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { makeRole } from '../support/function-role.ts';
import { functionInput, ROLE, zipOf } from '../support/lambda.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, releaseObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const FunctionName = objectName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Function' });
const MARKER = `${OWNER}/Fake/app/Function`;
const ARN = `arn:aws:lambda:eu-west-1:111122223333:function:${FunctionName}`;
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/corp';
const OWN_ROLE = 'arn:aws:iam::111122223333:role/trueup/acme-network/app';
const OTHER_ROLE = 'arn:aws:iam::111122223333:role/other';

const OLD = zipOf('export const handler = async () => 1;');
const NEW = zipOf('export const handler = async () => 2;');
const sha256 = (zip: Uint8Array): string => createHash('sha256').update(zip).digest('base64');
const BUNDLES = new Map([OLD, NEW].map((zip) => [sha256(zip), zip]));

function functionOf(rest: Record<string, Value> = {}): Desired {
  const properties = {
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: OWN_ROLE,
    MemorySize: 256,
    Timeout: 60,
    VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    ReservedConcurrentExecutions: 1,
    Tags: [{ Key: 'team', Value: 'network' }],
    Code: { Sha256: sha256(OLD), Version: '1.4.0' },
  };
  return { id: 'Function', type: 'AWS::Lambda::Function', place: HERE, properties: { ...properties, ...rest } };
}

function permissionOf(rest: Record<string, Value> = {}): Desired {
  const properties = {
    FunctionName: ARN,
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: RULE,
  };
  return {
    id: 'Permission',
    type: 'AWS::Lambda::Permission',
    place: HERE,
    properties: { ...properties, ...rest },
    after: ['Function'],
  };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly client: LambdaClient;
}

async function open(faults: readonly Fault[] = []): Promise<Bench> {
  const resources = createResourceBench(
    (aws) => [
      erasedType(createLambdaFunctionType(aws, (hash) => BUNDLES.get(hash))),
      erasedType(createLambdaPermissionType(aws)),
    ],
    [functionOf(), permissionOf()],
    {
      faults,
      crash() {
        throw new Error('crash');
      },
    },
  );
  const iam = resources.account.client(IAMClient, HERE);
  for (const role of [OWN_ROLE, OTHER_ROLE, ROLE]) await makeRole(iam, role);
  return { resources, client: resources.account.client(LambdaClient, HERE) };
}

async function applied(faults: readonly Fault[] = []): Promise<Bench> {
  const bench = await open(faults);
  expect((await bench.resources.apply()).outcome).toBe('applied');
  return bench;
}

async function makeByHand({ client, resources }: Bench, name: string): Promise<string> {
  const { FunctionArn } = await client.send(new CreateFunctionCommand(functionInput(name, OLD)));
  resources.account.elapse(60_000);
  return FunctionArn!;
}

async function statements({ client }: Bench): Promise<readonly string[]> {
  const { Policy } = await client.send(new GetPolicyCommand({ FunctionName }));
  return (JSON.parse(Policy!) as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid);
}

const FUNCTION = whichOf(functionOf());
const PERMISSION = whichOf(permissionOf());
const FOUND = { ...FUNCTION, properties: { FunctionName } };
const FAULTS = ['lost-reply', 'crash-before', 'crash-after', 'throttle'] as const;

testPermissions({
  name: 'a function and its permission',
  open: () => open(),
  resources: [functionOf(), permissionOf()],
  updates: [
    { resources: [functionOf({ Role: OTHER_ROLE, Code: { Sha256: sha256(NEW), Version: '2' } }), permissionOf()] },
    { resources: [functionOf({ ReservedConcurrentExecutions: 2 }), permissionOf()], rest: { protect: true } },
    {
      resources: [functionOf({ Role: OTHER_ROLE, ReservedConcurrentExecutions: null }), permissionOf()],
    },
    { resources: [functionOf(), permissionOf({ SourceArn: `${RULE}-2` })] },
  ],
  unchecked: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
});

testPermissions({
  name: 'a function alone',
  open: () => open(),
  resources: [functionOf({ ReservedConcurrentExecutions: null, VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } })],
  updates: [
    { resources: [functionOf({ Role: OTHER_ROLE, Code: { Sha256: sha256(NEW), Version: '2' } })] },
    { resources: [functionOf({ Role: OTHER_ROLE, ReservedConcurrentExecutions: null })], rest: { protect: true } },
    { resources: [functionOf({ ReservedConcurrentExecutions: 2 })] },
  ],
  async makeForeign(bench) {
    await makeByHand(bench, FunctionName);
  },
  unchecked: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
});

it('a layer that is declared may be used by who makes the function', () => {
  const type = createLambdaFunctionType(undefined as never, () => undefined);
  const { properties } = functionOf({ Layers: ['arn:aws:lambda:eu-west-1:999988887777:layer:spy:1'] });

  const needed = type.permissions(
    { address: '', owner: OWNER, place: HERE, properties: properties as never },
    'create',
  );

  expect(needed).toContainEqual({
    action: 'lambda:GetLayerVersion',
    resource: 'arn:aws:lambda:eu-west-1:999988887777:layer:spy:1',
  });
});

describe('a function that is removed', () => {
  it('goes with its policy, found by nothing but its ARN', async () => {
    const bench = await applied();

    await removeObject(bench.resources, FOUND);

    expect(await observeObject(bench.resources, PERMISSION)).toBeUndefined();
    expect((await bench.resources.plan()).summary).toMatchObject({ create: 2 });
  });

  it.each(FAULTS)('goes in spite of a %s', async (fault) => {
    const bench = await applied([{ service: 'lambda', command: 'DeleteFunction', fault }]);

    expect(await removeObject(bench.resources, FOUND, 1)).toBe(fault.startsWith('crash') ? 1 : 0);
  });

  it('is let go with all but our tags, and is nobody’s', async () => {
    const bench = await applied();
    const wanted = [functionOf(), permissionOf()];
    bench.resources.documents = [fakeDocument('app', wanted, { protect: true, onRemove: 'release' })];
    await bench.resources.apply();
    expect(await observeObject(bench.resources, FUNCTION)).toMatchObject({ protected: true, onRemove: 'release' });
    const { RevisionId: _moves, ...before } = await bench.client.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );

    await releaseObject(bench.resources, FOUND);

    expect((await bench.client.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ team: 'network' });
    expect(await bench.client.send(new GetFunctionConfigurationCommand({ FunctionName }))).toMatchObject({
      CodeSha256: before.CodeSha256,
      LastModified: before.LastModified,
      Role: before.Role,
    });
    bench.resources.documents = [fakeDocument('app', wanted)];
    const plan = await bench.resources.plan();
    expect(plan.documents[0]!.findings.map(({ code }) => code)).toEqual(['foreign']);
  });
});

describe('a permission that is removed', () => {
  it('goes alone: the statements of others and the function stay', async () => {
    const bench = await applied();
    const theirs = { FunctionName, StatementId: 'theirs', Action: 'lambda:InvokeFunction', Principal: '444455556666' };
    await bench.client.send(new AddPermissionCommand(theirs));

    await removeObject(bench.resources, PERMISSION);

    expect(await statements(bench)).toEqual(['theirs']);
  });

  it('goes with both of its ids, where a change was interrupted', async () => {
    const bench = await applied();
    const [id] = await statements(bench);
    const other = { FunctionName, StatementId: `${id}-2`, Action: 'lambda:InvokeFunction', Principal: '444455556666' };
    await bench.client.send(new AddPermissionCommand(other));
    await bench.client.send(new AddPermissionCommand({ ...other, StatementId: 'theirs' }));

    await removeObject(bench.resources, PERMISSION);

    expect(await statements(bench)).toEqual(['theirs']);
  });

  it.each(FAULTS)('goes in spite of a %s', async (fault) => {
    const bench = await applied([{ service: 'lambda', command: 'RemovePermission', fault }]);

    expect(await removeObject(bench.resources, PERMISSION, 1)).toBe(fault.startsWith('crash') ? 1 : 0);
  });

  it('is not taken from a policy that somebody changed since the look', async () => {
    const bench = await applied();
    const type = bench.resources.types().get(PERMISSION.type)!;
    const target = { ...PERMISSION, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    const seen = await type.observe(target);
    const theirs = { FunctionName, StatementId: 'theirs', Action: 'lambda:InvokeFunction', Principal: '444455556666' };
    await bench.client.send(new AddPermissionCommand(theirs));

    expect(await type.remove!(target, seen as never)).toMatchObject({ done: false });

    expect(await statements(bench)).toHaveLength(2);
  });
});

describe('a function, by its ARN', () => {
  const locate = (bench: Bench, arn: string, marker = MARKER) =>
    locateObject(bench.resources, FUNCTION.type, { arn, marker });

  it('is found again, and looked at with nothing but that', async () => {
    const bench = await applied();
    const { FunctionArn } = await bench.client.send(new GetFunctionConfigurationCommand({ FunctionName }));

    expect(await locate(bench, FunctionArn!)).toEqual({ properties: { FunctionName }, witnessed: true });
    expect(await observeObject(bench.resources, FOUND)).toMatchObject({ marker: MARKER, resource: FunctionName });
  });

  it('T68 is no witness of itself with a copied tag under another name', async () => {
    const bench = await open();
    const Resource = await makeByHand(bench, 'theirs');
    const Tags = { 'trueup:owner': MARKER, 'trueup:adopted': FunctionName };
    await bench.client.send(new TagResourceCommand({ Resource, Tags }));

    expect(await locate(bench, Resource)).toEqual({ properties: { FunctionName: 'theirs' }, witnessed: false });
  });

  it('T68 is one under its first name, when its document was renamed', async () => {
    const bench = await applied();
    bench.resources.documents = [fakeDocument('office', [functionOf()], { formerly: ['app'] })];
    await bench.resources.apply();

    expect(await locate(bench, ARN, `${OWNER}/Fake/office/Function`)).toMatchObject({ witnessed: true });
  });

  it('is not taken for another type, version, account, region or partition', async () => {
    const bench = await open();
    const others = [
      `${ARN}:1`,
      ARN.replace(':function:', ':layer:'),
      ARN.replace(HERE.account, '999988887777'),
      ARN.replace(HERE.region, 'eu-central-1'),
      ARN.replace('arn:aws:', 'arn:aws-us-gov:'),
      RULE,
    ];

    expect(await Promise.all(others.map((arn) => locate(bench, arn)))).toEqual(others.map(() => undefined));
  });
});
