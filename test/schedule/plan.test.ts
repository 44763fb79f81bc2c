import { CreateTagsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/engine/types.ts';
import { applied, createScheduleEstate, scheduleYaml } from '../support/schedule-estate.ts';
import type { ScheduleEstate } from '../support/schedule-estate.ts';

const WHERE = { region: 'eu-west-1' };
const TAG = 'EntScheduler';
const STAMP = 'trueup:stamped';
const DOCUMENT = 'InstanceSchedule/office-hours';
const TAGS_ID = `${DOCUMENT}/Instances111122223333EuWest1`;
const SCHEDULES =
  'schedules: { office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] }, nights: { timezone: UTC, periods: [{ days: mon-fri, on: "21:00", off: "05:00" }] } }';
const ASSIGN = 'assign: [{ select: { tags: { team: data } }, schedule: office }]';
const DATA = { team: 'data' };

function fleet(count: number, tags: Readonly<Record<string, string>>, offset = 0) {
  return Array.from({ length: count }, (_, index) => ({
    id: `i-0${(offset + index).toString(16).padStart(6, '0')}`,
    type: 'm5.large',
    tags,
  }));
}

function codes({ documents }: Plan): readonly string[] {
  return documents.flatMap(({ findings }) => findings.map(({ code }) => code)).sort();
}

function tagsOf(estate: ScheduleEstate, id: string) {
  return estate.instances().then((all) => all.get(id)?.tags);
}

async function setTags(estate: ScheduleEstate, id: string, tags: Readonly<Record<string, string>>): Promise<void> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await estate.account.client(EC2Client, WHERE).send(new CreateTagsCommand({ Resources: [id], Tags }));
}

