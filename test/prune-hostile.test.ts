import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  TagResourceCommand as TagLogsCommand,
  UntagResourceCommand as UntagLogsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateSecurityGroupCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53';
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { nameOf } from '../src/reconcilers/function/names.ts';
import type { AttachableClient, Fault, FaultKind } from '../src/embedded/index.ts';
import { allow, document, trust } from './support/embedded-iam.ts';
import { OPEN, createFileBench, createPruneBench, deploy, exitOf, removalsOf, verbs } from './support/prune-bench.ts';
import type { FileBench, PruneBench } from './support/prune-bench.ts';

const REGION = { region: 'eu-west-1' };
const OWNER_TAG = 'trueup:owner';
const PARTNER = '444455556666';

/** Two mirrors; one of them lost its document, and the account lies still. */
async function bereft(): Promise<FileBench> {
  const bench = await createFileBench(['one', 'two']);
  bench.settings(OPEN);
  bench.remove('two');
  return bench;
}

describe('T68 somebody else’s objects with our marker', () => {
  /** Our tags, as a copy or a propagation brings them; each on a thing of another name. */
  async function forge(bench: PruneBench, marker: string, tag: string): Promise<readonly string[]> {
    const tags = {
      [OWNER_TAG]: marker,
      'trueup:applied': 'AAAAAAAAAAAA',
      'trueup:adopted': 'of-another',
      'trueup:on-remove': 'delete',
    };
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const client = <Kind extends AttachableClient>(Client: new (options: never) => Kind): Kind =>
      bench.account.client(Client, REGION);
    const iam = client(IAMClient);
    const AssumeRolePolicyDocument = trust({ Service: 'lambda.amazonaws.com' });
    await iam.send(new CreateRoleCommand({ RoleName: 'service', AssumeRolePolicyDocument }));
    await client(LambdaClient).send(
      new CreateFunctionCommand({
        FunctionName: `billing-${tag}`,
        Role: 'arn:aws:iam::111122223333:role/service',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipSync({ 'index.mjs': new Uint8Array(4) }) },
        Tags: tags,
      }),
    );
    for (const [RoleName, Path] of [
      [`inside-${tag}`, '/trueup/acme-network/'],
      [`outside-${tag}`, '/'],
    ] as const) {
      await iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument, Tags: list }));
    }
    await client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: `/app/${tag}`, tags }));
    await client(EventBridgeClient).send(
      new PutRuleCommand({ Name: `nightly-${tag}`, ScheduleExpression: 'rate(1 day)', Tags: list }),
    );
    await client(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        AlarmName: `cpu-${tag}`,
        MetricName: 'CPUUtilization',
        Namespace: 'AWS/EC2',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Tags: list,
      }),
    );
    const zone = await bench.client.send(new CreateHostedZoneCommand({ Name: `${tag}.example`, CallerReference: tag }));
    const ResourceId = zone.HostedZone!.Id!.replace('/hostedzone/', '');
    await bench.client.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, AddTags: list }),
    );
    const s3 = client(S3Client);
    await s3.send(
      new CreateBucketCommand({
        Bucket: `bucket-of-${tag}`,
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    await s3.send(new PutBucketTaggingCommand({ Bucket: `bucket-of-${tag}`, Tagging: { TagSet: list } }));
    const ec2 = client(EC2Client);
    const { Vpc } = await ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.9.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: list }] }),
    );
    const { GroupId = '' } = await ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: tag,
        Description: tag,
        VpcId: Vpc!.VpcId!,
        TagSpecifications: [{ ResourceType: 'security-group', Tags: list }],
      }),
    );
    return [
      `billing-${tag}`,
      `inside-${tag}`,
      tag,
      `nightly-${tag}`,
      `cpu-${tag}`,
      ResourceId,
      `bucket-of-${tag}`,
      Vpc!.VpcId!,
      GroupId,
    ];
  }

  it.each([
    ['of a resource that is declared', 'acme-network/ZoneMirror/one/Mirror'],
    ['of a zone that is declared', 'acme-network/ZoneMirror/one/Zone'],
    ['of a document that nobody ever declared', 'acme-network/ZoneMirror/ghost/Mirror'],
    ['that is none of a resource', 'acme-network/ZoneMirror'],
    ['of no kind', 'acme-network/Nothing/at/all/of/it'],
  ])('T68 the marker %s on 10 foreign objects: 0 removals, each said with its reason', async (_what, marker) => {
    const bench = await createPruneBench(['one']);
    bench.settings(OPEN);
    const names = await forge(bench, marker, 'x');
    const plan = await bench.plan();

    expect([plan.actions, plan.guards, plan.complete]).toEqual([[], [], true]);
    const { orphans, complete } = await bench.drift();
    expect(complete).toBe(true);
    // Roles are looked for below our path only: the one outside is nobody's business.
    expect(orphans.map(({ resource }) => resource).sort()).toEqual([...names].sort());
    for (const { action, why } of orphans) {
      expect(action).toBe('none');
      expect(why).toContain('marker was copied');
    }
    const writes = bench.allWrites();
    expect((await bench.apply()).outcome).toBe('nothing');
    expect(bench.allWrites()).toBe(writes);
  });

  it('T68 a stranger’s zone and log group that say themselves that they were taken over: 0 deletes', async () => {
    const bench = await createPruneBench(['one']);
    bench.settings(OPEN);
    const zones = bench.client;
    const { HostedZone } = await zones.send(
      new CreateHostedZoneCommand({ Name: 'bank.example.', CallerReference: 'theirs' }),
    );
    const ResourceId = HostedZone!.Id!.replace('/hostedzone/', '');
    const tagsOf = (id: string, own: string): Readonly<Record<string, string>> => ({
      [OWNER_TAG]: `acme-network/ZoneMirror/gone/${id}`,
      'trueup:adopted': own,
      'trueup:on-remove': 'delete',
    });
    const AddTags = Object.entries(tagsOf('Zone', ResourceId)).map(([Key, Value]) => ({ Key, Value }));
    await zones.send(new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, AddTags }));
    const logGroupName = '/bank/audit';
    const tags = tagsOf('MirrorLogs', logGroupName);
    await bench.account.client(CloudWatchLogsClient, REGION).send(new CreateLogGroupCommand({ logGroupName, tags }));

    const plan = await bench.plan();

    // The zone is let go at most: its tags go and nothing else. The log group is not touched.
    expect(plan.actions.map(({ action, resource }) => [action, resource])).toEqual([['release', ResourceId]]);
    const { orphans } = await bench.drift();
    expect(orphans.find(({ resource }) => resource.endsWith('audit'))).toMatchObject({
      action: 'none',
      why: expect.stringContaining('only its tags'),
    });
  });

  it('T68 copies beside the real ones: these go, those stay', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    bench.remove('two');
    const names = await forge(bench, 'acme-network/ZoneMirror/two/Mirror', 'y');
    const plan = await bench.plan();
    expect(verbs(plan)).toEqual(removalsOf('two'));
    for (const { resource } of plan.actions) expect(names).not.toContain(resource);
    expect((await bench.apply(plan)).outcome).toBe('applied');
    expect((await bench.drift()).orphans.map(({ resource }) => resource).sort()).toEqual([...names].sort());
  });
});

