import {
  CreatePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  AssociateVPCWithHostedZoneCommand,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourcesCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import type { RRType } from '@aws-sdk/client-route-53';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { administrator, identify } from '../../src/embedded/caller.ts';
import { assumeForService, reasonNotToPassRole, reasonNotToServe } from '../../src/embedded/iam/assume.ts';
import { createRole } from '../../src/embedded/iam/roles.ts';
import { putRolePolicy } from '../../src/embedded/iam/role-policies.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';
import { ACCOUNT, REGION, allow, createIamBench, document, trust } from '../support/embedded-iam.ts';
import type { Actor } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';

const RoleName = 'worker';
const OTHER = '444455556666';
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/worker/run`;

async function actAs(...statements: readonly object[]) {
  const bench = createIamBench();
  const arn = await bench.role(RoleName, { Path: '/trueup/acme/' });
  if (statements.length > 0) await bench.grant(RoleName, ...statements);
  return { ...bench, arn, actor: await bench.assume(arn) };
}

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await errorOf(call);
  return `${error.name}: ${error.message}`;
}

describe('a refusal is worded as AWS does', () => {
  it('where nothing allows', async () => {
    const { actor } = await actAs(allow('route53:ListHostedZones'));
    const client = actor.client(Route53Client);

    await client.send(new ListHostedZonesCommand({}));
    expect(await refusal(client.send(new GetHostedZoneCommand({ Id: 'Z1' })))).toBe(
      `AccessDenied: User: ${SESSION} is not authorized to perform: route53:GetHostedZone on resource: arn:aws:route53:::hostedzone/Z1 because no identity-based policy allows the route53:GetHostedZone action`,
    );
  });

  it('where a policy denies, where the boundary does not allow or denies, and without a resource', async () => {
    const { actor, iam, grant } = await actAs(allow('*'));
    const client = actor.client(Route53Client);
    const list = () => client.send(new ListHostedZonesCommand({}));
    const bound = async (PolicyName: string, statement: object) => {
      const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/${PolicyName}`;
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
      await list();
      await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document(statement) }));
    };

    await bound('narrow', allow('s3:*'));
    expect(await refusal(list())).toMatch(/because no permissions boundary allows the route53:ListHostedZones action$/);
    await bound('denying', { ...allow('route53:*'), Effect: 'Deny' });
    expect(await refusal(list())).toMatch(/route53:ListHostedZones with an explicit deny in a permissions boundary$/);
    await grant(RoleName, { ...allow('route53:*'), Effect: 'Deny' });
    expect(await refusal(list())).toMatch(/route53:ListHostedZones with an explicit deny in an identity-based policy$/);
  });

  it('by services that name it AccessDeniedException', async () => {
    const { actor } = await actAs();
    const call = actor.client(SSMClient).send(new GetParameterCommand({ Name: '/a/b' }));
    expect(await refusal(call)).toContain(
      `AccessDeniedException: User: ${SESSION} is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/a/b`,
    );
  });

  it('and GetCallerIdentity asks for none', async () => {
    const { actor } = await actAs();
    expect(await actor.client(STSClient).send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: SESSION });
  });
});

describe('who is bound', () => {
  it('is not the administrator, nor a session of a role that nobody has made', async () => {
    const { assume, account } = createIamBench();
    const actor = await assume(`arn:aws:iam::${ACCOUNT}:role/trueup-apply`);

    await actor.client(Route53Client).send(new ListHostedZonesCommand({}));
    await account.client(Route53Client, REGION).send(new ListHostedZonesCommand({}));
    expect(account.events().every(({ errorCode }) => errorCode === undefined)).toBe(true);
  });

  it('is such a session from the moment on at which the role is made', async () => {
    const { assume, role } = createIamBench();
    const actor = await assume(`arn:aws:iam::${ACCOUNT}:role/trueup-apply`);
    await role('trueup-apply');

    expect(await refusal(actor.client(Route53Client).send(new ListHostedZonesCommand({})))).toContain(
      'no identity-based',
    );
  });

  it('is a session of a role that was deleted, or made anew: nothing is allowed', async () => {
    const { actor, iam, role, grant } = await actAs(allow('*'));
    const list = () => actor.client(Route53Client).send(new ListHostedZonesCommand({}));
    await list();
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'grant' }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
    expect(await refusal(list())).toContain('AccessDenied');
    await role(RoleName);
    await grant(RoleName, allow('*'));

    expect(await refusal(list())).toContain('AccessDenied');
  });
});

