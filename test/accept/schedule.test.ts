import { CreateTagsCommand, DeleteTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { acceptIn, expectAccepted, expectRefused, textOf } from '../support/accepted.ts';
import { applied, createScheduleEstate } from '../support/schedule-estate.ts';
import type { ScheduleEstate } from '../support/schedule-estate.ts';

const OFFICE = 'InstanceSchedule/office-hours';
const FILE = 'office.yaml';
const WHERE = { region: 'eu-west-1' };
const TAG = 'EntScheduler';
const TAGS_ID = `${OFFICE}/Instances111122223333EuWest1`;
const SPEC = [
  'every: rate(10 minutes)',
  'schedules:',
  '  office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] }',
  '  nights: { timezone: UTC, periods: [{ days: mon-fri, on: "21:00", off: "05:00" }] }',
  'assign:',
  '  # by team',
  '  - { select: { tags: { team: data } }, schedule: office } # of data',
  '  - { select: { tags: { team: web } }, schedule: office } # of web',
];

/** Two instances of team data, one of team web: tagged by the document. */
async function tagged(): Promise<ScheduleEstate> {
  const estate = await createScheduleEstate(SPEC);
  const instance = (id: string, team: string) => ({ id, type: 'm5.large', tags: { team } });
  estate.account.putInstances(
    [instance('i-0aa1', 'data'), instance('i-0aa2', 'data'), instance('i-0bb1', 'web')],
    WHERE,
  );
  await applied(estate);
  estate.account.elapse(60_000);
  return estate;
}

async function tag(estate: ScheduleEstate, value: string, ...Resources: readonly string[]): Promise<void> {
  const Tags = [{ Key: TAG, Value: value }];
  await estate.account.client(EC2Client, WHERE).send(new CreateTagsCommand({ Resources: [...Resources], Tags }));
}

describe('a schedule tag that was changed by hand', () => {
  it('is accepted where the assignment serves no other instance', async () => {
    const estate = await tagged();
    const { accepted } = await expectAccepted(estate, {
      document: OFFICE,
      file: FILE,
      act: () => tag(estate, 'nights', 'i-0bb1'),
      replace: ['schedule: office } # of web', 'schedule: nights } # of web'],
    });
    expect(accepted).toMatchObject([
      {
        path: '/spec/assign/1/schedule',
        before: 'office',
        after: 'nights',
        settles: [{ id: TAGS_ID, path: 'Tags' }],
        follows: [],
      },
    ]);
    // Only the stamp follows; what the owner wrote is not taken for another's.
    await estate.apply();
    expect((await estate.plan()).actions).toEqual([]);
    expect((await estate.instances()).get('i-0bb1')?.tags).toEqual({
      team: 'web',
      [TAG]: 'nights',
      'trueup:stamped': expect.any(String),
    });
  });

  it('is accepted where all instances of the assignment were changed alike', async () => {
    const estate = await tagged();
    await expectAccepted(estate, {
      document: OFFICE,
      file: FILE,
      act: () => tag(estate, 'nights', 'i-0aa1', 'i-0aa2'),
      replace: ['schedule: office } # of data', 'schedule: nights } # of data'],
    });
  });

  it('is accepted of two assignments at once', async () => {
    const estate = await tagged();
    const before = textOf(estate, FILE);
    await tag(estate, 'nights', 'i-0aa1', 'i-0aa2', 'i-0bb1');
    const { accepted, notAccepted } = await acceptIn(estate, OFFICE);
    expect([accepted.map(({ path }) => path), notAccepted]).toEqual([
      ['/spec/assign/0/schedule', '/spec/assign/1/schedule'],
      [],
    ]);
    expect(textOf(estate, FILE)).toBe(before.replaceAll('schedule: office }', 'schedule: nights }'));
    expect((await estate.drift()).drifted).toEqual([]);
  });

  it.each<readonly [string, (estate: ScheduleEstate) => Promise<unknown>, RegExp]>([
    [
      'one of two instances of an assignment',
      (on) => tag(on, 'nights', 'i-0aa1'),
      /^spec\.assign\[0\]\.schedule decides it, and another value there would change more of /,
    ],
    [
      'two instances of an assignment, each to something else',
      async (on) => {
        await tag(on, 'nights', 'i-0aa1');
        await tag(on, 'mon;0800;mon;1700;', 'i-0aa2');
      },
      /^no field of the document decides it$/,
    ],
    [
      'one to the grammar, which an assignment cannot name',
      (on) => tag(on, 'mon;0800;mon;1700;', 'i-0bb1'),
      /^no field of the document decides it$/,
    ],
    [
      'one to a schedule that the document does not have',
      (on) => tag(on, 'weekend', 'i-0bb1'),
      /^no field of the document decides it$/,
    ],
    [
      'one that has none any more',
      (on) =>
        on.account
          .client(EC2Client, WHERE)
          .send(new DeleteTagsCommand({ Resources: ['i-0bb1'], Tags: [{ Key: TAG }] })),
      /^no field of the document decides it$/,
    ],
  ])('is not accepted of %s', async (_, act, why) => {
    const estate = await tagged();
    await expectRefused(estate, { document: OFFICE, file: FILE, act: () => act(estate), path: 'Tags', why });
  });
});

describe('the function of schedules', () => {
  it('how often it runs, with the window that follows from it', async () => {
    const estate = await tagged();
    const act = async () => {
      const events = estate.account.client(EventBridgeClient, WHERE);
      const Name = await estate.functionName('Rule', 'office-hours');
      const { Description, State } = await events.send(new DescribeRuleCommand({ Name }));
      await events.send(new PutRuleCommand({ Name, Description, State, ScheduleExpression: 'rate(5 minutes)' }));
    };
    const replace = ['every: rate(10 minutes)', 'every: rate(5 minutes)'] as const;
    const { accepted } = await expectAccepted(estate, { document: OFFICE, file: FILE, act, replace });
    expect(accepted[0]!.follows).toEqual([{ id: `${OFFICE}/Scheduler`, path: 'Environment' }]);
  });

  it('its memory, which the file did not say: nothing else is written by the next apply', async () => {
    const estate = await tagged();
    const FunctionName = await estate.functionName('Scheduler', 'office-hours');
    const lambda = estate.account.client(LambdaClient, WHERE);
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 384 }));
    const { accepted } = await acceptIn(estate, OFFICE);
    expect(accepted).toMatchObject([{ path: '/spec/function/memory', before: 256, after: 384, follows: [] }]);
    expect(textOf(estate, FILE)).toMatch(/# of web\n {2}function:\n {4}memory: 384\n$/);
    expect((await estate.plan()).actions).toEqual([]);
  });
});
