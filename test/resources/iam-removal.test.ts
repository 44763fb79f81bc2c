import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../../src/embedded/index.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { createRolePolicyType } from '../../src/resources/aws-iam-role-policy.ts';
import { createRoleType } from '../../src/resources/aws-iam-role.ts';
import { objectName } from '../../src/resources/names.ts';
import { allow, document, trust } from '../support/embedded-iam.ts';
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { testPermissions } from '../support/permission-laws.ts';
import { locateObject, observeObject, releaseObject, removeObject, whichOf } from '../support/removal.ts';
import { createResourceBench } from '../support/resource-bench.ts';
import type { ResourceBench } from '../support/resource-bench.ts';

const RoleName = objectName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Role' });
const Path = `/trueup/${OWNER}/`;
const MARKER = `${OWNER}/Fake/app/Role`;
const BOUNDARY = `arn:aws:iam::${HERE.account}:policy/trueup-boundary`;
const ARN = `arn:aws:iam::${HERE.account}:role${Path}${RoleName}`;
const MANAGED = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
const TRUST = JSON.parse(trust({ Service: 'lambda.amazonaws.com' })) as Value;
const OTHER_TRUST = JSON.parse(trust({ Service: 'ecs-tasks.amazonaws.com' })) as Value;
const policyFor = (action: string): Value => JSON.parse(document(allow(action))) as Value;

const TAGS = [{ Key: 'team', Value: 'network' }];

function role(rest: Record<string, Value> = {}): Desired {
  const properties = {
    RoleName,
    Path,
    AssumeRolePolicyDocument: TRUST,
    Description: 'runs app',
    PermissionsBoundary: BOUNDARY,
    Tags: TAGS,
  };
  return { id: 'Role', type: 'AWS::IAM::Role', place: HERE, properties: { ...properties, ...rest } };
}

function policy(action = 'route53:ListHostedZones'): Desired {
  const properties = { RoleName, PolicyName: 'app', PolicyDocument: policyFor(action) };
  return { id: 'Policy', type: 'AWS::IAM::RolePolicy', place: HERE, properties, after: ['Role'] };
}

interface Bench {
  readonly resources: ResourceBench;
  readonly iam: IAMClient;
}

function open(options: EmbeddedOptions = {}): Bench {
  const resources = createResourceBench(
    (aws) => [erasedType(createRoleType(aws)), erasedType(createRolePolicyType(aws))],
    [role(), policy()],
    {
      crash() {
        throw new Error('crash');
      },
      ...options,
    },
  );
  return { resources, iam: resources.account.client(IAMClient, HERE) };
}

async function applied(options: EmbeddedOptions = {}): Promise<Bench> {
  const bench = open(options);
  expect((await bench.resources.apply()).outcome).toBe('applied');
  return bench;
}

async function addPolicy({ iam }: Bench): Promise<void> {
  const PolicyDocument = JSON.stringify(policyFor('s3:GetObject'));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'by-hand', PolicyDocument }));
}

async function tagsOf({ iam }: Bench): Promise<Record<string, string>> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Object.fromEntries((Role!.Tags ?? []).map(({ Key, Value: value }) => [Key!, value!]));
}

const ROLE = whichOf(role());
const POLICY = whichOf(policy());
const FOUND = { ...ROLE, properties: { RoleName, Path } };

testPermissions({
  name: 'a role and its policy',
  open,
  resources: [role(), policy()],
  prepare: addPolicy,
  updates: [
    {
      resources: [
        role({
          AssumeRolePolicyDocument: OTHER_TRUST,
          Description: 'another',
          PermissionsBoundary: `${BOUNDARY}-2`,
          Tags: [{ Key: 'team', Value: 'dns' }],
        }),
        policy('route53:GetChange'),
      ],
    },
    { resources: [role(), policy()] },
    { resources: [role(), policy()], rest: { protect: true } },
    { resources: [role(), policy()] },
  ],
});

testPermissions({
  name: 'a role alone',
  open: () => open(),
  resources: [role()],
  prepare: addPolicy,
  updates: [
    { resources: [role({ AssumeRolePolicyDocument: OTHER_TRUST, Description: 'another' })], rest: { protect: true } },
    { resources: [role({ PermissionsBoundary: `${BOUNDARY}-2` })] },
  ],
  async makeForeign({ iam }) {
    await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust() }));
  },
});

