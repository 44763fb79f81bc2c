import { CloudWatchClient, DescribeAlarmsCommand, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
  DeleteFunctionConcurrencyCommand,
  TagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  ChangeResourceRecordSetsCommand,
  DeleteHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import type { AttachableClient } from '../src/embedded/index.ts';
import type { DriftResult, Who } from '../src/engine/types.ts';
import { drift } from '../src/operations/drift.ts';
import type { DriftOptions } from '../src/operations/drift.ts';
import { TRAIL_PERMISSIONS } from '../src/resources/trail/reader.ts';
import { policyBelow } from './support/documented-policies.ts';
import { errorOf } from './support/embedded-zone.ts';
import { NETWORK, RECORDS, REGION, createMirrorBench } from './support/mirror-bench.ts';
import type { BenchOptions, MirrorBench } from './support/mirror-bench.ts';

const ACCOUNT = '111122223333';
const PERSON = `arn:aws:sts::${ACCOUNT}:assumed-role/ops/on-call`;
const MINUTE = 60_000;
const ALL = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** Somebody of the team `ops`, who may do everything. */
interface Person {
  client<Kind extends AttachableClient>(Constructor: new (options: never) => Kind, region?: string): Kind;
}

interface Scene extends MirrorBench {
  readonly person: Person;
  look(options?: Partial<DriftOptions>): Promise<DriftResult>;
  name(id: string): Promise<string>;
}

async function scene(options: BenchOptions = {}): Promise<Scene> {
  const bench = await createMirrorBench({ spec: [NETWORK], ...options });
  const { estate } = bench;
  const { account } = estate;
  const iam = account.client(IAMClient, REGION);
  const statement = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' };
  await iam.send(
    new CreateRoleCommand({
      RoleName: 'ops',
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: 'ops', PolicyName: 'all', PolicyDocument: ALL }));
  const sts = account.client(STSClient, REGION);
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/ops`, RoleSessionName: 'on-call' }),
  );
  const credentials = {
    accessKeyId: session!.AccessKeyId!,
    secretAccessKey: session!.SecretAccessKey!,
    sessionToken: session!.SessionToken!,
  };
  account.elapse(MINUTE);
  return {
    ...bench,
    person: {
      client(Constructor, region = REGION.region) {
        const client = new Constructor({ ...account.clientOptions({ region }), credentials } as never);
        client.middlewareStack.use(account.plugin);
        return client;
      },
    },
    look: async (rest) => drift(await estate.load(), { endpoint: { kind: 'embedded', account }, ...rest }),
    name: (id) => estate.functionName(id),
  };
}

function whoOf({ drifted, missing }: DriftResult, id: string): Who | undefined {
  return [...drifted, ...missing].find((one) => one.id === `ZoneMirror/corp/${id}`)?.who;
}

function codes({ findings }: DriftResult): readonly string[] {
  return findings.map(({ code }) => code).filter((code) => code.startsWith('who-'));
}

describe('drift says who', () => {
  it('changed a function, a record, a tag, a role, a log group, and deleted a rule', async () => {
    const { person, look, name, zoneId, estate } = await scene();
    const at = new Date(estate.account.now()).toISOString().replace(/\.\d{3}Z$/, 'Z');
    const lambda = person.client(LambdaClient);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: await name('Mirror'), MemorySize: 512 }));
    await person
      .client(CloudWatchLogsClient)
      .send(new PutRetentionPolicyCommand({ logGroupName: `/aws/lambda/${await name('Mirror')}`, retentionInDays: 1 }));
    await person.client(Route53Client, 'us-east-1').send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: await zoneId(),
        ChangeBatch: {
          Changes: [
            {
              Action: 'UPSERT',
              ResourceRecordSet: { Name: 'VPN.z.test', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.9.9.9' }] },
            },
          ],
        },
      }),
    );
    await lambda.send(
      new TagResourceCommand({
        Resource: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${await name('Plan')}`,
        Tags: { team: 'somebody' },
      }),
    );
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }],
    };
    await person
      .client(IAMClient)
      .send(
        new UpdateAssumeRolePolicyCommand({ RoleName: await name('PlanRole'), PolicyDocument: JSON.stringify(trust) }),
      );
    const events = person.client(EventBridgeClient);
    const Rule = await name('Rule');
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
    await events.send(new RemoveTargetsCommand({ Rule, Ids: Targets.map(({ Id = '' }) => Id) }));
    await events.send(new DeleteRuleCommand({ Name: Rule }));

    const found = await look();

    const by = (event: string) => ({
      actor: PERSON,
      event,
      at,
      confidence: 'exact',
      how: 'sdk',
      eventId: expect.any(String),
    });
    expect(found.complete).toBe(true);
    expect(whoOf(found, 'Mirror')).toEqual(by('UpdateFunctionConfiguration'));
    expect(whoOf(found, 'MirrorLogs')).toEqual(by('PutRetentionPolicy'));
    expect(whoOf(found, 'Records')).toEqual(by('ChangeResourceRecordSets'));
    expect(whoOf(found, 'Plan')).toEqual(by('TagResource'));
    expect(whoOf(found, 'PlanRole')).toEqual(by('UpdateAssumeRolePolicy'));
    expect(whoOf(found, 'Rule')).toEqual(by('DeleteRule'));
    expect(codes(found)).toEqual([]);
    // Each is asked where its events are.
    const asked = estate.account.events().filter(({ eventName }) => eventName === 'LookupEvents');
    const home = [await zoneId(), await name('PlanRole')];
    const regions = asked.map(({ awsRegion, requestParameters }) => {
      const [{ attributeValue = '' } = {}] = requestParameters!['lookupAttributes'] as { attributeValue?: string }[];
      return [home.includes(attributeValue), awsRegion];
    });
    expect(regions).toContainEqual([true, 'us-east-1']);
    expect(regions).toContainEqual([false, 'eu-west-1']);
    expect(regions).not.toContainEqual([true, 'eu-west-1']);
    expect(regions).not.toContainEqual([false, 'us-east-1']);
  });

  it('silenced an alarm, took a permission away, gave a role one more policy, and renamed a zone', async () => {
    const { person, look, name, zoneId, estate } = await scene();
    const lambda = person.client(LambdaClient);
    const FunctionName = await name('Mirror');
    const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
    const { Statement = [] } = JSON.parse(Policy) as { readonly Statement?: readonly { readonly Sid: string }[] };
    for (const { Sid } of Statement) await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
    const watch = person.client(CloudWatchClient);
    const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({}));
    await watch.send(
      new DisableAlarmActionsCommand({ AlarmNames: MetricAlarms.map(({ AlarmName = '' }) => AlarmName) }),
    );
    await person
      .client(IAMClient)
      .send(new PutRolePolicyCommand({ RoleName: await name('MirrorRole'), PolicyName: 'more', PolicyDocument: ALL }));
    const route53 = person.client(Route53Client, 'us-east-1');
    await route53.send(new UpdateHostedZoneCommentCommand({ Id: await zoneId(), Comment: 'mine' }));

    const found = await look();

    const told = [...found.drifted, ...found.missing].map(
      ({ type, who }) => `${type} ${who?.actor} ${who?.event} ${who?.confidence}`,
    );
    expect(told.toSorted()).toEqual([
      `AWS::CloudWatch::Alarm ${PERSON} DisableAlarmActions exact`,
      `AWS::IAM::RolePolicy ${PERSON} PutRolePolicy exact`,
      `AWS::Lambda::Permission ${PERSON} RemovePermission exact`,
      `AWS::Route53::HostedZone ${PERSON} UpdateHostedZoneComment exact`,
    ]);
    expect(codes(found)).toEqual([]);
    expect(estate.account.calls()['cloudtrail']?.reads).toBeLessThanOrEqual(8);
  });

  it('is not visible yet for a quarter of an hour, and then exact', async () => {
    const { person, look, name, estate } = await scene({ trail: { delay: 15 * MINUTE } });
    await setMemory(person, await name('Mirror'), 512);

    const young = await look();
    estate.account.elapse(15 * MINUTE);
    const old = await look();

    expect(whoOf(young, 'Mirror')).toEqual({ actor: null, event: null, at: null, confidence: 'not visible yet' });
    expect(young.complete).toBe(true);
    expect(whoOf(old, 'Mirror')).toMatchObject({ actor: PERSON, confidence: 'exact' });
  });

  it('never names an apply of ours, nor anybody before it', async () => {
    const { person, look, name, estate } = await scene({ trail: { delay: 15 * MINUTE } });
    await setMemory(person, await name('Mirror'), 512);
    await estate.apply();
    estate.account.elapse(20 * MINUTE);
    await setMemory(person, await name('Mirror'), 512);

    // What made this drift is not visible yet; who made the drift before the apply is, and so is the apply.
    expect(whoOf(await look(), 'Mirror')?.confidence).toBe('not visible yet');
    estate.account.elapse(15 * MINUTE);
    expect(whoOf(await look(), 'Mirror')).toMatchObject({ actor: PERSON, confidence: 'exact' });
  });

  it('T28 says likely of what CloudTrail leaves out, and never a value', async () => {
    const { person, look, name } = await scene();
    const command = {
      FunctionName: await name('Mirror'),
      Environment: { Variables: { TRUEUP_DOCUMENT: 'canary-4711' } },
    };
    await person.client(LambdaClient).send(new UpdateFunctionConfigurationCommand(command));

    const found = await look();

    expect(whoOf(found, 'Mirror')).toMatchObject({ event: 'UpdateFunctionConfiguration', confidence: 'likely' });
    expect(JSON.stringify(found)).not.toContain('canary-4711');
  });

  it('is not a function of ours at its work', async () => {
    const { look, primary, tick } = await scene();
    primary.serve(6, RECORDS.slice(0, 2));
    expect((await tick()).line.outcome).toBe('mirrored');
    // The same serial, and another record: the primary forgot to raise it.
    primary.serve(6, ['ns1 300 A 10.0.0.1', 'www 300 A 10.0.0.99']);

    const found = await look();

    expect(found.drifted.map(({ id }) => id)).toEqual(['ZoneMirror/corp/Records']);
    expect(whoOf(found, 'Records')?.confidence).toBe('not visible yet');
  });

  it('looks for nobody before the moment that it is given', async () => {
    const { person, look, name, estate } = await scene();
    await setMemory(person, await name('Mirror'), 512);
    estate.account.elapse(MINUTE);

    const found = await look({ since: estate.account.now() });

    expect(whoOf(found, 'Mirror')?.confidence).toBe('not visible yet');
  });

  it.each([
    ['denied', 'access-denied', 'AccessDeniedException'],
    ['throttled', 'throttle', 'ThrottlingException'],
  ] as const)('a lookup that is %s is a finding, and drift is complete', async (reason, fault, detail) => {
    const faults = [{ service: 'cloudtrail', command: 'LookupEvents', times: 100, fault }];
    const { person, look, name } = await scene({ faults });
    await setMemory(person, await name('Mirror'), 512);

    const found = await look();

    expect(found.complete).toBe(true);
    expect(found.drifted.map(({ id, who }) => [id, who])).toEqual([['ZoneMirror/corp/Mirror', undefined]]);
    expect(found.findings).toContainEqual({
      document: '',
      code: 'who-not-asked',
      severity: 'warning',
      message: expect.stringContaining(
        `CloudTrail in eu-west-1 of ${ACCOUNT} could not be asked (${reason}: ${detail}`,
      ),
      hint: expect.stringContaining('cloudtrail:LookupEvents on *'),
    });
  });

  it('asks nobody where nothing drifted', async () => {
    const { look, estate } = await scene();

    expect((await look()).drifted).toEqual([]);
    expect(estate.account.calls()['cloudtrail']).toBeUndefined();
  });

  it('reads two pages of an object, and says that they did not tell', async () => {
    const { person, look, name, estate } = await scene();
    const logGroupName = `/aws/lambda/${await name('Mirror')}`;
    const logs = person.client(CloudWatchLogsClient);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 1 }));
    for (let refused = 0; refused < 100; refused += 1) {
      await errorOf(logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 })));
    }

    const found = await look();

    expect(whoOf(found, 'MirrorLogs')).toBeUndefined();
    expect(codes(found)).toEqual(['who-not-told']);
    expect(estate.account.calls()['cloudtrail']).toEqual({ reads: 2, writes: 0 });
  });

  it('a zone that is gone took its id with it', async () => {
    const { person, look, zoneId, sets } = await scene();
    expect(await sets()).toHaveLength(3);
    const client = person.client(Route53Client, 'us-east-1');
    const HostedZoneId = await zoneId();
    const { ResourceRecordSets = [] } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
    const Changes = ResourceRecordSets.filter(
      ({ Name, Type }) => Name !== 'z.test.' || (Type !== 'NS' && Type !== 'SOA'),
    ).map((ResourceRecordSet) => ({ Action: 'DELETE' as const, ResourceRecordSet }));
    await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
    await client.send(new DeleteHostedZoneCommand({ Id: HostedZoneId }));

    const found = await look();

    expect(whoOf(found, 'Zone')).toBeUndefined();
    expect(new Set(codes(found))).toEqual(new Set(['who-never-visible']));
  });

  it('needs what it says it needs, and nothing more', async () => {
    const { person, look, name, estate } = await scene();
    const iam = estate.account.client(IAMClient, REGION);
    const statement = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await iam.send(new CreateRoleCommand({ RoleName: 'trueup-plan', AssumeRolePolicyDocument }));
    const { Statement: documented } = JSON.parse(policyBelow('The plan role')) as { Statement: object[] };
    const grant = (Statement: readonly object[]) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: 'trueup-plan',
          PolicyName: 'plan',
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      );
    estate.rewrite('settings.yaml', (text) =>
      text.replace(`id: "${ACCOUNT}" `, `id: "${ACCOUNT}", planRole: "arn:aws:iam::${ACCOUNT}:role/trueup-plan" `),
    );
    await setMemory(person, await name('Mirror'), 512);

    await grant(documented);
    expect(whoOf(await look(), 'Mirror')).toMatchObject({ actor: PERSON, confidence: 'exact' });
    const needed = TRAIL_PERMISSIONS.map(({ action, resource }) => ({
      Effect: 'Deny',
      Action: action,
      Resource: resource,
    }));
    await grant([...documented, ...needed]);
    expect(codes(await look())).toEqual(['who-not-asked']);
  });
});

