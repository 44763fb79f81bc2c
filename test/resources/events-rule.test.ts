import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Value } from '../../src/engine/types.ts';
import { createRuleType } from '../../src/resources/aws-events-rule.ts';
import { OWN_TARGET_PREFIX, entriesOf } from '../../src/resources/rule-targets.ts';
import { objectName } from '../../src/resources/names.ts';
import { removeObject } from '../support/removal.ts';
import { IT, createTypeBench } from '../support/type-bench.ts';
import { testTypeLaws } from '../support/type-laws.ts';

const ResourceARN = 'arn:aws:events:eu-west-1:111122223333:rule/corp-tick';
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const MIRROR = { Id: `${OWN_TARGET_PREFIX}mirror`, Arn: FUNCTION, Input: '{"zone":"corp"}' };
const PROPERTIES = {
  Name: 'corp-tick',
  Description: 'polls the primaries',
  ScheduleExpression: 'rate(15 minutes)',
  State: 'ENABLED',
  Targets: [MIRROR],
  Tags: [{ Key: 'team', Value: 'network' }],
};

function createBench(properties: Readonly<Record<string, Value>> = PROPERTIES, faults: readonly Fault[] = []) {
  return createTypeBench(EventBridgeClient, createRuleType, properties, faults);
}

type Bench = ReturnType<typeof createBench>;

async function targets({ client }: Bench) {
  return (await client.send(new ListTargetsByRuleCommand({ Rule: 'corp-tick' }))).Targets!;
}

async function describeRule({ client }: Bench) {
  const { $metadata: _metadata, ...rule } = await client.send(new DescribeRuleCommand({ Name: 'corp-tick' }));
  return rule;
}

testTypeLaws({
  type: 'AWS::Events::Rule',
  properties: PROPERTIES,
  others: {
    Description: 'another',
    ScheduleExpression: 'cron(0 6 * * ? *)',
    State: 'DISABLED',
    Targets: [{ ...MIRROR, Input: '{"zone":"other"}' }],
    Tags: [{ Key: 'team', Value: 'operations' }],
  },
  later: { Targets: [{ Id: `${OWN_TARGET_PREFIX}other`, Arn: FUNCTION }] },
  service: 'eventbridge',
  create: 'PutRule',
  look: 'DescribeRule',
  removal: ['RemoveTargets', 'DeleteRule'],
  name: { property: 'Name', ofMarker: objectName(IT) },
  arn: async ({ client }, Name) => (await client.send(new DescribeRuleCommand({ Name }))).Arn!,
  otherArns: [
    'arn:aws:events:eu-west-1:111122223333:rule/other-bus/corp-tick',
    'arn:aws:events:eu-west-1:111122223333:event-bus/corp-tick',
    FUNCTION,
  ],
  bench: createBench,
  tags: async ({ client }) => {
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
    return Object.fromEntries(Tags!.map(({ Key, Value }) => [Key!, Value!]));
  },
  tag: async ({ client }, tags) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await client.send(new TagResourceCommand({ ResourceARN, Tags }));
  },
  untag: async ({ client }, keys) => {
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: [...keys] }));
  },
  makeForeign: async ({ client }) => {
    const Tags = [{ Key: 'theirs', Value: 'yes' }];
    await client.send(new PutRuleCommand({ Name: 'corp-tick', ScheduleExpression: 'rate(1 day)', Tags }));
  },
  snapshot: async (bench) => [await describeRule(bench), await targets(bench)],
});

describe('targets of a rule', () => {
  it('of others stay, are counted and named', async () => {
    const bench = createBench();
    await bench.apply();
    const theirs = { Id: 'audit', Arn: `${FUNCTION}-audit` };
    await bench.client.send(new PutTargetsCommand({ Rule: 'corp-tick', Targets: [theirs] }));
    const plan = await bench.plan();
    expect(plan.summary).toMatchObject({ unchanged: 1, kept: 1 });
    expect(plan.documents[0]!.findings).toMatchObject([
      {
        code: 'kept-entries',
        severity: 'info',
        message: 'targets of rule corp-tick that are not ours and stay: audit',
      },
    ]);

    bench.declare({ ...PROPERTIES, Targets: [{ Id: `${OWN_TARGET_PREFIX}other`, Arn: FUNCTION }] });
    expect(await bench.actions()).toEqual(['update declared Targets']);
    await bench.apply();

    expect(await targets(bench)).toEqual([theirs, { Id: `${OWN_TARGET_PREFIX}other`, Arn: FUNCTION }]);
    expect(await bench.actions()).toEqual([]);
  });

  it('of others stand in the way of a deletion, and nothing is forced', async () => {
    const bench = createBench();
    await bench.apply();
    await bench.client.send(
      new PutTargetsCommand({ Rule: 'corp-tick', Targets: [{ Id: 'audit', Arn: `${FUNCTION}-audit` }] }),
    );
    const which = { type: 'AWS::Events::Rule', properties: { Name: 'corp-tick' }, address: 'Fake/app/It' };
    const writes = bench.resources.writes();

    await expect(removeObject(bench.resources, which)).rejects.toThrow(
      'rule corp-tick has targets that are not ours: audit; take them away, then it is deleted: aws events remove-targets --rule corp-tick --ids audit',
    );

    expect(bench.resources.writes()).toBe(writes);
    expect(await targets(bench)).toHaveLength(2);
  });

  it('that somebody changed or added in our name are put back', async () => {
    const bench = createBench();
    await bench.apply();
    const changed = { ...MIRROR, Input: '{"zone":"hacked"}', RetryPolicy: { MaximumRetryAttempts: 0 } };
    const added = { Id: `${OWN_TARGET_PREFIX}added`, Arn: FUNCTION };
    await bench.client.send(new PutTargetsCommand({ Rule: 'corp-tick', Targets: [changed, added] }));

    expect(await bench.actions()).toEqual(['update drifted Targets']);
    await bench.apply();

    expect(await targets(bench)).toEqual([MIRROR]);
  });

  it('with the same JSON in other words are the same', () => {
    const found = [{ ...MIRROR, Input: '{ "zone": "corp" }' }];

    expect(entriesOf([MIRROR], found).own).toEqual([MIRROR]);
    expect(entriesOf([MIRROR], [{ ...MIRROR, Input: 'zone' }]).own).toEqual([{ ...MIRROR, Input: 'zone' }]);
  });

  it('stand in the declared order', () => {
    const ids = ['trueup-b', 'trueup-a'].map((Id) => ({ Id, Arn: FUNCTION }));

    expect(entriesOf(ids, ids.toReversed()).own).toEqual(ids);
  });
});

describe('a rule', () => {
  it('keeps what nobody declares, though PutRule replaces all', async () => {
    const { Description: _description, State: _state, ...rest } = PROPERTIES;
    const bench = createBench(rest);
    await bench.apply();
    const RoleArn = 'arn:aws:iam::111122223333:role/theirs';
    const theirs = { Name: 'corp-tick', Description: 'theirs', State: 'DISABLED' as const, RoleArn };
    await bench.client.send(new PutRuleCommand({ ...theirs, ScheduleExpression: 'rate(15 minutes)' }));
    expect(await bench.actions()).toEqual([]);

    bench.declare({ ...rest, ScheduleExpression: 'rate(1 hour)' });
    await bench.apply();

    expect(await describeRule(bench)).toMatchObject({ ...theirs, ScheduleExpression: 'rate(1 hour)' });
  });
});