describe('AssumeRole', () => {
  it.each([
    ['its account', { AWS: ACCOUNT }, true],
    ['the root of its account', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, true],
    ['another account', { AWS: OTHER }, false],
    ['a service', { Service: 'lambda.amazonaws.com' }, false],
    ['the administrator', { AWS: `arn:aws:iam::${ACCOUNT}:user/administrator` }, true],
  ])('of a role that trusts %s', async (_who, principal, isAllowed) => {
    const { role, assume } = createIamBench();
    const arn = await role(RoleName, { AssumeRolePolicyDocument: trust(principal) });

    const outcome = await assume(arn).then(
      () => '',
      (error: unknown) => String(error),
    );

    expect(outcome).toBe(
      isAllowed
        ? ''
        : `AccessDenied: User: arn:aws:iam::${ACCOUNT}:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${arn} because no role trust policy allows the sts:AssumeRole action`,
    );
  });

  it('T65 across accounts wants the exact role, its external id, and the caller’s own policy', async () => {
    const bench = createIamBench();
    const { account, role, grant, assume } = bench;
    const caller = await role('trueup-loop');
    const there = account.client(IAMClient, { region: 'eu-west-1', account: OTHER });
    const target = `arn:aws:iam::${OTHER}:role/trueup-apply`;
    const condition = { StringEquals: { 'sts:ExternalId': 'acme-42' } };
    await there.send(
      new CreateRoleCommand({ RoleName: 'trueup-apply', AssumeRolePolicyDocument: trust({ AWS: caller }, condition) }),
    );
    const actor = await assume(caller);
    const attempt = (ExternalId?: string, by?: Actor) =>
      assume(target, ExternalId === undefined ? {} : { ExternalId }, by);

    expect(await refusal(attempt('acme-42', actor))).toContain('no identity-based policy');
    await grant('trueup-loop', allow('sts:AssumeRole', target));
    expect(await refusal(attempt(undefined, actor))).toContain('no role trust policy');
    expect(await refusal(attempt('acme-43', actor))).toContain('no role trust policy');
    expect(await refusal(attempt('acme-42'))).toContain('no role trust policy');
    const inside = await attempt('acme-42', actor);
    expect(await inside.client(STSClient).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: OTHER });
  });

  it('in a chain lasts an hour at most, and otherwise as long as the role says', async () => {
    const { role, grant, assume } = createIamBench();
    const long = await role('long', { MaxSessionDuration: 43_200 });
    const first = await role('first');
    await grant('first', allow('sts:AssumeRole'));
    const actor = await assume(first);

    await assume(long, { DurationSeconds: 43_200 });
    await assume(long, { DurationSeconds: 3600 }, actor);
    expect(await refusal(assume(long, { DurationSeconds: 3601 }, actor))).toContain('role chaining');
    expect(await refusal(assume(first, { DurationSeconds: 3601 }))).toContain('MaxSessionDuration');
  });

  it('knows a role by its whole path', async () => {
    const { arn, assume } = await actAs();
    expect(await refusal(assume(arn.replace('/trueup/acme', '')))).toContain('AccessDenied');
  });

  it('refuses what it does not evaluate, such as session policies', async () => {
    const { arn, account } = await actAs();
    const command = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'run', Policy: document(allow('s3:*')) });
    expect(await refusal(account.client(STSClient, REGION).send(command))).toContain('NotEmbedded');
  });
});

describe('a role for a service', () => {
  const now = Date.parse('2026-11-24T10:00:00Z');
  const source = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:f` };

  function prepare(condition?: object) {
    const database = new Database();
    const data = new Transaction(database);
    const context = { caller: administrator(ACCOUNT), region: 'eu-west-1', now, data };
    const { Role } = createRole(
      { RoleName, AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }, condition) },
      context,
    );
    const assumption = { roleArn: Role!.Arn!, service: 'lambda.amazonaws.com', conditions: source };
    return { data, context, assumption };
  }

  it('is assumed with the keys of what it acts for, and its session carries more', () => {
    const { data, assumption } = prepare({
      StringEquals: { 'aws:SourceAccount': ACCOUNT },
      ArnLike: { 'aws:SourceArn': source['aws:SourceArn'] },
    });
    const sessionConditions = { 'lambda:SourceFunctionArn': source['aws:SourceArn'] };
    const issued = assumeForService({ ...assumption, sessionName: 'f', sessionConditions }, data, now);

    if ('refused' in issued) throw new Error(issued.refused);
    const caller = identify(issued.credentials.accessKeyId, data, now);
    expect(caller).toMatchObject({ arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/f` });
    expect(caller.session).toMatchObject({ conditions: sessionConditions, expires: now + 43_200_000 });
  });

  it('is refused to another service, to another source, and where there is none', () => {
    const { data, assumption } = prepare({ StringEquals: { 'aws:SourceAccount': OTHER } });

    expect(reasonNotToServe(assumption, data, now)).toContain('no role trust policy allows');
    expect(reasonNotToServe({ ...assumption, service: 'ec2.amazonaws.com' }, data, now)).toContain('ec2.amazonaws.com');
    const missing = { ...assumption, roleArn: `${assumption.roleArn}2`, sessionName: 'f' };
    expect(assumeForService(missing, data, now)).toEqual({ refused: `${assumption.roleArn}2 does not exist` });
  });

  it('is passed by whom iam:PassRole lets, and to the service that it names', () => {
    const { context, assumption } = prepare();
    const session = { account: ACCOUNT, role: RoleName, name: 'run', expires: now + 1 };
    const asRole = { ...context, caller: { ...context.caller, session } };
    const condition = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } };
    const pass = (service: string, arn = assumption.roleArn) => reasonNotToPassRole(arn, service, asRole);
    expect(pass('lambda.amazonaws.com')).toContain('no identity-based policy allows the iam:PassRole action');
    const PolicyDocument = document(allow('iam:PassRole', assumption.roleArn, condition));
    putRolePolicy({ RoleName, PolicyName: 'pass', PolicyDocument }, context);

    expect(pass('lambda.amazonaws.com')).toBeUndefined();
    expect(pass('ec2.amazonaws.com')).toContain('no identity-based policy');
    expect(pass('lambda.amazonaws.com', `arn:aws:iam::${OTHER}:role/x`)).toContain('cross-account');
    expect(reasonNotToPassRole(assumption.roleArn, 'ec2.amazonaws.com', context)).toBeUndefined();
  });
});

