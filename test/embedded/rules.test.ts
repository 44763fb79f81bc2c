import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import type { PutRuleRequest, Target } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from 'vitest';
import { administrator } from '../../src/embedded/caller.ts';
import { clockwork } from '../../src/embedded/events/clockwork.ts';
import { rules } from '../../src/embedded/events/model.ts';
import type { StoredRule } from '../../src/embedded/events/model.ts';
import { disableRule, enableRule, putRule } from '../../src/embedded/events/rules.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { CallContext } from '../../src/embedded/service.ts';
import { Database, Transaction } from '../../src/embedded/store/database.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:mirror';
const ARN = 'arn:aws:events:eu-west-1:111122223333:rule/tick';
const TICK: PutRuleRequest = { Name: 'tick', ScheduleExpression: 'rate(15 minutes)' };

function open() {
  const account = openEmbedded('memory', { now: () => NOW });
  return { account, client: account.client(EventBridgeClient, { region: 'eu-west-1' }) };
}

async function openWithRule(fields: Partial<PutRuleRequest> = {}, targets: readonly Partial<Target>[] = []) {
  const opened = open();
  await opened.client.send(new PutRuleCommand({ ...TICK, ...fields }));
  const Targets = targets.map((target, index) => ({ Id: `t${index}`, Arn: FUNCTION, ...target }));
  if (Targets.length > 0) await opened.client.send(new PutTargetsCommand({ Rule: 'tick', Targets }));
  return opened;
}

describe('PutRule', () => {
  it('makes an enabled rule', async () => {
    const { client } = open();

    const { RuleArn } = await client.send(new PutRuleCommand({ ...TICK, Description: 'polls' }));

    expect(RuleArn).toBe(ARN);
    expect(await client.send(new DescribeRuleCommand({ Name: 'tick' }))).toMatchObject({
      Name: 'tick',
      Arn: ARN,
      ScheduleExpression: 'rate(15 minutes)',
      State: 'ENABLED',
      Description: 'polls',
      EventBusName: 'default',
      CreatedBy: '111122223333',
    });
  });

  it('replaces a rule: what is left out is gone, tags and targets stay', async () => {
    const { client } = await openWithRule({ Description: 'old', Tags: [{ Key: 'a', Value: '1' }] }, [{}]);

    await client.send(new PutRuleCommand({ ...TICK, State: 'DISABLED', Tags: [{ Key: 'b', Value: '2' }] }));

    const rule = await client.send(new DescribeRuleCommand({ Name: 'tick' }));
    expect(rule).toMatchObject({ State: 'DISABLED' });
    expect(rule.Description).toBeUndefined();
    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN: ARN }))).Tags).toEqual([
      { Key: 'a', Value: '1' },
    ]);
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'tick' }))).Targets).toHaveLength(1);
  });

  it.each<[string, Partial<PutRuleRequest>, string]>([
    ['a bad name', { Name: 'a b' }, 'ValidationException'],
    ['neither schedule nor pattern', { ScheduleExpression: undefined }, 'ValidationException'],
    ['a bad schedule', { ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException'],
    ['a long description', { Description: 'x'.repeat(513) }, 'ValidationException'],
    ['a state that is none', { State: 'ON' as 'ENABLED' }, 'ValidationException'],
    ['a reserved tag', { Tags: [{ Key: 'aws:x', Value: '' }] }, 'ValidationException'],
    ['another event bus', { EventBusName: 'mine' }, 'ResourceNotFoundException'],
    ['an event pattern', { EventPattern: '{"source":["aws.s3"]}' }, 'NotEmbedded'],
  ])('refuses %s', async (_what, fields, name) => {
    const { client } = open();

    expect((await errorOf(client.send(new PutRuleCommand({ ...TICK, ...fields })))).name).toBe(name);
    expect((await client.send(new ListRulesCommand({}))).Rules).toEqual([]);
  });

  it('takes the default event bus by name and by ARN', async () => {
    const { client } = open();
    for (const EventBusName of ['default', 'arn:aws:events:eu-west-1:111122223333:event-bus/default']) {
      expect((await client.send(new PutRuleCommand({ ...TICK, EventBusName }))).RuleArn).toBe(ARN);
    }
  });
});

