import { describe, expect, it } from 'vitest';
import type { Instance } from '../instances.ts';
import { selectTags } from './selection.ts';
import { STAMP_TAG, STAMPED_OVER_TAG, formatStamp, parseStamp, writtenHash } from './tags.ts';
import type { Assignment } from './types.ts';

const KEY = 'EntScheduler';
const OURS = 'acme/InstanceSchedule/office';
const FORMER = 'acme/InstanceSchedule/old-office';
const OWNERS = 'mon;0700;fri;1800;';

function instance(tags: Instance['tags'], state: Instance['state'] = 'running'): Instance {
  return {
    id: 'i-1',
    type: 'm5.large',
    state,
    tags,
    isInstanceStore: false,
    isOneTimeSpot: false,
    canHibernate: false,
  };
}

function stamp(value: string, writer = OURS): string {
  return formatStamp({ writer, written: writtenHash(KEY, value) });
}

function assign(schedule = 'office', override = false, tags: Assignment['Tags'] = { team: 'data' }): Assignment {
  return { Tags: tags, Schedule: schedule, Override: override };
}

const TEAM = { team: 'data' };

describe('selectTags', () => {
  it.each<[string, Instance['tags'], readonly Assignment[], object]>([
    [
      'tags what a selector finds',
      TEAM,
      [assign()],
      { verb: 'stamp', set: { [KEY]: 'office', [STAMP_TAG]: stamp('office') }, remove: [] },
    ],
    ['asks for all the tags of a selector', TEAM, [assign('office', false, { team: 'data', stage: 'dev' })], {}],
    ['compares values exactly', { team: 'Data' }, [assign()], {}],
    ['leaves what is as it should be', { ...TEAM, [KEY]: 'office', [STAMP_TAG]: stamp('office') }, [assign()], {}],
    ['keeps the owner’s tag', { ...TEAM, [KEY]: OWNERS }, [assign()], { why: 'owner', by: [OWNERS] }],
    ['has nothing to do where the owner wants the same', { ...TEAM, [KEY]: 'office' }, [assign('office', true)], {}],
    [
      'replaces the owner’s tag where it may, and keeps the old value',
      { ...TEAM, [KEY]: OWNERS },
      [assign('office', true)],
      {
        verb: 'restamp',
        set: { [KEY]: 'office', [STAMP_TAG]: stamp('office'), [STAMPED_OVER_TAG]: OWNERS },
        remove: [],
      },
    ],
    [
      'follows git where another schedule is assigned',
      { ...TEAM, [KEY]: 'nights', [STAMP_TAG]: stamp('nights') },
      [assign()],
      { verb: 'restamp', cause: 'git', set: { [KEY]: 'office', [STAMP_TAG]: stamp('office') } },
    ],
    [
      'puts right what was changed by hand',
      { ...TEAM, [KEY]: 'mine', [STAMP_TAG]: stamp('office') },
      [assign()],
      { verb: 'restamp', cause: 'drift', set: { [KEY]: 'office', [STAMP_TAG]: stamp('office') } },
    ],
    [
      'stamps what was changed by hand to what is assigned now',
      { ...TEAM, [KEY]: 'office', [STAMP_TAG]: stamp('nights') },
      [assign()],
      { verb: 'restamp', cause: 'git', set: { [KEY]: 'office', [STAMP_TAG]: stamp('office') } },
    ],
    [
      'puts right what was taken away by hand',
      { ...TEAM, [STAMP_TAG]: stamp('office') },
      [assign()],
      { verb: 'restamp', cause: 'drift' },
    ],
    [
      'takes away what is assigned no more',
      { [KEY]: 'office', [STAMP_TAG]: stamp('office') },
      [],
      { verb: 'unstamp', set: {}, remove: [KEY, STAMP_TAG] },
    ],
    [
      'puts the owner’s tag back',
      { [KEY]: 'office', [STAMP_TAG]: stamp('office'), [STAMPED_OVER_TAG]: OWNERS },
      [],
      { verb: 'unstamp', set: { [KEY]: OWNERS }, remove: [STAMP_TAG, STAMPED_OVER_TAG] },
    ],
    [
      'goes on after a crash between the two',
      { [KEY]: OWNERS, [STAMP_TAG]: stamp('office'), [STAMPED_OVER_TAG]: OWNERS },
      [],
      { verb: 'unstamp', set: {}, remove: [STAMP_TAG, STAMPED_OVER_TAG] },
    ],
    [
      'leaves what somebody wrote since',
      { [KEY]: 'mine', [STAMP_TAG]: stamp('office') },
      [],
      { verb: 'unstamp', set: {}, remove: [STAMP_TAG] },
    ],
    [
      'takes away the tag of a key that was left, too',
      { Old: 'office', [STAMP_TAG]: formatStamp({ writer: OURS, written: writtenHash('Old', 'office') }) },
      [],
      { verb: 'unstamp', remove: ['Old', STAMP_TAG] },
    ],
    [
      'clears the tag of another key before it writes its own',
      {
        ...TEAM,
        Old: 'office',
        [STAMP_TAG]: formatStamp({ writer: OURS, written: writtenHash('Old', 'office') }),
        [STAMPED_OVER_TAG]: OWNERS,
      },
      [assign()],
      { verb: 'restamp', cause: 'git', set: { Old: OWNERS }, remove: [STAMP_TAG, STAMPED_OVER_TAG] },
    ],
    [
      'marks anew what it stamped under an earlier name',
      { ...TEAM, [KEY]: 'office', [STAMP_TAG]: stamp('office', FORMER) },
      [assign()],
      { verb: 'restamp', set: { [STAMP_TAG]: stamp('office') } },
    ],
    [
      'does not choose between two schedules',
      TEAM,
      [assign('office'), assign('nights', true)],
      { why: 'assigned-twice', by: ['office', 'nights'] },
    ],
    ['takes two selectors of one schedule for one', TEAM, [assign(), assign()], { verb: 'stamp' }],
    [
      'leaves what another document stamped',
      { ...TEAM, [KEY]: 'x', [STAMP_TAG]: stamp('x', 'acme/InstanceSchedule/other') },
      [assign('office', true)],
      { why: 'stamped-by-another' },
    ],
    [
      'leaves what another document stamped, unassigned',
      { [KEY]: 'x', [STAMP_TAG]: stamp('x', 'acme/InstanceSchedule/other') },
      [],
      {},
    ],
    [
      'T68 takes a stamp of another owner for no stamp of ours',
      { [KEY]: 'office', [STAMP_TAG]: stamp('office', 'acme2/InstanceSchedule/office') },
      [],
      {},
    ],
    [
      'T68 takes a text that is no stamp for none',
      { [KEY]: 'office', [STAMP_TAG]: 'acme/InstanceSchedule/office' },
      [],
      {},
    ],
  ])('%s', (_what, tags, Assign, expected) => {
    const { changes, kept } = selectTags([instance(tags)], { TagKey: KEY, Assign, Writers: [OURS, FORMER] });

    const [found = {}, ...others] = [...changes, ...kept];
    expect(others).toEqual([]);
    if (Object.keys(expected).length === 0) expect(found).toEqual({});
    else expect(found).toMatchObject(expected);
  });

  it('leaves what is gone, and counts what has the tag', () => {
    const all = (['running', 'stopped', 'terminated', 'shutting-down'] as const).map((state) =>
      instance({ ...TEAM, [KEY]: 'office' }, state),
    );
    const { changes, population } = selectTags(all, { TagKey: KEY, Assign: [assign('nights', true)], Writers: [OURS] });

    expect([changes.length, population]).toEqual([2, 2]);
  });
});

describe('a stamp', () => {
  it.each([
    '',
    'acme/InstanceSchedule/office',
    'acme/InstanceSchedule/office/xyz',
    `${'a'.repeat(300)}/x/y/0123456789`,
  ])('is not read from %j', (text) => {
    expect(parseStamp(text)).toBeUndefined();
  });

  it('tells key and value apart', () => {
    expect(writtenHash('a', 'bc')).not.toBe(writtenHash('ab', 'c'));
  });
});