describe('T69 others write our tags', () => {
  const logGroup = async (bench: PruneBench, name: string) => {
    const project = await bench.load();
    const mirror = project.documents.find((one) => one.name === name)!;
    return `arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/${nameOf(mirror, project.estate, 'Mirror')}`;
  };

  it('T69 trueup:applied changes words, never actions; a missing owner is foreign; protection holds both ways', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    const logs = bench.account.client(CloudWatchLogsClient, REGION);
    const one = await logGroup(bench, 'one');
    const two = await logGroup(bench, 'two');
    const tag = (resourceArn: string, tags: Record<string, string>) =>
      logs.send(new TagLogsCommand({ resourceArn, tags }));
    bench.rewrite('one.yaml', (yaml) => yaml.replace('rate(15 minutes)', 'rate(5 minutes)'));
    bench.remove('two');
    const strip = ({ actions }: Awaited<ReturnType<typeof bench.plan>>) =>
      actions.map(({ id, action, changes }) => [
        id,
        action,
        changes.map(({ path, before, after }) => [path, before, after]),
      ]);
    const before = strip(await bench.plan());
    expect(before.length).toBeGreaterThan(9);
    for (const applied of ['AAAAAAAAAAAA', 'x', 'A'.repeat(240), '-_-_-_-_-_-_']) {
      await tag(one, { 'trueup:applied': applied });
      await tag(two, { 'trueup:applied': applied });
      expect(strip(await bench.plan())).toEqual(before);
    }

    await tag(two, { 'trueup:protect': 'true' });
    const guarded = await bench.plan();
    expect(guarded.guards.map(({ code, about }) => [code, about])).toEqual([
      ['protected', 'ZoneMirror/two/MirrorLogs'],
    ]);
    expect((await bench.apply()).outcome).toBe('refused');

    await logs.send(new UntagLogsCommand({ resourceArn: one, tagKeys: [OWNER_TAG] }));
    const foreign = await bench.plan();
    expect(foreign.documents[0]!.findings.map(({ code }) => code)).toContain('foreign');
    expect(exitOf(foreign)).toBe(4);
  });

  it('T69 protection that somebody took off by hand is drift, and comes back', async () => {
    const bench = await createPruneBench(['one'], { undeployed: true });
    bench.declare('one', { metadata: 'protect: true' });
    await deploy(bench);
    const logs = bench.account.client(CloudWatchLogsClient, REGION);
    await logs.send(new UntagLogsCommand({ resourceArn: await logGroup(bench, 'one'), tagKeys: ['trueup:protect'] }));

    expect((await bench.drift()).drifted.map(({ id, changes }) => [id, changes.map(({ path }) => path)])).toEqual([
      ['ZoneMirror/one/MirrorLogs', ['trueup:protect']],
    ]);
    expect((await bench.apply()).outcome).toBe('applied');
    expect((await bench.drift()).drifted).toEqual([]);
  });

  it('T69 a zone whose tags are gone is not recognised by anything else', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    bench.remove('two');
    const ResourceId = (await bench.plan()).actions.find(({ action }) => action === 'release')!.resource;
    const { ResourceTagSet } = await bench.client.send(
      new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId }),
    );
    const RemoveTagKeys = ResourceTagSet!.Tags!.map(({ Key }) => Key!);
    await bench.client.send(
      new ChangeTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId, RemoveTagKeys }),
    );
    expect(verbs(await bench.plan())).toEqual(removalsOf('two').slice(0, -1));
  });
});