describe('rules', () => {
  it('are as many as the quota of the region says', async () => {
    const { account, client } = open();
    account.setQuotas({ rules: 1 });
    await client.send(new PutRuleCommand(TICK));

    const error = await errorOf(client.send(new PutRuleCommand({ ...TICK, Name: 'tock' })));

    expect(error.name).toBe('LimitExceededException');
    await client.send(new PutRuleCommand({ ...TICK, ScheduleExpression: 'rate(1 hour)' }));
    await account.client(EventBridgeClient, { region: 'us-east-1' }).send(new PutRuleCommand(TICK));
  });

  it('are listed by prefix and page by page', async () => {
    const { client } = open();
    for (const Name of ['b-2', 'a-1', 'b-1', 'b-3']) await client.send(new PutRuleCommand({ ...TICK, Name }));

    const first = await client.send(new ListRulesCommand({ NamePrefix: 'b-', Limit: 2 }));
    const second = await client.send(new ListRulesCommand({ NamePrefix: 'b-', Limit: 2, NextToken: first.NextToken }));

    expect(first.Rules!.map(({ Name }) => Name)).toEqual(['b-1', 'b-2']);
    expect(second.Rules!.map(({ Name }) => Name)).toEqual(['b-3']);
    expect(second.NextToken).toBeUndefined();
    expect((await errorOf(client.send(new ListRulesCommand({ NextToken: 'x' })))).name).toBe('ValidationException');
  });

  it('are deleted when they have no targets, and deleting none is no error', async () => {
    const { client } = await openWithRule({}, [{}]);

    const refused = await errorOf(client.send(new DeleteRuleCommand({ Name: 'tick' })));
    await client.send(new RemoveTargetsCommand({ Rule: 'tick', Ids: ['t0', 'unknown'] }));
    await client.send(new DeleteRuleCommand({ Name: 'tick' }));
    await client.send(new DeleteRuleCommand({ Name: 'tick' }));

    expect(refused).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('has targets') });
    const gone = await errorOf(client.send(new DescribeRuleCommand({ Name: 'tick' })));
    expect(gone).toBeInstanceOf(ResourceNotFoundException);
  });

  it('are disabled and enabled', async () => {
    const { client } = await openWithRule();

    await client.send(new DisableRuleCommand({ Name: 'tick' }));
    expect((await client.send(new DescribeRuleCommand({ Name: 'tick' }))).State).toBe('DISABLED');
    await client.send(new EnableRuleCommand({ Name: 'tick' }));
    expect((await client.send(new DescribeRuleCommand({ Name: 'tick' }))).State).toBe('ENABLED');
  });

  it('live in one account and region', async () => {
    const { account } = await openWithRule();

    for (const place of [{ region: 'eu-west-1', account: '444455556666' }, { region: 'us-east-1' }]) {
      const client = account.client(EventBridgeClient, place);
      expect((await client.send(new ListRulesCommand({}))).Rules).toEqual([]);
    }
  });

  it('carry tags', async () => {
    const { client } = await openWithRule({ Tags: [{ Key: 'a', Value: '1' }] });

    await client.send(new TagResourceCommand({ ResourceARN: ARN, Tags: [{ Key: 'b', Value: '2' }] }));
    await client.send(new UntagResourceCommand({ ResourceARN: ARN, TagKeys: ['a'] }));

    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
    expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
    const missing = client.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}x` }));
    expect((await errorOf(missing)).name).toBe('ResourceNotFoundException');
  });
});

describe('targets', () => {
  it('are replaced by Id and found by ARN', async () => {
    const { client } = await openWithRule({}, [{ Input: '{"a":1}' }, {}]);

    const put = await client.send(
      new PutTargetsCommand({ Rule: 'tick', Targets: [{ Id: 't0', Arn: `${FUNCTION}-2` }] }),
    );

    expect(put).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'tick' }))).Targets).toEqual([
      { Id: 't0', Arn: `${FUNCTION}-2` },
      { Id: 't1', Arn: FUNCTION },
    ]);
    expect((await client.send(new ListRuleNamesByTargetCommand({ TargetArn: FUNCTION }))).RuleNames).toEqual(['tick']);
  });

  it.each<[string, Partial<Target>, string]>([
    ['a bad Id', { Id: 'a b' }, 'ValidationException'],
    ['an Arn that is none', { Arn: 'mirror' }, 'ValidationException'],
    ['an Input that is not JSON', { Input: '{' }, 'ValidationException'],
    ['a long Input', { Input: JSON.stringify('x'.repeat(8192)) }, 'ValidationException'],
    ['an InputPath', { InputPath: '$.time' }, 'NotEmbedded'],
    ['an InputTransformer', { InputTransformer: { InputTemplate: '"x"' } }, 'NotEmbedded'],
    ['a queue', { Arn: 'arn:aws:sqs:eu-west-1:111122223333:q' }, 'NotEmbedded'],
  ])('refuse %s', async (_what, target, name) => {
    const { client } = await openWithRule();
    const Targets = [{ Id: 'x', Arn: FUNCTION, ...target }];

    expect((await errorOf(client.send(new PutTargetsCommand({ Rule: 'tick', Targets })))).name).toBe(name);
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'tick' }))).Targets).toEqual([]);
  });

  it('are five at most', async () => {
    const { client } = await openWithRule({}, [{}, {}, {}, {}, {}]);
    const sixth = new PutTargetsCommand({ Rule: 'tick', Targets: [{ Id: 'six', Arn: FUNCTION }] });

    expect((await errorOf(client.send(sixth))).name).toBe('LimitExceededException');
  });
});

describe('the clock', () => {
  function struck(fields: Partial<StoredRule>) {
    const database = new Database();
    const rule: StoredRule = {
      account: '111122223333',
      region: 'eu-west-1',
      name: 'tick',
      scheduleExpression: 'rate(15 minutes)',
      state: 'ENABLED',
      anchor: NOW,
      targets: { t0: { Id: 't0', Arn: FUNCTION } },
      tags: {},
      ...fields,
    };
    database.apply([[rules.name, 'tick', rule]]);
    const data = new Transaction(database);
    const at = clockwork.due(NOW, data);
    return { at, deliveries: at === undefined ? [] : clockwork.strike(at, data) };
  }

  it('hands the scheduled event to a target without Input', () => {
    const { at, deliveries } = struck({});

    expect(at).toBe(NOW + 15 * 60_000);
    expect(deliveries).toEqual([
      {
        target: FUNCTION,
        principal: 'events.amazonaws.com',
        sourceArn: ARN,
        sourceAccount: '111122223333',
        event: {
          version: '0',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account: '111122223333',
          time: '2026-11-24T10:15:00Z',
          region: 'eu-west-1',
          resources: [ARN],
          detail: {},
        },
      },
    ]);
  });

  it('hands a constant Input as it is, to every target', () => {
    const targets = {
      a: { Id: 'a', Arn: FUNCTION, Input: '{"zone":"corp"}' },
      b: { Id: 'b', Arn: `${FUNCTION}-2`, Input: '7' },
    };

    const { at, deliveries } = struck({ scheduleExpression: 'cron(0 6 * * ? *)', targets });

    expect(at).toBe(Date.parse('2026-11-25T06:00:00Z'));
    expect(deliveries.map(({ target, event }) => [target, event])).toEqual([
      [FUNCTION, { zone: 'corp' }],
      [`${FUNCTION}-2`, 7],
    ]);
  });

  it.each<[string, Partial<StoredRule>]>([
    ['a disabled rule', { state: 'DISABLED' }],
    ['a rule without targets', { targets: {} }],
    ['a schedule that is over', { scheduleExpression: 'cron(0 0 1 1 ? 2020)' }],
  ])('passes over %s', (_what, fields) => {
    expect(struck(fields).at).toBeUndefined();
  });

  it('turns on while a rule of every minute has a target', async () => {
    const { account } = await openWithRule({ ScheduleExpression: 'rate(1 minute)' }, [{}]);

    await account.advance(10 * 60_000);

    expect(account.now()).toBe(NOW + 600_000);
  });

  it.each<[string, (context: CallContext) => void, number]>([
    ['put anew as it was', (context) => void putRule({ ...TICK, Description: 'new' }, context), NOW],
    ['enabled while enabled', (context) => void enableRule({ Name: 'tick' }, context), NOW],
    [
      'given another schedule',
      (context) => void putRule({ ...TICK, ScheduleExpression: 'rate(5 minutes)' }, context),
      NOW + 60_000,
    ],
    [
      'disabled and enabled',
      (context) => {
        disableRule({ Name: 'tick' }, context);
        enableRule({ Name: 'tick' }, context);
      },
      NOW + 60_000,
    ],
  ])('runs the rate of a rule that is %s from its anchor', (_what, change, anchor) => {
    const data = new Transaction(new Database());
    const caller = administrator('111122223333');
    const place = { caller, region: 'eu-west-1', data };
    putRule(TICK, { ...place, now: NOW });

    change({ ...place, now: NOW + 60_000 });

    expect(data.get(rules, '111122223333 eu-west-1 tick')?.anchor).toBe(anchor);
  });
});
