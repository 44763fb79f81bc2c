import { describe, expect, it } from 'vitest';
import type { TimelineInstance } from '../../src/resources/scheduled-instances/timeline.ts';
import type { Plan } from '../../src/engine/types.ts';
import { HOUR, MINUTE, applied, createScheduleEstate } from '../support/schedule-estate.ts';
import type { ScheduleEstate } from '../support/schedule-estate.ts';

const WHERE = { region: 'eu-west-1' };
const OFFICE = 'office: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] }';
const TAG = 'EntScheduler';
/** Tests begin on Tuesday 2026-11-24 at 10:00 UTC. This stops at 10:10 and starts at 10:30. */
const SOON = 'tue;1030;tue;1010;';

function timeline(plan: Plan): readonly TimelineInstance[] {
  const effects = plan.documents.flatMap((document) => document.effects);
  return effects
    .filter(({ code }) => code === 'schedule.timeline')
    .flatMap(({ data }) => data['instances'] as unknown as readonly TimelineInstance[]);
}

/** The function's answer when it fails is its error. */
async function failure(estate: ScheduleEstate): Promise<string> {
  return estate.run().then(
    (answer) => JSON.stringify(answer),
    (error: Error) => error.message,
  );
}

describe('machines start and stop as the plan’s timeline showed', () => {
  it('over four days, by tag and by assignment, within a run of the moment', async () => {
    const estate = await createScheduleEstate([
      `schedules: { ${OFFICE} }`,
      'assign: [{ select: { tags: { team: data } }, schedule: office }]',
    ]);
    estate.account.putInstances(
      [
        { id: 'i-0a', type: 'm5.large', tags: { team: 'data' } },
        { id: 'i-0b', type: 'm5.large', tags: { [TAG]: 'tue,wed,thu;2100;wed,thu,fri;0500;' }, state: 'stopped' },
        { id: 'i-0c', type: 'm5.large', tags: { [TAG]: 'mon;0700;fri;1800;disable;' } },
        { id: 'i-0d', type: 'm5.large', tags: {} },
      ],
      WHERE,
    );
    const plan = await estate.plan();
    await applied(estate);
    const from = estate.account.now();

    await estate.account.advance(96 * HOUR);

    const until = estate.account.now() - 12 * MINUTE;
    const shown = timeline(plan)
      .flatMap(({ id, transitions }) => transitions.map(({ at, action }) => ({ id, action, at: Date.parse(at) })))
      .filter(({ at }) => at > from && at < until)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    const done = estate
      .switched()
      .flatMap(({ at, action, ids }) => ids.map((id) => ({ id, action, at: Date.parse(at) })))
      .filter(({ at }) => at < until + 12 * MINUTE);
    expect(shown.length).toBeGreaterThan(8);
    expect(done.slice(0, shown.length).map(({ id, action }) => `${action} ${id}`)).toEqual(
      shown.map(({ id, action }) => `${action} ${id}`),
    );
    expect(shown.every(({ at }, index) => at <= done[index]!.at && done[index]!.at <= at + 11 * MINUTE)).toBe(true);
  });
});

