import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { EmbeddedOptions } from '../src/embedded/index.ts';
import type { Desired, Document, Plan, Value } from '../src/engine/types.ts';
import { erasedType } from '../src/engine/world.ts';
import { createRolePolicyType } from '../src/resources/aws-iam-role-policy.ts';
import { createRoleType } from '../src/resources/aws-iam-role.ts';
import { objectName } from '../src/resources/names.ts';
import { allow, document, trust } from './support/embedded-iam.ts';
import { HERE, OWNER, fakeDocument } from './support/fake-world.ts';
import { createResourceBench } from './support/resource-bench.ts';
import type { ResourceBench } from './support/resource-bench.ts';

const RoleName = 'app-role-0123456789';
const Path = `/trueup/${OWNER}/`;
const BOUNDARY = `arn:aws:iam::${HERE.account}:policy/trueup-boundary`;
const TRUST = JSON.parse(trust({ Service: 'lambda.amazonaws.com' })) as Value;
const POLICY = JSON.parse(document(allow('route53:ListHostedZones'))) as Value;
const MARKER = `${OWNER}/Fake/app/Role`;

type Properties = Record<string, Value>;

function resources(role: Properties = {}, policy: Properties = {}): Desired[] {
  return [
    {
      id: 'Role',
      type: 'AWS::IAM::Role',
      place: HERE,
      properties: {
        RoleName,
        Path,
        AssumeRolePolicyDocument: TRUST,
        Description: 'runs app',
        MaxSessionDuration: 3600,
        PermissionsBoundary: BOUNDARY,
        Tags: [{ Key: 'team', Value: 'network' }],
        ...role,
      },
    },
    {
      id: 'Policy',
      type: 'AWS::IAM::RolePolicy',
      place: HERE,
      properties: { RoleName, PolicyName: 'app', PolicyDocument: POLICY, ...policy },
      after: ['Role'],
    },
  ];
}

interface Bench extends ResourceBench {
  readonly iam: IAMClient;
  want(role?: Properties, policy?: Properties, rest?: Partial<Document>): void;
}

function createBench(options: EmbeddedOptions = {}): Bench {
  const bench = createResourceBench(
    (aws) => [erasedType(createRoleType(aws)), erasedType(createRolePolicyType(aws))],
    resources(),
    options,
  );
  return Object.assign(bench, {
    iam: bench.account.client(IAMClient, HERE),
    want(role?: Properties, policy?: Properties, rest: Partial<Document> = {}) {
      bench.documents = [fakeDocument('app', resources(role, policy), rest)];
    },
  });
}

async function applied(): Promise<Bench> {
  const bench = createBench();
  expect((await bench.apply(await bench.plan())).outcome).toBe('applied');
  return bench;
}

function findings(plan: Plan): string[] {
  return plan.documents[0]!.findings.map(({ code }) => code);
}

function changed(plan: Plan): unknown[] {
  return plan.actions.map(({ id, reason, changes }) => [
    id.replace('Fake/app/', ''),
    reason,
    changes.map(({ path }) => path),
  ]);
}

async function tags({ iam }: Bench): Promise<Record<string, string>> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return Object.fromEntries((Role!.Tags ?? []).map(({ Key, Value: value }) => [Key!, value!]));
}

/** A role under our name that somebody made. */
async function makeByHand({ iam }: Bench, path: string, owner?: string): Promise<void> {
  const Tags =
    owner === undefined
      ? []
      : [
          { Key: 'trueup:owner', Value: owner },
          { Key: 'trueup:applied', Value: 'x' },
        ];
  await iam.send(new CreateRoleCommand({ RoleName, Path: path, AssumeRolePolicyDocument: trust(), Tags }));
}