describe('F12 what cannot be read is unknown', () => {
  /** What tells nothing of objects: who calls, and what is only said, of the lease's bucket and of the rights of apply. */
  const NOT_OURS = ['AssumeRole', 'GetCallerIdentity', 'HeadBucket', 'SimulatePrincipalPolicy'];

  it(
    'F12 any read of a plan, at any call of it, denied, throttled or aborted: 1, and 0 removals',
    { timeout: 400_000 },
    async () => {
      const bench = await bereft();
      // More than one page of what is tagged, and of roles below our path.
      const logs = bench.account.client(CloudWatchLogsClient, REGION);
      for (let more = 0; more < 101; more++) {
        await logs.send(
          new CreateLogGroupCommand({ logGroupName: `/other/${more}`, tags: { [OWNER_TAG]: 'globex/A/b/C' } }),
        );
      }
      bench.freeze();
      const still = await bench.strike([]);
      const begin = still.account.events().length;
      expect(verbs(await still.plan())).toEqual(removalsOf('two'));
      const reads = still.account
        .events()
        .slice(begin)
        .filter(({ eventName }) => !NOT_OURS.includes(eventName));
      const counts = new Map<string, number>();
      const cases: [command: string, nth: number][] = [];
      for (const { eventName } of reads) {
        const nth = (counts.get(eventName) ?? 0) + 1;
        counts.set(eventName, nth);
        cases.push([eventName, nth]);
      }
      expect(counts.get('GetResources')).toBeGreaterThan(3);
      const kinds: readonly FaultKind[] = ['access-denied', 'throttle', 'server-error'];
      const survived: string[] = [];
      for (const [index, [command, nth]] of cases.entries()) {
        // Each call is struck one way; each command every way, if it is called that often.
        const fault = kinds[(index + nth) % kinds.length]!;
        const struck = await bench.strike([{ service: '*', command, nth, times: 99, fault }]);
        const plan = await struck.plan();
        const removals = verbs(plan).filter((verb) => /^(delete|release)/.test(verb));
        struck.account.close();
        if (plan.complete || removals.length > 0 || exitOf(plan) !== 1)
          survived.push(`${command} ${nth} ${fault}: ${removals.length}`);
      }
      expect(cases.length).toBeGreaterThan(60);
      expect(survived).toEqual([]);
    },
  );
});

