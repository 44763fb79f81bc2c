import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  TagResourceCommand as TagAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand as TagLogGroupCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutRuleCommand, TagResourceCommand as TagRuleCommand } from '@aws-sdk/client-eventbridge';
import { PutRolePermissionsBoundaryCommand, TagRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
  TagResourceCommand as TagFunctionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  UpdateHostedZoneCommentCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { Cause, DriftResult, Plan, Reason } from '../src/engine/types.ts';
import { toPlanJson } from '../src/report/json.ts';
import { renderPlan } from '../src/report/render.ts';
import { createLogGroupType } from '../src/resources/aws-logs-log-group.ts';
import { createTypeBench } from './support/type-bench.ts';
import { randomFrom } from './support/mutations.ts';
import { BODY, reviewedWorlds } from './support/moved-world.ts';
import type { ReviewedWorld } from './support/moved-world.ts';

const REGION = { region: 'eu-west-1' };
const PLACE = 'eu-west-1:111122223333';

/** One field of each type that is stamped: a document can change it, and so can somebody by hand. */
const STAMPED = [
  'Alarm AlarmActions',
  'Mirror MemorySize',
  'MirrorLogs RetentionInDays',
  'MirrorRole PermissionsBoundary',
  'Rule ScheduleExpression',
  'Zone HostedZoneConfig',
];

const THEIR_TOPIC = `arn:aws:sns:${PLACE}:theirs`;

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const WIDE = { width: 200, color: false, unicode: true };

/** What git asks for: all of them. */
function edit({ estate }: ReviewedWorld): void {
  estate.rewrite('settings.yaml', (yaml) =>
    yaml
      .replace('Boundary: trueup-boundary', 'Boundary: other-boundary')
      .concat(`  notify: { sns: "arn:aws:sns:${PLACE}:ops" }\n`),
  );
  estate.rewrite('corp.yaml', (yaml) =>
    yaml
      .replace('comment: mirror', 'comment: office')
      .replace('rate(15 minutes)', 'rate(30 minutes)')
      .concat('  function: { memory: 512, logRetention: 14d }\n'),
  );
}

/** What somebody does by hand: to all of them. */
async function drift(world: ReviewedWorld): Promise<void> {
  const { estate, lambda, logs, iam, rules, name } = world;
  const watch = estate.account.client(CloudWatchClient, REGION);
  const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({ AlarmNames: [name('Alarm')] }));
  const alarm = MetricAlarms[0] as PutMetricAlarmCommandInput;
  await watch.send(new PutMetricAlarmCommand({ ...alarm, AlarmActions: [THEIR_TOPIC], Threshold: 99 }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name('Mirror'), MemorySize: 1024 }));
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: `/aws/lambda/${name('Mirror')}`, retentionInDays: 7 }));
  const RoleName = name('MirrorRole');
  const PermissionsBoundary = 'arn:aws:iam::111122223333:policy/theirs';
  await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: TRUST }));
  await rules.send(new PutRuleCommand({ Name: name('Rule'), ScheduleExpression: 'rate(1 minute)' }));
  await estate.client.send(new UpdateHostedZoneCommentCommand({ Id: await world.zoneId(), Comment: 'theirs' }));
  await openPermission(world);
}

async function openPermission({ lambda, name }: ReviewedWorld): Promise<void> {
  const FunctionName = name('Mirror');
  const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const [statement] = (JSON.parse(Policy) as { Statement: { Sid: string }[] }).Statement;
  const StatementId = statement?.Sid ?? '';
  await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
  const added = { FunctionName, StatementId, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' };
  await lambda.send(new AddPermissionCommand({ ...added, SourceArn: `arn:aws:events:${PLACE}:rule/theirs` }));
}

async function changeRecord({ estate, zoneId }: ReviewedWorld): Promise<void> {
  const set = { Name: 'vpn.corp.test', Type: 'A' as const, TTL: 300, ResourceRecords: [{ Value: '10.9.9.9' }] };
  const ChangeBatch = { Changes: [{ Action: 'UPSERT' as const, ResourceRecordSet: set }] };
  await estate.client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: await zoneId(), ChangeBatch }));
}