describe('a run', () => {
  it('leaves a line an instance with the decision and why, and a line with metrics', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    estate.account.putInstances(
      [
        { id: 'i-0a', type: 'm5.large', tags: { [TAG]: SOON } },
        { id: 'i-0b', type: 't3.micro', tags: { [TAG]: 'tue;0100;tue;0200;' }, state: 'stopped' },
        { id: 'i-0c', type: 'm5.large', tags: { [TAG]: `${SOON}disable;` } },
        { id: 'i-0d', type: 'm5.large', tags: { [TAG]: 'tue;1030;tuesday;1010;' } },
      ],
      WHERE,
    );
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    const answer = await estate.run();

    expect(answer).toMatchObject({ outcome: 'done', instances: 4, started: 0, stopped: 1, malformed: 1, refused: [] });
    const { instances, runs } = await estate.log();
    expect(instances).toEqual([
      expect.objectContaining({
        instance: 'i-0a',
        type: 'm5.large',
        decision: 'stop',
        reason: 'stop due',
        outcome: 'stopped',
      }),
      expect.objectContaining({ instance: 'i-0b', type: 't3.micro', decision: 'none', reason: 'nothing due' }),
      expect.objectContaining({ instance: 'i-0c', decision: 'none', reason: 'disabled' }),
      expect.objectContaining({ instance: 'i-0d', decision: 'none', fault: 'unknown-day at column 10' }),
    ]);
    expect(runs).toEqual([
      expect.objectContaining({
        outcome: 'done',
        Failed: 0,
        Runs: 1,
        Instances: 4,
        Stopped: 1,
        Started: 0,
        Malformed: 1,
        Skipped: 0,
        HoursSaved: 0.17,
      }),
    ]);
  });

  it('writes on an instance what is wrong with its tag, and takes that away once it is right', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    const about = { id: 'i-0a', type: 'm5.large' };
    estate.account.putInstances([{ ...about, tags: { [TAG]: '<script>;0830;mon;1700' } }], WHERE);
    await applied(estate);

    await estate.run();
    expect((await estate.instances()).get('i-0a')?.tags).toEqual({
      [TAG]: '<script>;0830;mon;1700',
      'trueup:schedule-error': 'EntScheduler: unknown-day at column 1',
    });

    estate.account.putInstances(
      [
        {
          ...about,
          tags: { [TAG]: 'mon;0830;mon;1700', 'trueup:schedule-error': 'EntScheduler: unknown-day at column 1' },
        },
      ],
      WHERE,
    );
    await estate.run();
    expect((await estate.instances()).get('i-0a')?.tags).toEqual({ [TAG]: 'mon;0830;mon;1700' });
  });

  it('takes back what was said of a tag that is gone, and leaves what another document said of its own', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    const said = (text: string) => ({ 'trueup:schedule-error': text });
    const other = { 'Night Shift': 'mon;9;;' };
    estate.account.putInstances(
      [
        { id: 'i-0a', type: 'm5.large', tags: said('EntScheduler: bad-time at column 5') },
        { id: 'i-0b', type: 'm5.large', tags: { ...other, ...said('Night Shift: bad-time at column 5') } },
        {
          id: 'i-0c',
          type: 'm5.large',
          tags: { [TAG]: 'x;y', ...other, ...said('Night Shift: bad-time at column 5') },
        },
        { id: 'i-0d', type: 'm5.large', tags: { [TAG]: SOON, ...said('Night Shift: bad-time at column 5') } },
      ],
      WHERE,
    );
    await applied(estate);

    expect(await estate.run()).toMatchObject({ outcome: 'done', instances: 2, malformed: 1 });
    const left = [...(await estate.instances())].map(([id, { tags }]) => [id, tags['trueup:schedule-error']]);
    expect(left).toEqual([
      ['i-0a', undefined],
      ['i-0b', 'Night Shift: bad-time at column 5'],
      ['i-0c', 'Night Shift: bad-time at column 5'],
      ['i-0d', undefined],
    ]);
  });

  it('T87 an instance without room for another tag holds up nobody else’s error tag', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    const full = Object.fromEntries(Array.from({ length: 49 }, (_, index) => [`tag-${index}`, 'x']));
    estate.account.putInstances(
      Array.from({ length: 151 }, (_, index) => ({
        id: `i-0${index.toString(16).padStart(3, '0')}`,
        type: 'm5.large',
        tags: { [TAG]: 'nonsense', ...(index === 75 && full) },
      })),
      WHERE,
    );
    await applied(estate);

    expect(await estate.run()).toMatchObject({ outcome: 'done', malformed: 151 });
    const said = [...(await estate.instances()).values()].filter(({ tags }) => tags['trueup:schedule-error']);
    expect(said.length).toBe(150);
  });

  it('says what it did when the function’s time is over, and leaves the rest to the next run', async () => {
    const estate = await createScheduleEstate(['function: { timeout: 6s }', 'maxActions: 1000'], {
      faults: [{ service: 'ec2', command: 'StopInstances', times: 999, fault: 'latency:1000' }],
    });
    estate.account.putInstances(
      Array.from({ length: 600 }, (_, index) => ({
        id: `i-0${index.toString(16).padStart(3, '0')}`,
        type: 'm5.large',
        tags: { [TAG]: SOON },
      })),
      WHERE,
    );
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    expect(await failure(estate)).toContain('the function’s time was over');

    const { instances, runs } = await estate.log();
    const stopped = Number(runs.at(-1)?.['Stopped']);
    expect(runs.at(-1)).toMatchObject({ outcome: 'failed', Failed: 1, Refused: 600 - stopped });
    expect([stopped > 0, stopped < 600, instances.length]).toEqual([true, true, 600]);
  }, 60_000);

  it('skips what cannot act, each with its reason, and does the rest', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    const tags = { [TAG]: SOON };
    estate.account.putInstances(
      [
        { id: 'i-01', type: 'm5.large', tags },
        { id: 'i-02', type: 'm5.large', tags, autoScalingGroup: 'web' },
        { id: 'i-03', type: 'm3.large', tags, rootDevice: 'instance-store' },
        { id: 'i-04', type: 'm5.large', tags, lifecycle: 'spot' },
        { id: 'i-05', type: 'm5.large', tags, lifecycle: 'spot', spotRequest: 'persistent' },
        { id: 'i-06', type: 'm5.large', tags, stopProtection: true },
        { id: 'i-07', type: 'm5.large', tags, state: 'terminated' },
        { id: 'i-08', type: 'm5.large', tags, state: 'stopped' },
      ],
      WHERE,
    );
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    const answer = await estate.run();

    expect(answer).toMatchObject({
      outcome: 'done',
      stopped: 2,
      skipped: {
        'member of an Auto Scaling group': 1,
        'instance store: it can only be terminated': 1,
        'spot instance of a one-time request: it can only be terminated': 1,
        'protected against stops': 1,
        'state terminated': 1,
      },
    });
    const states = [...(await estate.instances())]
      .filter(([, { state }]) => state.startsWith('stop'))
      .map(([id]) => id);
    expect(states).toEqual(['i-01', 'i-05', 'i-08']);
  });

  it('splits a batch that EC2 refuses for one instance, so that the others go', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    estate.account.putInstances(
      Array.from({ length: 40 }, (_, index) => ({
        id: `i-0${index.toString(16).padStart(3, '0')}`,
        type: index === 17 ? 'p4d.24xlarge' : 'm5.large',
        tags: { [TAG]: SOON },
        state: 'stopped' as const,
      })),
      WHERE,
    );
    estate.account.putCapacity({ type: 'p4d.24xlarge', instances: 0 }, WHERE);
    await applied(estate);
    estate.account.elapse(31 * MINUTE);

    const message = await failure(estate);

    expect(message).toContain('i-0011: InsufficientInstanceCapacity');
    const { runs } = await estate.log();
    expect(runs.at(-1)).toMatchObject({ outcome: 'failed', Started: 39, Refused: 1, Failed: 1 });
    const states = [...(await estate.instances()).values()].map(({ state }) => state);
    expect(states.filter((state) => state !== 'stopped').length).toBe(39);
  });

  it('hibernates what was launched for it, and stops the rest', async () => {
    const estate = await createScheduleEstate(['hibernate: true']);
    estate.account.putInstances(
      [
        {
          id: 'i-0a',
          type: 'm5.large',
          tags: { [TAG]: SOON },
          hibernation: true,
          launched: Date.parse('2026-11-23T10:00:00Z'),
        },
        { id: 'i-0b', type: 'm5.large', tags: { [TAG]: SOON } },
      ],
      WHERE,
    );
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    expect(await estate.run()).toMatchObject({ outcome: 'done', stopped: 2 });

    const stops = estate.account.events().filter(({ eventName }) => eventName === 'StopInstances');
    const hibernated = stops.filter(({ requestParameters }) =>
      /hibernate":true/i.test(JSON.stringify(requestParameters)),
    );
    expect([stops.length, hibernated.length]).toEqual([2, 1]);
  });

  it('T88 with more to do than maxActions does nothing, and raises the alarm', async () => {
    const estate = await createScheduleEstate(['maxActions: 3']);
    const four = Array.from({ length: 4 }, (_, index) => ({
      id: `i-0${index}`,
      type: 'm5.large',
      tags: { [TAG]: SOON },
    }));
    estate.account.putInstances(four, WHERE);
    await applied(estate);

    await estate.account.advance(12 * MINUTE);

    expect(estate.switched()).toEqual([]);
    expect((await estate.log()).runs.at(-1)).toMatchObject({
      outcome: 'over-limit',
      Failed: 1,
      due: { start: 0, stop: 4 },
    });
    expect(await estate.alarm()).toBe('ALARM');
  });

  it('only looks when it is asked to look', async () => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    estate.account.putInstances([{ id: 'i-0a', type: 'm5.large', tags: { [TAG]: SOON } }], WHERE);
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    const answer = await estate.run({ action: 'look', document: 'InstanceSchedule/office-hours' });

    expect(answer).toMatchObject({ outcome: 'looked', due: { start: 0, stop: 1 }, stopped: 0 });
    expect(estate.switched()).toEqual([]);
  });

  it.each([
    ['nothing', {}],
    ['another document', { action: 'run', document: 'InstanceSchedule/other' }],
    ['a field that means nothing', { action: 'run', document: 'InstanceSchedule/office-hours', tagKey: 'Name' }],
    ['another action', { action: 'terminate', document: 'InstanceSchedule/office-hours' }],
  ])('T71 refuses an event that brings %s, and does nothing', async (_what, event) => {
    const estate = await createScheduleEstate(['tagKey: EntScheduler']);
    estate.account.putInstances([{ id: 'i-0a', type: 'm5.large', tags: { [TAG]: SOON } }], WHERE);
    await applied(estate);
    estate.account.elapse(12 * MINUTE);

    expect(await estate.run(event)).toMatchObject({ outcome: 'refused-event' });
    expect(estate.switched()).toEqual([]);
  });
});