describe('a role and its policy', () => {
  it('are planned with what they permit, applied, and then there is nothing to do', async () => {
    const bench = createBench();
    const plan = await bench.plan();
    const result = await bench.apply(plan);

    expect(plan.summary).toMatchObject({ create: 2 });
    expect(plan.documents[0]!.effects.map(({ code, data }) => [code, data])).toEqual([
      ['iam.permissions', { role: RoleName, gains: ['sts:AssumeRole by Service:lambda.amazonaws.com'], losses: [] }],
      ['iam.permissions', { role: RoleName, gains: ['route53:ListHostedZones on *'], losses: [] }],
    ]);
    expect(result).toMatchObject({ outcome: 'applied', replan: { summary: { create: 0, update: 0 } } });
    const writes = bench.writes();
    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.apply()).outcome).toBe('nothing');
    expect(bench.writes()).toBe(writes);
  });

  it('stand in the account as they were declared, marked and stamped', async () => {
    const bench = await applied();
    const { Role } = await bench.iam.send(new GetRoleCommand({ RoleName }));

    expect(Role).toMatchObject({
      Path,
      Description: 'runs app',
      MaxSessionDuration: 3600,
      PermissionsBoundary: { PermissionsBoundaryArn: BOUNDARY },
    });
    expect(await tags(bench)).toEqual({
      'trueup:owner': MARKER,
      'trueup:applied': expect.stringMatching(/^[\w-]{42}$/),
      'trueup:applied:app': expect.stringMatching(/^[\w-]{18}$/),
      team: 'network',
    });
    const { PolicyDocument } = await bench.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'app' }));
    expect(JSON.parse(decodeURIComponent(PolicyDocument!))).toEqual(POLICY);
  });

  it('are looked at with five calls when nothing changes', async () => {
    const bench = await applied();
    expect((await bench.plan()).calls['IAM']).toEqual({ reads: 5, writes: 0 });
  });

  const other = JSON.parse(trust({ Service: 'ecs-tasks.amazonaws.com' })) as Value;
  const wider = JSON.parse(document(allow(['route53:ListHostedZones', 'route53:GetChange']))) as Value;
  it.each<[string, Properties, Properties, unknown]>([
    [
      'AssumeRolePolicyDocument',
      { AssumeRolePolicyDocument: other },
      {},
      ['Role', 'declared', ['AssumeRolePolicyDocument']],
    ],
    ['Description', { Description: 'new' }, {}, ['Role', 'declared', ['Description']]],
    ['MaxSessionDuration', { MaxSessionDuration: 7200 }, {}, ['Role', 'declared', ['MaxSessionDuration']]],
    [
      'PermissionsBoundary',
      { PermissionsBoundary: `${BOUNDARY}-2` },
      {},
      ['Role', 'declared', ['PermissionsBoundary']],
    ],
    [
      'Tags',
      {
        Tags: [
          { Key: 'team', Value: 'dns' },
          { Key: 'x', Value: '' },
        ],
      },
      {},
      ['Role', 'declared', ['Tags']],
    ],
    ['PolicyDocument', {}, { PolicyDocument: wider }, ['Policy', 'declared', ['PolicyDocument']]],
  ])('follow a change of %s', async (_path, role, policy, expected) => {
    const bench = await applied();
    bench.want(role, policy);

    const plan = await bench.plan();
    const result = await bench.apply(plan);

    expect(changed(plan)).toEqual([expected]);
    expect(result).toMatchObject({ outcome: 'applied', replan: { summary: { update: 0 } } });
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('T63 say what a change gains and loses', async () => {
    const bench = await applied();
    bench.want(
      { PermissionsBoundary: `${BOUNDARY}-2`, AssumeRolePolicyDocument: other },
      { PolicyDocument: JSON.parse(document(allow('iam:*'))) as Value },
    );

    const { effects } = (await bench.plan()).documents[0]!;

    expect(effects.map(({ data }) => data)).toEqual([
      {
        role: RoleName,
        gains: ['sts:AssumeRole by Service:ecs-tasks.amazonaws.com', `no longer bounded by ${BOUNDARY}`],
        losses: ['sts:AssumeRole by Service:lambda.amazonaws.com', `bounded by ${BOUNDARY}-2`],
      },
      { role: RoleName, gains: ['iam:* on *'], losses: ['route53:ListHostedZones on *'] },
    ]);
  });

  it('are the same in other words, and fields that are not named are left alone', async () => {
    const bench = await applied();
    const { iam } = bench;
    const reordered =
      '{"Statement":{"Resource":["*"],"Effect":"Allow","Action":["ROUTE53:listhostedzones"]},"Version":"2012-10-17"}';
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'app', PolicyDocument: reordered }));
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'cost-center', Value: '1' }] }));
    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'theirs', MaxSessionDuration: 7200 }));
    const [role, policy] = resources();
    const { Description: _description, MaxSessionDuration: _seconds, ...properties } = role!.properties;
    bench.documents = [
      fakeDocument('app', [{ ...role!, properties: { ...properties, PermissionsBoundary: `${BOUNDARY}-2` } }, policy!]),
    ];

    expect(changed(await bench.plan())).toEqual([['Role', 'declared', ['PermissionsBoundary']]]);
    await bench.apply();

    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({ Description: 'theirs', MaxSessionDuration: 7200 });
    expect(await tags(bench)).toMatchObject({ 'cost-center': '1' });
  });

  it('cannot move to another path', async () => {
    const bench = await applied();
    bench.want({ Path: `${Path}other/` });
    // The witness of whose role it is would be gone with the path.
    expect(findings(await bench.plan())).toEqual(['copied-marker']);
  });

  it('carry protection and release it', async () => {
    const bench = await applied();
    bench.want({}, {}, { protect: true, onRemove: 'delete' });
    expect((await bench.apply()).outcome).toBe('applied');
    expect(await tags(bench)).toMatchObject({ 'trueup:protect': 'true', 'trueup:on-remove': 'delete' });
    bench.want();
    expect((await bench.apply()).outcome).toBe('applied');

    expect(Object.keys(await tags(bench))).not.toContain('trueup:protect');
  });
});