describe('a refusal at apply says who', () => {
  it('moved a reviewed field, and who deleted an object', async () => {
    const { person, name, estate, declare } = await scene();
    declare([NETWORK, 'function: { memory: 1024 }']);
    const reviewed = await estate.plan();
    await setMemory(person, await name('Mirror'), 512);
    await person.client(LambdaClient).send(new DeleteFunctionConcurrencyCommand({ FunctionName: await name('Plan') }));
    await person
      .client(CloudWatchLogsClient)
      .send(new DeleteLogGroupCommand({ logGroupName: `/aws/lambda/${await name('Plan')}` }));

    const result = await estate.apply(reviewed);

    expect(result.outcome).toBe('stale');
    const differences = result.refused.flatMap((refusal) => refusal.differences);
    const whoByPath = differences.map(({ id, path, who }) => [id.split('/')[2], path, who?.event, who?.confidence]);
    expect(whoByPath).toContainEqual(['Mirror', 'MemorySize', 'UpdateFunctionConfiguration', 'exact']);
    expect(whoByPath).toContainEqual(['PlanLogs', undefined, 'DeleteLogGroup', 'exact']);
    expect(new Set(differences.flatMap(({ who }) => who?.actor ?? []))).toEqual(new Set([PERSON]));
  });

  it('and says nothing of what git moved', async () => {
    const { estate, declare } = await scene();
    declare([NETWORK, 'function: { memory: 1024 }']);
    const reviewed = await estate.plan();
    declare([NETWORK, 'function: { memory: 2048 }']);

    const result = await estate.apply(reviewed);

    expect(result.outcome).toBe('stale');
    expect(result.refused.flatMap(({ differences }) => differences.flatMap(({ who }) => who ?? []))).toEqual([]);
    expect(estate.account.calls()['cloudtrail']).toBeUndefined();
  });
});

async function setMemory(person: Person, FunctionName: string, MemorySize: number): Promise<void> {
  await person.client(LambdaClient).send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize }));
}