describe('IAM asks for itself', () => {
  const path = `arn:aws:iam::${ACCOUNT}:role/trueup/acme/*`;
  const boundary = `arn:aws:iam::${ACCOUNT}:policy/boundary`;

  it('T62 roles under the path, with the boundary, tagged, and nothing else', async () => {
    const condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    const { actor, iam } = await actAs(
      allow(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'], path, condition),
      allow(['iam:GetRole', 'iam:DeleteRolePermissionsBoundary'], path),
      allow('iam:TagRole', path, { 'ForAllValues:StringLike': { 'aws:TagKeys': 'trueup:*' } }),
      { ...allow('iam:DeleteRolePermissionsBoundary'), Effect: 'Deny' },
    );
    const client = actor.client(IAMClient);
    const create = (rest: object) =>
      client.send(new CreateRoleCommand({ RoleName: 'f', AssumeRolePolicyDocument: trust(), ...rest }));
    const good = { Path: '/trueup/acme/', PermissionsBoundary: boundary };

    expect(await refusal(create({ ...good, Path: '/' }))).toContain(`role/f because`);
    expect(await refusal(create({ ...good, PermissionsBoundary: undefined }))).toContain('iam:CreateRole on resource');
    expect(await refusal(create({ ...good, PermissionsBoundary: `${boundary}2` }))).toContain('iam:CreateRole');
    await create(good);
    await client.send(new GetRoleCommand({ RoleName: 'f' }));
    await client.send(new TagRoleCommand({ RoleName: 'f', Tags: [{ Key: 'trueup:owner', Value: 'x' }] }));
    expect(
      await refusal(client.send(new TagRoleCommand({ RoleName: 'f', Tags: [{ Key: 'team', Value: 'x' }] }))),
    ).toContain('iam:TagRole');
    const put = { RoleName: 'f', PolicyName: 'p', PolicyDocument: document(allow('s3:*')) };
    await client.send(new PutRolePolicyCommand(put));
    const drop = new DeleteRolePermissionsBoundaryCommand({ RoleName: 'f' });
    expect(await refusal(client.send(drop))).toContain('with an explicit deny in an identity-based policy');
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'f' }));
    expect(await refusal(client.send(new PutRolePolicyCommand(put)))).toContain('iam:PutRolePolicy');
  });

  it('for the tags of a new role too', async () => {
    const { actor } = await actAs(allow('iam:CreateRole'));
    const Tags = [{ Key: 'a', Value: '' }];
    const command = new CreateRoleCommand({ RoleName: 'f', AssumeRolePolicyDocument: trust(), Tags });
    expect(await refusal(actor.client(IAMClient).send(command))).toContain('not authorized to perform: iam:TagRole');
  });
});