describe('a role that is removed', () => {
  it('goes with its inline policies, found by nothing but its ARN', async () => {
    const bench = await applied();
    await addPolicy(bench);

    await removeObject(bench.resources, FOUND);

    expect(await observeObject(bench.resources, ROLE)).toBeUndefined();
    expect((await bench.resources.plan()).summary).toMatchObject({ create: 2 });
  });

  it('stays where somebody attached a policy, and is not touched', async () => {
    const bench = await applied();
    await bench.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: MANAGED }));

    await expect(removeObject(bench.resources, FOUND)).rejects.toThrow(
      `role ${RoleName} has managed policies attached that are not ours: ${MANAGED}; detach them, then it is deleted: aws iam detach-role-policy --role-name ${RoleName} --policy-arn ${MANAGED}`,
    );

    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app']);
  });

  const faults = ['lost-reply', 'crash-before', 'crash-after', 'throttle'] as const;
  const commands = ['DeleteRolePolicy', 'DeleteRole'];
  it.each(commands.flatMap((command) => faults.map((fault) => ({ command, fault }))))(
    'goes in spite of a $fault of $command',
    async ({ command, fault }) => {
      const bench = await applied({ faults: [{ service: 'iam', command, fault }] });

      expect(await removeObject(bench.resources, FOUND, 1)).toBe(fault.startsWith('crash') ? 1 : 0);
    },
  );

  it('which is gone already is no failure', async () => {
    const bench = await applied();
    const type = bench.resources.types().get(ROLE.type)!;
    const seen = (await observeObject(bench.resources, ROLE))!;
    await removeObject(bench.resources, ROLE);

    const target = { ...FOUND, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    expect(await type.remove!(target, seen)).toEqual({ done: true });
  });
});

describe('a policy that is removed', () => {
  it('goes alone, with its stamp on the role', async () => {
    const bench = await applied();

    await removeObject(bench.resources, POLICY);

    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual([]);
    const tags = await tagsOf(bench);
    expect(Object.keys(tags).sort()).toEqual(['team', 'trueup:applied', 'trueup:owner']);
  });

  it('stays on a role that is not ours any more', async () => {
    const bench = await applied();
    const Tags = [{ Key: 'trueup:owner', Value: `${OWNER}/Fake/other/Role` }];
    await bench.iam.send(new TagRoleCommand({ RoleName, Tags }));

    await expect(removeObject(bench.resources, POLICY)).rejects.toThrow(`the role ${RoleName} is not ours`);

    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app']);
  });

  it.each(['UntagRole', 'DeleteRolePolicy'])('goes in spite of a lost reply of %s', async (command) => {
    const bench = await applied({ faults: [{ service: 'iam', command, fault: 'lost-reply' }] });

    expect(await removeObject(bench.resources, POLICY)).toBe(0);
  });
});

it('a role that is let go keeps all but our tags, and is nobody’s', async () => {
  const bench = await applied();
  bench.resources.documents = [fakeDocument('app', [role(), policy()], { protect: true, onRemove: 'release' })];
  await bench.resources.apply();
  expect(await observeObject(bench.resources, ROLE)).toMatchObject({ protected: true, onRemove: 'release' });

  await releaseObject(bench.resources, FOUND);

  expect(await tagsOf(bench)).toEqual({ team: 'network' });
  expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app']);
  bench.resources.documents = [fakeDocument('app', [role(), policy()])];
  const plan = await bench.resources.plan();
  expect(plan.documents[0]!.findings.map(({ code }) => code)).toContain('foreign');
});

describe('a role, by its ARN', () => {
  const locate = (bench: Bench, arn: string, marker = MARKER) =>
    locateObject(bench.resources, ROLE.type, { arn, marker });

  it('is found again, and looked at with nothing but that', async () => {
    const bench = await applied();
    const { Role } = await bench.iam.send(new GetRoleCommand({ RoleName }));

    const located = await locate(bench, Role!.Arn!);

    expect(Role!.Arn).toBe(ARN);
    expect(located).toEqual({ properties: { RoleName, Path }, witnessed: true });
    expect(await observeObject(bench.resources, FOUND)).toMatchObject({ marker: MARKER, witness: true });
  });

  it.each([
    ['another name', 'by-hand', Path],
    ['another path', RoleName, '/'],
    ['a longer path', RoleName, `${Path}more/`],
  ])('T68 is no witness of itself with a copied tag under %s', async (_what, name, path) => {
    const bench = open();
    const Tags = [
      { Key: 'trueup:owner', Value: MARKER },
      { Key: 'trueup:adopted', Value: 'AROAEXAMPLE' },
    ];
    const request = { RoleName: name, Path: path, AssumeRolePolicyDocument: trust(), Tags };
    const { Role } = await bench.iam.send(new CreateRoleCommand(request));

    expect(await locate(bench, Role!.Arn!)).toEqual({ properties: { RoleName: name, Path: path }, witnessed: false });
  });

  it('T68 is one under any name where it was taken over, or followed its document', async () => {
    const bench = await applied();
    bench.resources.documents = [fakeDocument('office', [role(), policy()], { formerly: ['app'] })];
    await bench.resources.apply();

    expect(await locate(bench, ARN, `${OWNER}/Fake/office/Role`)).toMatchObject({ witnessed: true });
    expect(await locate(bench, ARN, 'globex/Fake/app/Role')).toMatchObject({ witnessed: true });
  });

  it('is not taken for another type, account or partition', async () => {
    const bench = open();
    const others = [
      ARN.replace(':role/', ':policy/'),
      ARN.replace(HERE.account, '999988887777'),
      ARN.replace('arn:aws:', 'arn:aws-cn:'),
      `arn:aws:iam::${HERE.account}:role/`,
      `arn:aws:sts::${HERE.account}:assumed-role/${RoleName}/session`,
    ];

    expect(await Promise.all(others.map((arn) => locate(bench, arn)))).toEqual(others.map(() => undefined));
  });
});
