import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  EntityAlreadyExistsException,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRoleTagsCommand,
  ListRolesCommand,
  NoSuchEntityException,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { CreateRoleRequest } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, allow, createIamBench, document, trust } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const RoleName = 'worker';
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/trueup/boundary`;
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

describe('a role', () => {
  it('is created with everything that it can have, and read back', async () => {
    const { iam } = createIamBench();
    const input = {
      RoleName,
      Path: '/trueup/acme/',
      AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }),
      Description: 'works',
      MaxSessionDuration: 7200,
      PermissionsBoundary: BOUNDARY,
      Tags: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '' },
      ],
    };
    const { Role: created } = await iam.send(new CreateRoleCommand(input));
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: 'WORKER' }));

    expect(role).toEqual(created);
    expect(role).toMatchObject({
      RoleName,
      Path: '/trueup/acme/',
      Arn: `arn:aws:iam::${ACCOUNT}:role/trueup/acme/worker`,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      CreateDate: new Date('2026-11-24T10:00:00Z'),
      Description: 'works',
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryArn: BOUNDARY },
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: '2' },
      ],
    });
    expect(role!.AssumeRolePolicyDocument).toMatch(/^%7B%22Version%22%3A/);
    expect(decodeURIComponent(role!.AssumeRolePolicyDocument!)).toBe(input.AssumeRolePolicyDocument);
  });

  it('has the defaults that AWS has', async () => {
    const { iam, role } = createIamBench();
    await role(RoleName);

    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));

    expect(Role).toMatchObject({ Path: '/', MaxSessionDuration: 3600 });
    expect(Role).not.toHaveProperty('Tags');
    expect(Role).not.toHaveProperty('PermissionsBoundary');
  });

  it('has another id when it is made again', async () => {
    const { iam, role } = createIamBench();
    await role(RoleName);
    const first = await iam.send(new GetRoleCommand({ RoleName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await role(RoleName);

    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role!.RoleId).not.toBe(first.Role!.RoleId);
  });

  it.each<[string, Partial<CreateRoleRequest>, string]>([
    ['a name with a slash', { RoleName: 'a/b' }, 'ValidationError'],
    ['a name of 65 characters', { RoleName: 'r'.repeat(65) }, 'ValidationError'],
    ['a path without its slash', { Path: '/trueup' }, 'ValidationError'],
    ['59 minutes', { MaxSessionDuration: 3599 }, 'ValidationError'],
    ['more than 12 hours', { MaxSessionDuration: 43_201 }, 'ValidationError'],
    ['a boundary that is no policy', { PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:role/x` }, 'ValidationError'],
    ['a description of 1,001 characters', { Description: 'd'.repeat(1001) }, 'ValidationError'],
    [
      'a trust policy that is none',
      { AssumeRolePolicyDocument: document(allow('s3:*')) },
      'MalformedPolicyDocumentException',
    ],
    [
      'a trust policy of more than 2,048 characters',
      {
        AssumeRolePolicyDocument: trust({ AWS: Array.from({ length: 200 }, (_, at) => String(100_000_000_000 + at)) }),
      },
      'LimitExceededException',
    ],
    [
      '51 tags',
      { Tags: Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: '' })) },
      'LimitExceededException',
    ],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidInputException',
    ],
    ['a reserved tag', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'InvalidInputException'],
    ['a tag value with a star', { Tags: [{ Key: 'x', Value: '*' }] }, 'ValidationError'],
    ['the name of another, in another case', { RoleName: 'TAKEN' }, 'EntityAlreadyExistsException'],
  ])('is not made with %s', async (_what, change, name) => {
    const { role, iam } = createIamBench();
    await role('taken');

    expect((await errorOf(role(RoleName, change))).name).toBe(name);
    expect((await iam.send(new ListRolesCommand({}))).Roles).toHaveLength(1);
  });

  it('is an error of the client’s own class where it is missing or there already', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName);

    expect(await errorOf(role(RoleName))).toBeInstanceOf(EntityAlreadyExistsException);
    expect(await errorOf(iam.send(new GetRoleCommand({ RoleName: 'other' })))).toBeInstanceOf(NoSuchEntityException);
  });

  it('is listed by path, page by page, without what lists leave out', async () => {
    const { role, iam } = createIamBench();
    await role('c', { Path: '/trueup/acme/', Tags: [{ Key: 'x', Value: '1' }] });
    await role('a', { Path: '/trueup/acme/' });
    await role('b', { Path: '/trueup/other/' });
    const list = (input: object) => iam.send(new ListRolesCommand({ PathPrefix: '/trueup/acme/', ...input }));

    const first = await list({ MaxItems: 1 });
    const second = await list({ MaxItems: 1, Marker: first.Marker });

    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'a' }] });
    expect(second).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'c' }] });
    expect(second.Roles![0]).not.toHaveProperty('Tags');
    expect((await errorOf(list({ MaxItems: 1001 }))).name).toBe('ValidationError');
  });

  it('is listed by path over the pages that a client asks for by default', async () => {
    const { role, iam } = createIamBench();
    for (let index = 0; index < 205; index += 1) {
      await role(`r${index}`, { Path: index % 41 === 0 ? '/other/' : '/trueup/acme/' });
    }

    const sizes: number[] = [];
    const names = new Set<string>();
    for await (const { Roles } of paginateListRoles({ client: iam }, { PathPrefix: '/trueup/' })) {
      sizes.push(Roles!.length);
      for (const { RoleName: name } of Roles!) names.add(name!);
    }

    expect(sizes).toEqual([100, 100]);
    expect(names.size).toBe(200);
  });

  it('is changed field by field', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName, { Description: 'old', MaxSessionDuration: 7200, Tags: [{ Key: 'Team', Value: 'a' }] });
    const other = trust({ Service: 'ecs-tasks.amazonaws.com' });

    await iam.send(new UpdateRoleCommand({ RoleName, Description: 'new' }));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: other }));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: BOUNDARY }));
    await iam.send(
      new TagRoleCommand({
        RoleName,
        Tags: [
          { Key: 'team', Value: 'b' },
          { Key: 'x', Value: '' },
        ],
      }),
    );
    await iam.send(new UntagRoleCommand({ RoleName, TagKeys: ['X', 'unknown'] }));

    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({
      Description: 'new',
      MaxSessionDuration: 3600,
      PermissionsBoundary: { PermissionsBoundaryArn: BOUNDARY },
      Tags: [{ Key: 'team', Value: 'b' }],
    });
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(other);
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'team', Value: 'b' }]);
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    expect((await iam.send(new GetRoleCommand({ RoleName }))).Role).not.toHaveProperty('PermissionsBoundary');
  });

  it('is deleted only when its policies are gone', async () => {
    const { role, grant, iam } = createIamBench();
    await role(RoleName);
    await grant(RoleName, allow('s3:*'));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: BASIC }));
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }));

    expect((await errorOf(remove())).name).toBe('DeleteConflictException');
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: BASIC }));
    expect((await errorOf(remove())).name).toBe('DeleteConflictException');
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'grant' }));
    await remove();

    expect((await errorOf(remove())).name).toBe('NoSuchEntityException');
  });
});