describe('T73 drift', () => {
  it.each<[string, (bench: Bench) => Promise<unknown>, unknown]>([
    [
      'the trust policy',
      ({ iam }) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust({ AWS: '*' }) })),
      ['Role', 'drifted', ['AssumeRolePolicyDocument']],
    ],
    [
      'the description',
      ({ iam }) => iam.send(new UpdateRoleCommand({ RoleName, Description: 'x' })),
      ['Role', 'drifted', ['Description']],
    ],
    [
      'the policy',
      ({ iam }) =>
        iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'app', PolicyDocument: document(allow('*')) })),
      ['Policy', 'drifted', ['PolicyDocument']],
    ],
    [
      'another inline policy',
      ({ iam }) =>
        iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'backdoor', PolicyDocument: document(allow('*')) })),
      ['Policy', 'drifted', ['OtherPolicies']],
    ],
    [
      'a tag',
      ({ iam }) => iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['team'] })),
      ['Role', 'drifted', ['Tags']],
    ],
  ])('of %s is named, and undone', async (_what, edit, expected) => {
    const bench = await applied();
    await edit(bench);

    const plan = await bench.plan();
    const { drifted } = await bench.drift();

    expect(changed(plan)).toEqual([expected]);
    expect(drifted.map(({ id }) => id)).toEqual([plan.actions[0]!.id]);
    expect((await bench.apply(plan)).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app']);
  });

  it('a policy that was deleted is missing, and made again', async () => {
    const bench = await applied();
    await bench.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'app' }));

    expect((await bench.drift()).missing.map(({ id }) => id)).toEqual(['Fake/app/Policy']);
    expect((await bench.apply()).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('other policies are named, inline ones as what is lost, and attached ones are left', async () => {
    const bench = await applied();
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await bench.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await bench.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: document(allow('*')) }));

    const [document_] = (await bench.plan()).documents;

    expect(document_!.findings).toMatchObject([
      { code: 'other-policies', severity: 'warning', data: { role: RoleName, inline: ['x'], attached: [PolicyArn] } },
    ]);
    expect(document_!.effects.map(({ data }) => data)).toEqual([
      { role: RoleName, gains: [], losses: ['all that the inline policy x allows or denies'] },
    ]);
    expect((await bench.apply()).outcome).toBe('applied');
    expect(findings(await bench.plan())).toEqual(['other-policies']);
  });

  it('an inline policy that nobody planned to remove is not removed by the create of ours', async () => {
    const bench = await applied();
    await bench.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'app' }));
    await bench.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: document(allow('*')) }));
    await bench.apply(await bench.plan());

    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app', 'x']);
    expect(changed(await bench.plan())).toEqual([['Policy', 'drifted', ['OtherPolicies']]]);
  });

  it('two declared policies of one role are no strangers to each other', async () => {
    const bench = createBench();
    const [role, policy] = resources();
    const second = { ...policy!, id: 'Second', properties: { ...policy!.properties, PolicyName: 'second' } };
    bench.documents = [fakeDocument('app', [role!, policy!, second])];

    expect((await bench.apply()).outcome).toBe('applied');
    const plan = await bench.plan();
    expect([plan.actions, findings(plan)]).toEqual([[], []]);
  });
});