describe('other services ask', () => {
  it('Route 53 for zones, changes, records and VPCs', async () => {
    const bench = await actAs();
    const VPC = { VPCId: 'vpc-0a11bb22cc33dd44e', VPCRegion: 'eu-west-1' as const };
    const admin = bench.account.client(Route53Client, REGION);
    const { HostedZone } = await admin.send(
      new CreateHostedZoneCommand({ Name: 'corp.test', CallerReference: '1', VPC }),
    );
    const id = HostedZone!.Id!;
    const zone = `arn:aws:route53:::${id.slice(1)}`;
    const records = 'route53:ChangeResourceRecordSets';
    await bench.grant(
      RoleName,
      allow(['route53:ListResourceRecordSets', 'route53:ChangeTagsForResource', 'route53:ListTagsForResources'], zone),
      allow('route53:GetChange', 'arn:aws:route53:::change/*'),
      allow('route53:AssociateVPCWithHostedZone', zone, {
        'ForAllValues:StringEquals': { 'route53:VPCs': 'VPCId=vpc-0a11bb22cc33dd44f,VPCRegion=eu-west-1' },
      }),
      allow(records, zone, {
        'ForAllValues:StringLike': { [`${records}NormalizedRecordNames`]: ['*.dyn.corp.test', '\\052.corp.test'] },
        'ForAllValues:StringEquals': { [`${records}RecordTypes`]: ['A', 'TXT'], [`${records}Actions`]: ['UPSERT'] },
      }),
    );
    const client = bench.actor.client(Route53Client);
    const change = (name: string, type: RRType = 'A', action: 'UPSERT' | 'DELETE' = 'UPSERT') => {
      const ResourceRecordSet = { Name: name, Type: type, TTL: 60, ResourceRecords: [{ Value: '192.0.2.1' }] };
      const ChangeBatch = { Changes: [{ Action: action, ResourceRecordSet }] };
      return client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }));
    };

    const { ChangeInfo } = await change('WWW.dyn.corp.test.');
    await change('*.corp.test');
    await client.send(new GetChangeCommand({ Id: ChangeInfo!.Id }));
    await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }));
    const ResourceId = id.replace('/hostedzone/', '');
    await client.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, AddTags: [{ Key: 'a', Value: '1' }] }),
    );
    await client.send(new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [ResourceId] }));
    expect(await refusal(change('www.corp.test'))).toContain('AccessDenied');
    expect(await refusal(change('www.dyn.corp.test', 'AAAA'))).toContain('AccessDenied');
    expect(await refusal(change('www.dyn.corp.test', 'A', 'DELETE'))).toContain('AccessDenied');
    expect(
      await refusal(
        client.send(new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [ResourceId, 'Z9'] })),
      ),
    ).toContain('hostedzone/Z9');
    const associate = (VPCId: string) =>
      client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: id, VPC: { ...VPC, VPCId } }));
    await associate('vpc-0a11bb22cc33dd44f');
    expect(await refusal(associate('vpc-0a11bb22cc33dd440'))).toContain('AccessDenied');
  });

  it('Parameter Store for each parameter', async () => {
    const prefix = `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter`;
    const { actor, account } = await actAs(
      allow(['ssm:GetParameter', 'ssm:GetParameters'], `${prefix}/xfr/*`),
      allow('ssm:PutParameter', `${prefix}/out`, { StringNotEquals: { 'ssm:Overwrite': 'true' } }),
    );
    account.putSecret('ssm:/xfr/key', 'x', { region: 'eu-west-1' });
    const client = actor.client(SSMClient);
    const put = (Overwrite: boolean) =>
      client.send(new PutParameterCommand({ Name: '/out', Value: 'v', Type: 'String', Overwrite }));

    await client.send(new GetParameterCommand({ Name: '/xfr/key:1' }));
    await client.send(new GetParametersCommand({ Names: [`${prefix}/xfr/key`] }));
    expect(await refusal(client.send(new GetParametersCommand({ Names: ['/xfr/key', 'other'] })))).toContain(
      `${prefix}/other`,
    );
    await put(false);
    expect(await refusal(put(true))).toContain('ssm:PutParameter');
  });

  it('Secrets Manager for a secret with its suffix', async () => {
    const prefix = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:`;
    const { actor, account } = await actAs(
      allow('secretsmanager:CreateSecret', `${prefix}new-??????`),
      allow('secretsmanager:GetSecretValue', `${prefix}xfr-??????`, {
        StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' },
      }),
    );
    account.putSecret('secretsmanager:xfr', 'x', { region: 'eu-west-1' });
    const client = actor.client(SecretsManagerClient);
    const get = (VersionStage?: string) =>
      client.send(new GetSecretValueCommand({ SecretId: 'xfr', ...(VersionStage && { VersionStage }) }));

    expect((await get()).SecretString).toBe('x');
    expect(await refusal(get('AWSPREVIOUS'))).toContain('AccessDeniedException');
    await client.send(new CreateSecretCommand({ Name: 'new', SecretString: 'y' }));
    expect(await refusal(client.send(new CreateSecretCommand({ Name: 'newer', SecretString: 'y' })))).toContain(
      'newer-',
    );
  });
});