describe('what somebody does by hand', () => {
  /** Off since 18:00 the day before by its schedule; somebody starts it at ten. */
  const TAGS = { [TAG]: 'mon;0830;mon;1800;' };

  it.each([
    ['until-next-transition', 'running'],
    ['enforce', 'stopped'],
  ])('respectManual %s: one that was started by hand is %s half an hour later', async (respectManual, state) => {
    const estate = await createScheduleEstate(['mode: desired', `respectManual: ${respectManual}`]);
    const launched = Date.parse('2026-11-24T10:00:00Z');
    estate.account.putInstances([{ id: 'i-0a', type: 'm5.large', tags: TAGS, launched }], WHERE);
    await applied(estate);

    await estate.account.advance(31 * MINUTE);

    expect((await estate.instances()).get('i-0a')?.state).toBe(state);
  });

  it('is undone by the next transition', async () => {
    const estate = await createScheduleEstate(['mode: desired']);
    const launched = Date.parse('2026-11-24T10:00:00Z');
    estate.account.putInstances(
      [{ id: 'i-0a', type: 'm5.large', tags: { [TAG]: 'tue;0830;tue;1100;' }, launched, state: 'running' }],
      WHERE,
    );
    await applied(estate);

    await estate.account.advance(71 * MINUTE);

    expect((await estate.instances()).get('i-0a')?.state).toBe('stopped');
  });

  it.each(['edge', 'desired'])('start and stop a minute apart never loop in mode %s', async (mode) => {
    const estate = await createScheduleEstate([`mode: ${mode}`]);
    estate.account.putInstances(
      [
        {
          id: 'i-0a',
          type: 'm5.large',
          tags: { [TAG]: 'tue;1105;tue;1104;' },
          state: 'stopped',
          launched: Date.parse('2026-11-20T10:00:00Z'),
        },
        {
          id: 'i-0b',
          type: 'm5.large',
          tags: { [TAG]: 'tue;1104;tue;1105;' },
          launched: Date.parse('2026-11-20T10:00:00Z'),
        },
      ],
      WHERE,
    );
    await applied(estate);

    await estate.account.advance(4 * HOUR);

    const done = estate.switched().flatMap(({ action, ids }) => ids.map((id) => `${action} ${id}`));
    const expected = mode === 'edge' ? ['start i-0a', 'stop i-0b'] : ['start i-0a', 'stop i-0b'];
    expect(done.filter((text) => !expected.includes(text))).toEqual([]);
    expect(new Set(done).size).toBe(done.length);
  });
});

describe('F37 runs that are missed', () => {
  it.each([
    ['edge', 'running'],
    ['desired', 'stopped'],
  ])('three hours without a run, mode %s: the instance that was to stop is %s after the next', async (mode, state) => {
    const estate = await createScheduleEstate([`mode: ${mode}`]);
    const launched = Date.parse('2026-11-20T10:00:00Z');
    estate.account.putInstances(
      [{ id: 'i-0a', type: 'm5.large', tags: { [TAG]: SOON.replace('tue;1030', 'fri;1030') }, launched }],
      WHERE,
    );
    await applied(estate);
    estate.account.elapse(3 * HOUR);

    const answer = await estate.run();
    const { instances } = await estate.log();
    const isEdge = mode === 'edge';
    expect([answer['missed'], instances.at(-1)?.['missed']]).toEqual(isEdge ? [1, 'stop'] : [0, undefined]);

    expect((await estate.instances()).get('i-0a')?.state.replace('stopping', 'stopped')).toBe(state);
  });
});