describe('whose it is', () => {
  it.each<[string, (bench: Bench) => Promise<void>, string]>([
    ['made by hand under our name', (bench) => makeByHand(bench, '/'), 'foreign'],
    ['made by hand with our marker copied to it', (bench) => makeByHand(bench, '/', MARKER), 'copied-marker'],
    ['of another document', (bench) => makeByHand(bench, Path, `${OWNER}/Fake/other/Role`), 'taken'],
    ['of another owner', (bench) => makeByHand(bench, Path, 'somebody/Fake/app/Role'), 'other-owner'],
  ])('a role %s is refused, and nothing is written', async (_what, make, code) => {
    const bench = createBench();
    await make(bench);
    const writes = bench.writes();

    expect(findings(await bench.plan())).toEqual([code]);
    await bench.apply();
    expect(bench.writes()).toBe(writes);
  });

  it('nothing is done to the role of another document, also where the policy is declared without it', async () => {
    const bench = await applied();
    await bench.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: document(allow('*')) }));
    const { after: _after, ...alone } = resources()[1]!;
    bench.documents = [fakeDocument('other', [alone])];

    const result = await bench.apply();

    expect(result.failed).toMatchObject([
      { id: 'Fake/other/Policy', error: expect.stringContaining(`not ours (${MARKER})`) },
    ]);
    expect((await bench.iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['app', 'x']);
  });

  it('a role without a stamp is finished', async () => {
    const bench = await applied();
    await bench.iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['trueup:applied'] }));

    expect(changed(await bench.plan())).toEqual([['Role', 'unfinished', []]]);
    expect((await bench.apply()).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('a role is taken over by its marker alone, and keeps it under another path', async () => {
    const bench = createBench();
    await makeByHand(bench, '/');
    bench.want({ Path: '/' }, {}, { adopt: true });
    const { iam } = bench;

    expect((await bench.apply()).outcome).toBe('applied');
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(await tags(bench)).toEqual({ 'trueup:owner': MARKER, 'trueup:adopted': Role!.RoleId });
    expect(Role).toMatchObject({ Path: '/', MaxSessionDuration: 3600 });
    await bench.apply();
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('a role follows its document to a new name, its policy with it', async () => {
    const bench = await applied();
    bench.documents = [fakeDocument('renamed', resources(), { formerly: ['app'] })];

    expect((await bench.plan()).actions.map(({ id, action }) => [id, action])).toEqual([['Fake/renamed/Role', 'mark']]);
    expect((await bench.apply()).outcome).toBe('applied');
    expect(await tags(bench)).toMatchObject({ 'trueup:owner': `${OWNER}/Fake/renamed/Role` });
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('a role that nothing declares any more is an orphan', async () => {
    const bench = await applied();
    bench.documents = [];
    bench.searches = true;

    // Its name does not follow from its marker: that it was made for Fake/app cannot be told.
    expect((await bench.drift()).orphans).toEqual([
      {
        id: 'Fake/app/Role',
        type: 'AWS::IAM::Role',
        resource: RoleName,
        ...HERE,
        action: 'none',
        why: expect.stringContaining('does not follow from its marker') as string,
      },
    ]);
    expect((await bench.plan()).actions).toEqual([]);
  });

  it('a role of its own name that nothing declares any more goes, with the policy in it', async () => {
    const bench = createBench();
    const name = objectName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Role' });
    bench.documents = [fakeDocument('app', resources({ RoleName: name }, { RoleName: name }))];
    await bench.apply();
    bench.documents = [fakeDocument('other', [])];
    bench.searches = true;
    bench.request = { limits: { deletes: { percent: 100, count: 10, from: 5 }, requireProtectedOverride: true } };

    expect((await bench.drift()).orphans).toEqual([
      { id: 'Fake/app/Role', type: 'AWS::IAM::Role', resource: name, ...HERE, action: 'delete' },
    ]);
    expect(await bench.apply(await bench.plan())).toMatchObject({ outcome: 'applied', done: ['Fake/app/Role'] });
    await expect(bench.iam.send(new GetRoleCommand({ RoleName: name }))).rejects.toThrow('cannot be found');
    expect(await bench.drift()).toMatchObject({ complete: true, orphans: [] });
  });

  it.each(['GetRole', 'GetRolePolicy', 'ListRolePolicies', 'ListAttachedRolePolicies'])(
    'what cannot be looked at is unknown, and nothing is written: %s denied',
    async (command) => {
      // The plan before the apply and the apply's own looks come first: all denials are of the last plans.
      const earlier = createBench();
      await earlier.apply();
      const nth = earlier.account.events().filter(({ eventName }) => eventName === command).length + 1;
      const bench = createBench({ faults: [{ service: 'iam', command, nth, times: 99, fault: 'access-denied' }] });
      await bench.apply();
      const writes = bench.writes();

      const plan = await bench.plan();
      await bench.apply();

      expect([plan.complete, findings(plan).includes('unknown')]).toEqual([false, true]);
      expect(bench.writes()).toBe(writes);
    },
  );
});

describe('whatever happens on the way', () => {
  it.each(['CreateRole', 'PutRolePolicy', 'TagRole'])('a lost reply of %s costs nothing', async (command) => {
    const bench = createBench({ faults: [{ service: 'iam', command, fault: 'lost-reply' }] });

    expect((await bench.apply()).outcome).toBe('applied');
    expect((await bench.plan()).actions).toEqual([]);
    expect(Object.keys(await tags(bench))).toHaveLength(4);
  });

  const sides = ['crash-before', 'crash-after'] as const;
  it.each(sides)('%s any call is made good by the same plan', async (fault) => {
    let call = 0;
    for (let struck = true; struck;) {
      call += 1;
      struck = false;
      const bench = createBench({
        faults: [{ service: 'iam', command: '*', nth: call, fault }],
        crash() {
          struck = true;
          throw new Error('crash');
        },
      });
      const reviewed = await createBench().plan();
      const first = await bench.apply(reviewed);
      const last = struck ? await bench.apply(reviewed) : first;
      expect(['applied', 'nothing'], `call ${call}`).toContain(last.outcome);
      if (struck) expect((await bench.plan()).actions, `call ${call}`).toEqual([]);
    }
    expect(call).toBeGreaterThan(12);
  });
});