describe('stamping', () => {
  it('writes the tag and the stamp, shows both in the plan, and is done', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances(fleet(2, DATA), WHERE);

    const plan = await estate.plan();
    const action = plan.actions.find(({ id }) => id === TAGS_ID);
    expect(action).toMatchObject({
      action: 'create',
      changes: [{ path: 'Tags', extent: { create: 2, update: 0, delete: 0 } }],
    });
    await applied(estate);

    expect(await tagsOf(estate, 'i-0000000')).toEqual({
      ...DATA,
      [TAG]: 'office',
      [STAMP]: expect.stringMatching(/^acme-network\/InstanceSchedule\/office-hours\/[0-9a-f]{10}$/),
    });
  });

  it('finds an instance that came since, and says so as drift', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances(fleet(1, DATA), WHERE);
    await applied(estate);
    estate.account.putInstances(fleet(1, DATA, 1), WHERE);

    const drift = await estate.drift();
    expect(drift.findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/^not-judged: .*Instances111122223333EuWest1 differs/),
    ]);
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000001')).toMatchObject({ [TAG]: 'office' });
  });

  it('explains a tag that was changed by hand as drift, and heals it', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances(fleet(1, DATA), WHERE);
    await applied(estate);
    await setTags(estate, 'i-0000000', { [TAG]: 'nights' });

    const { drifted } = await estate.drift();
    expect(drifted).toMatchObject([
      { id: TAGS_ID, changes: [{ path: 'Tags', cause: 'drift', extent: { update: 1 } }] },
    ]);
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000000')).toMatchObject({ [TAG]: 'office' });
  });

  it('keeps the owner’s tag, replaces it where it may, and puts it back at the end', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    const own = 'mon;0700;fri;1800;';
    estate.account.putInstances(fleet(1, { ...DATA, [TAG]: own }), WHERE);
    expect(codes(await estate.plan())).toContain('owner-tag-kept');
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000000')).toEqual({ ...DATA, [TAG]: own });

    estate.write(
      'office.yaml',
      scheduleYaml([SCHEDULES, ASSIGN.replace('schedule: office', 'schedule: office, override: true')]),
    );
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000000')).toMatchObject({ [TAG]: 'office', 'trueup:stamped-over': own });

    estate.write('office.yaml', scheduleYaml([SCHEDULES]));
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000000')).toEqual({ ...DATA, [TAG]: own });
  });

  it('moves to another tag when the document says so, and puts back what it had replaced', async () => {
    const estate = await createScheduleEstate([
      SCHEDULES,
      ASSIGN.replace('schedule: office', 'schedule: office, override: true'),
    ]);
    const own = 'mon;0700;fri;1800;';
    estate.account.putInstances([...fleet(1, { ...DATA, [TAG]: own }), ...fleet(1, DATA, 1)], WHERE);
    await applied(estate);

    estate.write('office.yaml', scheduleYaml([SCHEDULES, ASSIGN, 'tagKey: Night Shift']));
    await applied(estate);

    const stamp = { [STAMP]: expect.stringContaining('office-hours') as string };
    expect(await tagsOf(estate, 'i-0000000')).toEqual({ ...DATA, [TAG]: own, 'Night Shift': 'office', ...stamp });
    expect(await tagsOf(estate, 'i-0000001')).toEqual({ ...DATA, 'Night Shift': 'office', ...stamp });
  });

  it('keeps what somebody wrote over the schedule that was assigned', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances(fleet(1, DATA), WHERE);
    await applied(estate);
    await setTags(estate, 'i-0000000', { [TAG]: 'mon;0900;fri;1700;' });
    await applied(estate);

    expect(await tagsOf(estate, 'i-0000000')).toMatchObject({
      [TAG]: 'office',
      'trueup:stamped-over': 'mon;0900;fri;1700;',
    });
  });

  it('leaves an instance alone that has no room for the tags, says so, and stamps the others', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    const full = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`tag-${index}`, 'x']));
    estate.account.putInstances([...fleet(1, { ...DATA, ...full }), ...fleet(2, DATA, 1)], WHERE);
    expect(codes(await estate.plan())).toEqual(['no-room-for-tags']);
    await applied(estate);

    expect(await tagsOf(estate, 'i-0000002')).toMatchObject({ [TAG]: 'office' });
  });

  it('is undone when the document goes, and nothing else of the instance is touched', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances([...fleet(1, DATA), ...fleet(1, { [TAG]: 'mon;0700;fri;1800;' }, 1)], WHERE);
    estate.write('other.yaml', scheduleYaml(['tagKey: Other'], 'other'));
    estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100, count: 1000 } }\n`);
    await applied(estate);

    estate.write('office.yaml', scheduleYaml(['tagKey: Other2'], 'another'));
    const plan = await estate.plan();
    expect(plan.actions.filter(({ id }) => id === TAGS_ID).map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'delete not-declared',
    ]);
    await applied(estate);
    expect(await tagsOf(estate, 'i-0000000')).toEqual(DATA);
    expect(await tagsOf(estate, 'i-0000001')).toEqual({ [TAG]: 'mon;0700;fri;1800;' });
  });
});

describe('T88 a selector that became wider by a line', () => {
  it('500 new matches: a guard stops the apply, every instance that stops is listed, nothing is written', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN, 'mode: desired']);
    estate.account.putInstances(fleet(5, { [TAG]: 'mon;0700;fri;1800;' }), WHERE);
    await applied(estate);
    // Tuesday, ten o'clock: machines of the nights are to stand still.
    estate.account.putInstances(fleet(500, DATA, 100), WHERE);
    estate.write(
      'office.yaml',
      scheduleYaml([
        SCHEDULES,
        ASSIGN.replace('schedule: office', 'schedule: nights'),
        'mode: desired',
        'respectManual: enforce',
      ]),
    );
    const before = estate.account.calls()['ec2']?.writes ?? 0;

    const plan = await estate.plan();
    const result = await estate.apply(plan);

    expect(plan.guards.map(({ code, allowed }) => [code, allowed])).toEqual([['stamps', false]]);
    expect(plan.guards[0]?.message).toContain('the schedule of 500 instances, 5 have one (limit 100)');
    const [effect] = plan.documents[0]!.effects;
    const rows = effect!.data['instances'] as readonly { now: string; before?: string | null }[];
    expect(rows.filter(({ now, before: was }) => now === 'stop' && was === null).length).toBe(500);
    expect(result).toMatchObject({ outcome: 'refused', done: [] });
    expect(estate.account.calls()['ec2']?.writes ?? 0).toBe(before);
  });

  it.each([
    ['as many as the count', 'stamps: { count: 20, percent: 100 }', 20, false],
    ['one more', 'stamps: { count: 20, percent: 100 }', 21, true],
    ['as many as the share', 'stamps: { count: 100, percent: 50, from: 40 }', 20, false],
    ['one more than the share', 'stamps: { count: 100, percent: 50, from: 40 }', 21, true],
    ['more than the share of fewer than from', 'stamps: { count: 100, percent: 50, from: 41 }', 30, false],
  ])('%s trips as the document says', async (_what, guard, matches, trips) => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN, `guards: { ${guard} }`]);
    estate.account.putInstances([...fleet(40, { [TAG]: 'mon;0700;fri;1800;' }), ...fleet(matches, DATA, 100)], WHERE);

    expect((await estate.plan()).guards.map(({ code }) => code)).toEqual(trips ? ['stamps'] : []);
  });
});

describe('sealed by count', () => {
  async function reviewed(instances: number): Promise<{ estate: ScheduleEstate; plan: Plan }> {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN]);
    estate.account.putInstances(fleet(instances, DATA), WHERE);
    return { estate, plan: await estate.plan() };
  }

  it('another instance in place of one that went is as reviewed', async () => {
    const { estate, plan } = await reviewed(2);
    estate.account.putInstances(
      [{ id: 'i-0000000', type: 'm5.large', tags: DATA, state: 'terminated' }, ...fleet(1, DATA, 7)],
      WHERE,
    );

    expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied', refused: [] });
    expect(await tagsOf(estate, 'i-0000007')).toMatchObject({ [TAG]: 'office' });
  });

  it.each([2, 0])('of %i reviewed, one more is refused, and nothing of the document is written', async (instances) => {
    const { estate, plan } = await reviewed(instances);
    estate.account.putInstances(fleet(1, DATA, 7), WHERE);

    const result = await estate.apply(plan);
    expect(result).toMatchObject({ outcome: 'stale', done: [], refused: [{ document: DOCUMENT }] });
    expect(await tagsOf(estate, 'i-0000007')).toEqual(DATA);
  });
});

describe('findings', () => {
  it('a tag that cannot be read is told with token and column', async () => {
    const estate = await createScheduleEstate([SCHEDULES]);
    estate.account.putInstances(
      [...fleet(1, { [TAG]: 'mon;830;fri;1800' }), ...fleet(1, { [TAG]: 'ofice' }, 1)],
      WHERE,
    );

    const [finding] = (await estate.plan()).documents[0]!.findings;
    expect(finding).toMatchObject({ code: 'schedule-tag-unreadable', severity: 'warning' });
    expect(finding?.message).toContain('i-0000000 ("830" at column 5 is no time: write four digits, 0000 to 2359)');
    expect(finding?.message).toContain('"ofice" is neither a schedule of the document');
  });

  it('two selectors with different schedules, and two documents, are told, and the instance stays as it is', async () => {
    const assign =
      'assign: [{ select: { tags: { team: data } }, schedule: office }, { select: { tags: { stage: dev } }, schedule: nights }]';
    const estate = await createScheduleEstate([SCHEDULES, assign]);
    estate.account.putInstances(
      [
        ...fleet(1, { ...DATA, stage: 'dev' }),
        ...fleet(1, { ...DATA, [TAG]: 'nights', [STAMP]: 'acme-network/InstanceSchedule/other/0123456789' }, 1),
      ],
      WHERE,
    );

    const plan = await estate.plan();
    expect(codes(plan)).toEqual(['assigned-twice', 'stamped-by-another']);
    expect(plan.actions.some(({ id }) => id === TAGS_ID)).toBe(false);
  });

  it('two documents that go by one tag in one place block each other', async () => {
    const estate = await createScheduleEstate([SCHEDULES]);
    estate.write('other.yaml', scheduleYaml(['regions: [eu-central-1, eu-west-1]'], 'other'));

    const plan = await estate.plan();
    expect(codes(plan)).toEqual(['tag-claimed-twice', 'tag-claimed-twice']);
    expect((await estate.apply(plan)).outcome).toBe('refused');
  });

  it('two documents with tags of their own: only an instance that carries both is told', async () => {
    const estate = await createScheduleEstate([SCHEDULES]);
    estate.write('other.yaml', scheduleYaml(['tagKey: Night Shift'], 'other'));
    const value = 'mon;0700;fri;1800;';
    estate.account.putInstances(
      [...fleet(1, { [TAG]: value, 'Night Shift': value }), ...fleet(1, { [TAG]: value }, 1)],
      WHERE,
    );

    const { documents } = await estate.plan();
    expect(documents.flatMap(({ findings }) => findings.map(({ code, message }) => `${code}: ${message}`))).toEqual([
      `claimed-by-two-schedules: 1 instance is claimed by InstanceSchedule/other too, by the tag Night Shift, and both act: i-0000000`,
      `claimed-by-two-schedules: 1 instance is claimed by InstanceSchedule/office-hours too, by the tag EntScheduler, and both act: i-0000000`,
    ]);
  });

  it.each([
    ['rate(10 minutes)', 'window: 10m', ['window-narrow']],
    ['rate(10 minutes)', 'window: 11m', []],
    ['rate(10 minutes)', 'mode: edge', []],
    ['cron(0/10 8-18 ? * MON-FRI *)', 'mode: edge', ['window-narrow']],
    ['cron(0/10 8-18 ? * MON-FRI *)', 'mode: desired', []],
  ])('%s with %s: %j', async (every, line, expected) => {
    const estate = await createScheduleEstate([`every: ${every}`, line]);
    expect(codes(await estate.plan())).toEqual(expected);
  });
});

describe('what could not be looked at', () => {
  it('is unknown, never absent: nothing is written, and the plan is incomplete', async () => {
    const estate = await createScheduleEstate([SCHEDULES, ASSIGN], {
      faults: [{ service: 'ec2', command: 'DescribeInstances', times: 999, fault: 'access-denied' }],
    });
    const plan = await estate.plan();

    expect(plan.complete).toBe(false);
    expect(codes(plan)).toEqual(['unknown']);
    expect(plan.actions.some(({ id }) => id === TAGS_ID)).toBe(false);
  });
});