describe('F13 one write fails', () => {
  it(
    'F13 denied at each write of a removal: what waits for it is skipped, the rest is done, 5; then it converges',
    { timeout: 300_000 },
    async () => {
      const bench = await bereft();
      bench.freeze();
      const still = await bench.strike([]);
      const reviewed = await still.plan();
      const begin = still.account.events().length;
      expect((await still.apply(reviewed)).outcome).toBe('applied');
      const writes = still.account
        .events()
        .slice(begin)
        .filter(
          ({ readOnly, eventName, eventSource }) =>
            !readOnly && eventName !== 'AssumeRole' && !eventSource.startsWith('s3'),
        );
      const counts = new Map<string, number>();
      const waits = new Map(reviewed.actions.map(({ id, dependsOn }) => [id, dependsOn]));
      expect(writes.length).toBeGreaterThan(9);

      for (const { eventName } of writes) {
        const nth = (counts.get(eventName) ?? 0) + 1;
        counts.set(eventName, nth);
        for (const fault of ['access-denied', 'lost-reply'] as const) {
          const struck = await bench.strike([{ service: '*', command: eventName, nth, fault } satisfies Fault]);
          const result = await struck.apply(reviewed);
          const said = [fault, eventName, nth];
          if (fault === 'access-denied') {
            expect([...said, result.outcome, exitOf(result), result.failed.length]).toEqual([...said, 'partial', 5, 1]);
            const failed = result.failed[0]!.id;
            const dropped = result.skipped.map(({ id }) => id);
            const stopped = (id: string): boolean =>
              (waits.get(id) ?? []).some((other) => other === failed || stopped(other));
            expect([...said, ...dropped.sort()]).toEqual([...said, ...[...waits.keys()].filter(stopped).sort()]);
            expect(result.done).toHaveLength(reviewed.actions.length - 1 - dropped.length);
          }
          expect([...said, (await struck.apply(reviewed)).refused]).toEqual([...said, []]);
          expect([...said, verbs(await struck.plan())]).toEqual([...said, []]);
          struck.account.close();
        }
      }
    },
  );
});

describe('F33 one of several is down', () => {
  const role = (name: string) => `arn:aws:iam::${PARTNER}:role/trueup-${name}`;

  it.each([
    ['an account', undefined],
    ['a region', { StringNotEquals: { 'aws:RequestedRegion': 'ap-southeast-2' } }],
  ])(
    'F33 %s: the others are done, nothing is pruned, and the figures are of what was seen',
    async (_what, condition) => {
      const bench = await createPruneBench(['one', 'two'], { undeployed: true });
      for (const name of ['there', 'gone']) {
        bench.serve(`${name}.test`, 5, 'www A 10.0.0.1');
        bench.declare(name, { spec: ['account: partner', 'region: ap-southeast-2'] });
      }
      await deploy(bench);
      // From now on the roles exist, and may do nothing there.
      const iam = bench.account.client(IAMClient, { ...REGION, account: PARTNER });
      for (const name of ['plan', 'apply']) {
        const RoleName = `trueup-${name}`;
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: '111122223333' }) }));
        if (!condition) continue;
        const PolicyDocument = document(allow('*', '*', condition));
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
        expect(role(name)).toContain(RoleName);
      }
      bench.settings(OPEN);
      bench.remove('two', 'gone');
      bench.rewrite('one.yaml', (yaml) => yaml.replace('rate(15 minutes)', 'rate(5 minutes)'));

      const plan = await bench.plan();
      expect([plan.complete, exitOf(plan)]).toEqual([false, 1]);
      expect(verbs(plan).filter((verb) => /^(delete|release)/.test(verb))).toEqual([]);
      expect(plan.findings.map(({ code }) => code)).toContain('prune-held-back');
      expect(verbs(plan)).toContain('update ZoneMirror/one/Rule');

      const result = await bench.apply();
      expect([result.outcome, exitOf(result)]).toEqual(['partial', 5]);
      expect(result.done).toContain('ZoneMirror/one/Rule');
      expect(result.done.every((id) => id.startsWith('ZoneMirror/one/'))).toBe(true);
      const { orphans } = await bench.drift();
      expect(
        orphans.filter(({ id }) => id.startsWith('ZoneMirror/two/')).every(({ action }) => action === 'none'),
      ).toBe(true);
    },
  );
});