describe('policies of a role', () => {
  it('are put, replaced, listed, read URL-encoded, and deleted', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName);
    const put = (PolicyName: string, text: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: text }));
    await put('b', document(allow('s3:*')));
    await put('a', document(allow('s3:*')));
    await put('b', document(allow('sqs:*')));

    const list = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'b' }));

    expect(list).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: false });
    expect(policy.PolicyDocument).not.toMatch(/[{}":*]/);
    expect(decodeURIComponent(policy.PolicyDocument!)).toBe(document(allow('sqs:*')));
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'a' }));
    const missing = await errorOf(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'a' })));
    expect(missing.name).toBe('NoSuchEntityException');
  });

  it('may have 10,240 characters together, blanks not counted', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName);
    const empty = document(allow('s3:*', 'arn:aws:s3:::')).length;
    const sized = (characters: number) => document(allow('s3:*', `arn:aws:s3:::${'x'.repeat(characters - empty)}`));
    const put = (PolicyName: string, text: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: text }));

    await put('a', sized(5000));
    await put('b', `${' '.repeat(10_000)}${sized(5240)}`);
    expect((await errorOf(put('b', sized(5241)))).name).toBe('LimitExceededException');
    expect((await errorOf(put('c', '{}'))).name).toBe('MalformedPolicyDocumentException');
  });

  it('have no characters beyond Latin-1', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName);
    const put = (resource: string) => {
      const PolicyDocument = document(allow('s3:GetObject', `arn:aws:s3:::b/${resource}`));
      return iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'a', PolicyDocument }));
    };

    await put('über-ÿ/*');
    expect(await errorOf(put('東京/*'))).toMatchObject({
      message: expect.stringContaining('Member must satisfy regular expression pattern') as string,
    });
  });

  it('are managed ones too', async () => {
    const { role, iam } = createIamBench();
    await role(RoleName);
    const made = await iam.send(
      new CreatePolicyCommand({ PolicyName: 'boundary', Path: '/trueup/', PolicyDocument: document(allow('s3:*')) }),
    );
    const attach = (PolicyArn: string) => iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    await attach(BASIC);
    await attach(BOUNDARY);
    await attach(BOUNDARY);

    expect(made.Policy).toMatchObject({ Arn: BOUNDARY, AttachmentCount: 0, DefaultVersionId: 'v1' });
    expect((await iam.send(new GetPolicyCommand({ PolicyArn: BOUNDARY }))).Policy!.AttachmentCount).toBe(1);
    const version = await iam.send(new GetPolicyVersionCommand({ PolicyArn: BASIC, VersionId: 'v1' }));
    expect(decodeURIComponent(version.PolicyVersion!.Document!)).toContain('logs:PutLogEvents');
    expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies).toEqual([
      { PolicyArn: BOUNDARY, PolicyName: 'boundary' },
      { PolicyArn: BASIC, PolicyName: 'AWSLambdaBasicExecutionRole' },
    ]);
    const remove = () => iam.send(new DeletePolicyCommand({ PolicyArn: BOUNDARY }));
    expect((await errorOf(remove())).name).toBe('DeleteConflictException');
    await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: BOUNDARY }));
    await remove();
    expect((await errorOf(attach(BOUNDARY))).name).toBe('NoSuchEntityException');
    expect((await errorOf(attach('arn:aws:iam::aws:policy/NoSuchPolicy'))).name).toBe('NoSuchEntityException');
  });

  it('are simulated', async () => {
    const { role, grant, iam } = createIamBench();
    const PolicySourceArn = await role(RoleName);
    const zone = 'arn:aws:route53:::hostedzone/Z1';
    const other = 'arn:aws:route53:::hostedzone/Z2';
    await grant(RoleName, allow('route53:*', zone), { ...allow('route53:Delete*'), Effect: 'Deny' });
    const simulated = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn,
        ActionNames: ['route53:GetHostedZone', 'route53:DeleteHostedZone'],
        ResourceArns: [zone, other],
        PermissionsBoundaryPolicyInputList: [document(allow('route53:*'))],
      }),
    );
    const each = simulated.EvaluationResults!.flatMap(({ ResourceSpecificResults }) => ResourceSpecificResults!);
    expect(each.map(({ EvalResourceDecision }) => EvalResourceDecision)).toEqual([
      'allowed',
      'implicitDeny',
      'explicitDeny',
      'explicitDeny',
    ]);
    const within = { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } };
    expect(simulated.EvaluationResults).toMatchObject([
      { EvalActionName: 'route53:GetHostedZone', EvalResourceName: '*', EvalDecision: 'implicitDeny', ...within },
      { EvalActionName: 'route53:DeleteHostedZone', EvalResourceName: '*', EvalDecision: 'explicitDeny', ...within },
    ]);
    expect(each.map(({ EvalResourceName }) => EvalResourceName)).toEqual([zone, other, zone, other]);
  });

  it('are simulated on any resource when none is named, action by action and page by page', async () => {
    const { role, grant, iam } = createIamBench();
    const PolicySourceArn = await role(RoleName);
    await grant(RoleName, allow('s3:*'));
    const ActionNames = ['s3:GetObject', 'ec2:RunInstances'];
    const simulate = (input: object) =>
      iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames, MaxItems: 1, ...input }));

    const first = await simulate({});
    const second = await simulate({ Marker: first.Marker });

    const common = {
      EvalResourceName: '*',
      MatchedStatements: [],
      MissingContextValues: [],
      ResourceSpecificResults: [],
    };
    expect(first).toMatchObject({ IsTruncated: true });
    expect(first.EvaluationResults).toEqual([{ ...common, EvalActionName: 's3:GetObject', EvalDecision: 'allowed' }]);
    expect(second).toMatchObject({ IsTruncated: false });
    expect(second.EvaluationResults).toEqual([
      { ...common, EvalActionName: 'ec2:RunInstances', EvalDecision: 'implicitDeny' },
    ]);
  });

  it('are simulated within the boundary of the role, which is told apart', async () => {
    const { role, grant, iam } = createIamBench();
    await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'b',
        PolicyDocument: document(allow(['s3:GetObject', 'ec2:RunInstances'])),
      }),
    );
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/b`;
    const PolicySourceArn = await role(RoleName, { PermissionsBoundary });
    await grant(RoleName, allow('s3:*'));
    const ActionNames = ['s3:GetObject', 's3:PutObject', 'ec2:RunInstances', 'iam:CreateRole'];

    const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }));

    const told = EvaluationResults!.map((result) => [
      result.EvalDecision,
      result.PermissionsBoundaryDecisionDetail!.AllowedByPermissionsBoundary,
    ]);
    expect(told).toEqual([
      ['allowed', true],
      ['implicitDeny', false],
      ['implicitDeny', true],
      ['implicitDeny', false],
    ]);
  });

  it('name the condition keys that a simulation lacks, of all their statements', async () => {
    const { role, grant, iam } = createIamBench();
    const PolicySourceArn = await role(RoleName);
    await grant(
      RoleName,
      allow('s3:ListBucket', '*', { StringLike: { 'aws:PrincipalTag/Team': '${aws:PrincipalTag/Group}${*}' } }),
      allow('s3:GetObject', 'arn:aws:s3:::bucket/${aws:username}'),
      allow('s3:PutObject', '*', { Bool: { 'AWS:principaltag/team': 'true' } }),
    );
    const simulate = async (input: object) => {
      const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames: ['s3:ListBucket'], ...input });
      return (await iam.send(command)).EvaluationResults![0]!;
    };

    expect(await simulate({})).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:PrincipalTag/Team', 'aws:PrincipalTag/Group', 'aws:username'],
    });
    const given = ['aws:principaltag/team', 'aws:PrincipalTag/Group'].map((ContextKeyName) => ({
      ContextKeyName,
      ContextKeyType: 'string',
      ContextKeyValues: ['a'],
    }));
    const ResourceArns = ['arn:aws:s3:::bucket'];
    expect(await simulate({ ContextEntries: given, ResourceArns })).toMatchObject({
      MissingContextValues: ['aws:username'],
      ResourceSpecificResults: [{ MissingContextValues: ['aws:username'] }],
    });
  });

  it('are simulated for a session of the role itself, if they let it, and freely where nobody has made the role', async () => {
    const { role, grant, assume } = createIamBench();
    const PolicySourceArn = await role(RoleName);
    const actor = await assume(PolicySourceArn);
    const simulate = (who: typeof actor, arn: string) =>
      who
        .client(IAMClient)
        .send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: ['s3:GetObject'] }));

    expect((await errorOf(simulate(actor, PolicySourceArn))).name).toBe('AccessDenied');
    await grant(RoleName, allow('iam:SimulatePrincipalPolicy', PolicySourceArn));
    expect((await simulate(actor, PolicySourceArn)).EvaluationResults).toMatchObject([
      { EvalDecision: 'implicitDeny' },
    ]);

    const nobodys = `arn:aws:iam::${ACCOUNT}:role/apply`;
    const free = await assume(nobodys);
    expect((await simulate(free, nobodys)).EvaluationResults).toMatchObject([{ EvalDecision: 'allowed' }]);
    expect((await errorOf(simulate(free, `${nobodys}-other`))).name).toBe('NoSuchEntityException');
  });
});