/** Writes `trueup:applied` of all of them, as somebody else may. */
async function scrawl(world: ReviewedWorld, value: string): Promise<void> {
  const { estate, lambda, logs, iam, rules, name } = world;
  const key = 'trueup:applied';
  const Tags = [{ Key: key, Value: value }];
  const watch = estate.account.client(CloudWatchClient, REGION);
  await watch.send(new TagAlarmCommand({ ResourceARN: `arn:aws:cloudwatch:${PLACE}:alarm:${name('Alarm')}`, Tags }));
  const Resource = `arn:aws:lambda:${PLACE}:function:${name('Mirror')}`;
  await lambda.send(new TagFunctionCommand({ Resource, Tags: { [key]: value } }));
  const { logGroups = [] } = await logs.send(
    new DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${name('Mirror')}` }),
  );
  const resourceArn = logGroups[0]?.logGroupArn;
  await logs.send(new TagLogGroupCommand({ resourceArn, tags: { [key]: value } }));
  await iam.send(new TagRoleCommand({ RoleName: name('MirrorRole'), Tags }));
  await rules.send(new TagRuleCommand({ ResourceARN: `arn:aws:events:${PLACE}:rule/${name('Rule')}`, Tags }));
  const zone = { ResourceType: 'hostedzone', ResourceId: await world.zoneId() } as const;
  await estate.client.send(new ChangeTagsForResourceCommand({ ...zone, AddTags: Tags }));
}

/** `logical id path` → its cause, of the fields asked for. */
function causesOf(
  actions: Plan['actions'] | DriftResult['drifted'],
  fields: readonly string[],
): Readonly<Record<string, Cause>> {
  const causes = actions.flatMap(({ id, changes }) =>
    changes.map(({ path, cause }) => [`${id.slice(id.lastIndexOf('/') + 1)} ${path}`, cause] as const),
  );
  return Object.fromEntries(causes.filter(([field]) => fields.includes(field)));
}

function all(cause: Cause, fields = STAMPED): Readonly<Record<string, Cause>> {
  return Object.fromEntries(fields.map((field) => [field, cause]));
}

/** The words beside the fields of a report: what stands at the end of a line that begins with the field's name. */
function wordsIn(text: string, fields: readonly string[]): Readonly<Record<string, string>> {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(
    fields.map((field) => {
      const path = field.split(' ')[1];
      const line = lines.find((words) => words[0] === path);
      return [field, line?.at(-1) ?? ''];
    }),
  );
}

describe('who moved a field is told', () => {
  const open = reviewedWorlds({ alone: true });

  it.each<{ cause: Cause; reason: Reason; drifted: boolean; move(world: ReviewedWorld): Promise<void> }>([
    { cause: 'git', reason: 'declared', drifted: false, move: async (world) => edit(world) },
    { cause: 'drift', reason: 'drifted', drifted: true, move: drift },
    {
      cause: 'both',
      reason: 'both',
      drifted: true,
      async move(world) {
        edit(world);
        await drift(world);
      },
    },
    {
      cause: 'unknown',
      reason: 'declared',
      drifted: false,
      async move(world) {
        await drift(world);
        await scrawl(world, 'short');
      },
    },
  ])('$cause', async ({ cause, reason, drifted, move }) => {
    const world = await open();
    await move(world);

    const plan = await world.estate.plan();
    const found = await world.estate.drift();

    expect(causesOf(plan.actions, STAMPED)).toEqual(all(cause));
    const ids = STAMPED.map((field) => `ZoneMirror/corp/${field.split(' ')[0]}`);
    const reasons = plan.actions.filter(({ id }) => ids.includes(id)).map((action) => [action.id, action.reason]);
    expect(reasons).toEqual(ids.map((id) => [id, reason]));
    expect(causesOf(toPlanJson(plan, { records: false }).actions, STAMPED)).toEqual(all(cause));
    for (const format of ['text', 'markdown'] as const) {
      const text = renderPlan(plan, { format, ...WIDE });
      expect(wordsIn(text, STAMPED)).toEqual(all(cause));
    }
    expect(causesOf(found.drifted, STAMPED)).toEqual(drifted ? all(cause) : {});
  });

  it('of a trust policy and a threshold, which only somebody else moves', async () => {
    const world = await open();
    await drift(world);

    const fields = ['Alarm Threshold', 'MirrorRole AssumeRolePolicyDocument'];
    expect(causesOf((await world.estate.plan()).actions, fields)).toEqual(all('drift', fields));
  });

  it('of a permission, which carries no stamp, nothing tells', async () => {
    const world = await open();
    await openPermission(world);

    const plan = await world.estate.plan();

    const fields = ['Permission SourceArn'];
    expect(causesOf(plan.actions, fields)).toEqual(all('unknown', fields));
    expect(wordsIn(renderPlan(plan, { format: 'text', ...WIDE }), fields)).toEqual(all('unknown', fields));
    const found = await world.estate.drift();
    expect(found.drifted).toEqual([]);
    expect(found.findings.map(({ code }) => code)).toContain('not-judged');
  });

  it.each<{ moved: string; cause: Cause; move(world: ReviewedWorld): Promise<void> }>([
    { moved: 'a record is changed by hand, and the serial stands', cause: 'drift', move: changeRecord },
    {
      moved: 'the source has another serial',
      cause: 'unknown',
      move: async ({ estate }) => estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`),
    },
    {
      moved: 'a record is changed by hand, and the source has another serial',
      cause: 'unknown',
      async move(world) {
        await changeRecord(world);
        world.estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`);
      },
    },
  ])('of records by the serial: $moved', async ({ cause, move }) => {
    const world = await open();
    await move(world);

    const plan = await world.estate.plan({ full: true });
    const found = await world.estate.drift();

    const fields = ['Records ResourceRecordSets'];
    expect(causesOf(plan.actions, fields)).toEqual(all(cause, fields));
    expect(plan.actions.map(({ reason }) => reason)).toEqual([cause === 'drift' ? 'drifted' : 'declared']);
    expect(causesOf(found.drifted, fields)).toEqual(cause === 'drift' ? all(cause, fields) : {});
  });
});

describe('T69 whatever trueup:applied holds', () => {
  const LOG_GROUP = {
    LogGroupName: '/aws/lambda/corp',
    RetentionInDays: 30,
    Tags: [{ Key: 'team', Value: 'network' }],
  };
  const { LogGroupName: logGroupName } = LOG_GROUP;
  /** What a tag's value may hold: letters of any script, digits, spaces and some signs. */
  const CHARACTERS = ['a', 'b', 'z', 'A', 'Z', '0', '9', '-', '_', '.', ':', '/', '=', '+', '@', ' ', 'é', '漢', 'я'];

  function valueOf(seed: number, stamp: string): string {
    const random = randomFrom(seed);
    const letters = (length: number): string =>
      Array.from({ length }, () => CHARACTERS[random(CHARACTERS.length)]).join('');
    const forms = [
      '',
      stamp.slice(0, random(stamp.length)),
      stamp + letters(1 + random(20)),
      letters(random(200)),
      letters(stamp.length),
      stamp.slice(0, 6) + letters(stamp.length - 6),
    ];
    return forms[random(forms.length)] ?? '';
  }

  it('the same is done, and only the words of it differ (200 values)', { timeout: 30_000 }, async () => {
    const bench = createTypeBench(CloudWatchLogsClient, createLogGroupType, LOG_GROUP);
    await bench.apply();
    const resourceArn = `arn:aws:logs:${PLACE}:log-group:${logGroupName}`;
    const { tags = {} } = await bench.client.send(new ListTagsForResourceCommand({ resourceArn }));
    const stamp = tags['trueup:applied'] ?? '';
    const words = new Set<string>();

    /** Somebody moves the retention; what is planned then. */
    async function planned(applied: string): Promise<readonly object[]> {
      await bench.client.send(new TagLogGroupCommand({ resourceArn, tags: { 'trueup:applied': applied } }));
      await bench.client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
      const { actions } = await bench.plan();
      return actions.map(({ reason, changes, ...action }) => {
        words.add([reason, ...changes.map(({ cause }) => cause)].join(' '));
        return { ...action, changes: changes.map(({ cause: _cause, ...change }) => change) };
      });
    }

    /** What an apply comes to, and what it writes but for the stamp. */
    async function healed(): Promise<object> {
      const seen = bench.account.events().length;
      const { outcome, done, replan } = await bench.apply();
      const writes = bench.account
        .events()
        .slice(seen)
        .filter(({ readOnly, eventName }) => !readOnly && eventName !== 'TagResource')
        .map(({ eventName, requestParameters }) => ({ eventName, requestParameters }));
      return { outcome, done, left: replan?.summary, writes };
    }

    const actions = await planned(stamp);
    const end = await healed();
    expect(actions).toMatchObject([{ action: 'update', changes: [{ path: 'RetentionInDays', before: 7, after: 30 }] }]);
    expect(end).toMatchObject({ outcome: 'applied', writes: [{ eventName: 'PutRetentionPolicy' }] });
    for (let seed = 0; seed < 200; seed += 1) {
      const value = valueOf(seed, stamp);
      expect({ value, actions: await planned(value) }).toEqual({ value, actions });
      if (seed % 10 === 0) expect({ value, end: await healed() }).toEqual({ value, end });
    }
    expect([...words].toSorted()).toEqual(['both both', 'declared unknown', 'drifted drift']);
  });
});
