import { describe, expect, it, vi } from 'vitest';
import { tellIssue } from '../../src/cli/drift.ts';
import type { DriftResult } from '../../src/engine/types.ts';
import { GithubError } from '../../src/github/errors.ts';
import { keepIssue } from '../../src/github/issue.ts';
import { markerLine } from '../../src/github/marker.ts';
import type { Posted } from '../../src/github/posted.ts';
import type { FaultKind } from '../support/github/faults.ts';
import { addIssue } from '../support/github/routes/issues.ts';
import type { Issue } from '../support/github/types.ts';
import { ACTIONS_BOT } from '../support/github/world.ts';
import { gaps, isWrite, longestRow, openPosting, randomFaults, together } from './posting.ts';
import type { Posting } from './posting.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const BOT = 'github-actions[bot]';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DRIFTED = ['InstanceSchedule/a', 'InstanceSchedule/b', 'InstanceSchedule/c'];

/** A look that found so many objects drifted, or could not see everything. */
function found(objects: number, { complete = true } = {}): DriftResult {
  return {
    format: 'trueup/drift@1',
    complete,
    owner: 'acme-network',
    documents: DRIFTED.length,
    drifted: [],
    missing: DRIFTED.slice(0, objects).map((document) => ({
      document,
      id: `${document}/Scheduler`,
      type: 'AWS::Lambda::Function',
      account: '111122223333',
      region: 'eu-west-1',
    })),
    orphans: [],
    findings: [],
    effects: [],
    calls: {},
  };
}

interface Watch extends Posting {
  readonly notes: string[];
  look(result: DriftResult, client?: Posting['client']): Promise<Posted | undefined>;
  issues(): readonly Issue[];
  open(): readonly Issue[];
  /** So many writes came since this was asked last. */
  writes(): number;
}

async function watch({ driftIssue = true, driftLabels = ['drift'] } = {}): Promise<Watch> {
  const posting = await openPosting();
  const notes: string[] = [];
  let seen = 0;
  const issues = (): readonly Issue[] => [...posting.github.state.issues.values()].filter(({ deleted }) => !deleted);
  return {
    ...posting,
    notes,
    look: (result, github = posting.client) =>
      tellIssue(result, { ...posting.run, github }, { driftIssue, driftLabels }, (text) => void notes.push(text)),
    issues,
    open: () => issues().filter(({ state }) => state === 'open'),
    writes() {
      const all = posting.arrivals.filter(isWrite).length;
      const more = all - seen;
      seen = all;
      return more;
    },
  };
}

type Step = readonly [act: string | ((watched: Watch) => void), expected: Partial<Posted>, writes: number];

const NOTHING = 'clean';
const close = ({ github }: Watch): void => github.closeIssue(1, 'ann');
const later =
  (milliseconds: number) =>
  ({ clock }: Watch): void =>
    clock.pass(milliseconds);

/** Steps are looks, by how much they find, or what happens between them. */
const LIVES: readonly [what: string, steps: readonly Step[], numbers: readonly ('open' | 'closed')[]][] = [
  ['nothing is drifted: no issue', [[NOTHING, { action: 'unchanged' }, 0]], []],
  ['it is opened', [['1', { action: 'opened', id: 1 }, 1]], ['open']],
  [
    'the same drift writes nothing at all',
    [
      ['1', { action: 'opened' }, 1],
      [later(HOUR), {}, 0],
      ['1', { action: 'unchanged', id: 1 }, 0],
      [later(40 * DAY), {}, 0],
      ['1', { action: 'unchanged', id: 1 }, 0],
    ],
    ['open'],
  ],
  [
    'more drift, and less, edits it',
    [
      ['1', { action: 'opened' }, 1],
      ['2', { action: 'updated', id: 1 }, 1],
      ['1', { action: 'updated', id: 1 }, 1],
    ],
    ['open'],
  ],
  [
    'drift that is gone closes it, once',
    [
      ['1', { action: 'opened' }, 1],
      [NOTHING, { action: 'closed', id: 1 }, 2],
      [later(HOUR), {}, 0],
      [NOTHING, { action: 'unchanged' }, 0],
    ],
    ['closed'],
  ],
  [
    'drift that returns within seven days takes it up again, each time that it was gone',
    [
      ['1', { action: 'opened' }, 1],
      [NOTHING, { action: 'closed' }, 2],
      [later(7 * DAY - HOUR), {}, 0],
      ['1', { action: 'reopened', id: 1 }, 2],
      ['1', { action: 'unchanged', id: 1 }, 0],
      [NOTHING, { action: 'closed', id: 1 }, 2],
      [later(HOUR), {}, 0],
      ['1', { action: 'reopened', id: 1 }, 2],
    ],
    ['open'],
  ],
  [
    'drift that returns after seven days gets an issue of its own',
    [
      ['1', { action: 'opened' }, 1],
      [NOTHING, { action: 'closed' }, 2],
      [later(7 * DAY + HOUR), {}, 0],
      ['1', { action: 'opened', id: 2 }, 1],
    ],
    ['closed', 'open'],
  ],
  [
    'what a person closes is taken up again once, and then left, until more drifts',
    [
      ['1', { action: 'opened' }, 1],
      [close, {}, 0],
      ['1', { action: 'reopened', id: 1 }, 2],
      ['1', { action: 'unchanged', id: 1 }, 0],
      [close, {}, 0],
      [later(HOUR), {}, 0],
      ['1', { action: 'unchanged', id: 1 }, 0],
      [later(HOUR), {}, 0],
      ['1', { action: 'unchanged', id: 1 }, 0],
      ['2', { action: 'reopened', id: 1 }, 2],
    ],
    ['open'],
  ],
  [
    'without its label it is still found, however old, and beside older ones that have theirs',
    [
      ['1', { action: 'opened' }, 1],
      [NOTHING, { action: 'closed' }, 2],
      [later(8 * DAY), {}, 0],
      ['1', { action: 'opened', id: 2 }, 1],
      [({ github }) => github.unlabel(2, 'drift'), {}, 0],
      [later(40 * DAY), {}, 0],
      ['1', { action: 'unchanged', id: 2 }, 0],
      ['2', { action: 'updated', id: 2 }, 1],
      [NOTHING, { action: 'closed', id: 2 }, 2],
    ],
    ['closed', 'closed'],
  ],
  [
    'one that was deleted is opened once more',
    [
      ['1', { action: 'opened' }, 1],
      [({ github }) => github.deleteIssue(1), {}, 0],
      ['1', { action: 'opened', id: 2 }, 1],
      ['1', { action: 'unchanged', id: 2 }, 0],
    ],
    ['open'],
  ],
  [
    'one that is locked is kept like any other',
    [
      ['1', { action: 'opened' }, 1],
      [({ github }) => github.lock(1), {}, 0],
      ['2', { action: 'updated', id: 1 }, 1],
      [NOTHING, { action: 'closed', id: 1 }, 2],
    ],
    ['closed'],
  ],
  [
    'behind 101 other issues of the label it is found',
    [
      ['1', { action: 'opened' }, 1],
      [
        ({ github }) => {
          for (let index = 0; index < 101; index += 1)
            github.openIssue('ann', { title: 'x', body: null, labels: ['drift'] });
        },
        {},
        0,
      ],
      ['2', { action: 'updated', id: 1 }, 1],
    ],
    ['open', ...Array.from({ length: 101 }, () => 'open' as const)],
  ],
];

describe('F24 the life of the drift issue', () => {
  it.each(LIVES)('%s', async (_, steps, states) => {
    const watched = await watch();
    for (const [index, [act, expected, writes]] of steps.entries()) {
      if (typeof act === 'string') {
        const posted = await watched.look(found(act === NOTHING ? 0 : Number(act)));
        expect(posted, `step ${index + 1}`).toMatchObject(expected);
      } else act(watched);
      expect(watched.writes(), `writes of step ${index + 1}`).toBe(writes);
    }
    expect(watched.issues().map(({ state }) => state)).toEqual(states);
    expect(watched.notes).toEqual([]);
  });

  it('says in its title and its body what the last look found', async () => {
    const watched = await watch();
    await watched.look(found(1));
    expect(watched.issues()[0]).toMatchObject({ title: expect.stringContaining('1 object'), labels: ['drift'] });
    await watched.look(found(3));
    expect(watched.issues()[0]).toMatchObject({
      title: expect.stringContaining('3 objects'),
      body: expect.stringContaining('InstanceSchedule/c'),
    });
  });

  it('says in a comment that it is closed and that it is taken up again', async () => {
    const watched = await watch();
    await watched.look(found(1));
    await watched.look(found(0));
    watched.clock.pass(HOUR);
    await watched.look(found(2));
    expect(watched.issues()[0]?.comments.map(({ body }) => body.split('.')[0])).toEqual([
      'Gone: a complete look found no drift',
      'Drifted again: 2 documents, 2 objects',
    ]);
  });

  it('Settings that want none get none, whatever drifts', async () => {
    const watched = await watch({ driftIssue: false });
    expect(await watched.look(found(3))).toBeUndefined();
    expect(watched.arrivals).toEqual([]);
  });

  it('without any label in Settings it is kept all the same', async () => {
    const watched = await watch({ driftLabels: [] });
    await watched.look(found(1));
    watched.clock.pass(40 * DAY);
    expect(await watched.look(found(1))).toMatchObject({ action: 'unchanged', id: 1 });
    expect(await watched.look(found(0))).toMatchObject({ action: 'closed', id: 1 });
    expect(watched.issues()).toHaveLength(1);
  });

  it.each([
    [2, [1]],
    [3, [2]],
  ])('%i runs that look before any of them opens one leave one open', async (runs, before) => {
    const watched = await watch();
    const clients = together(watched.client, runs);
    await Promise.all(clients.map((client) => watched.look(found(1), client)));
    expect(watched.open()).toHaveLength(1);
    expect(watched.issues()).toHaveLength(before.length + runs - 1);
    expect(await watched.look(found(2))).toMatchObject({ action: 'updated', id: watched.open()[0]?.number });
    expect(await watched.look(found(0))).toMatchObject({ action: 'closed' });
    expect(watched.open()).toEqual([]);
    watched.clock.pass(HOUR);
    expect(await watched.look(found(1))).toMatchObject({ action: 'reopened', id: 1 });
    expect(watched.open()).toHaveLength(1);
  });

  it('two runs that take it up again at once leave one open', async () => {
    const watched = await watch();
    await watched.look(found(1));
    await watched.look(found(0));
    await Promise.all(together(watched.client, 2).map((client) => watched.look(found(1), client)));
    expect(watched.issues()).toMatchObject([{ state: 'open' }]);
  });

  it('one that is deleted between the look and the edit is opened once more', async () => {
    const watched = await watch();
    await watched.look(found(1));
    const { client } = watched;
    const late: typeof client = {
      ...client,
      send(method, path, body) {
        if (method === 'PATCH') watched.github.deleteIssue(1);
        return client.send(method, path, body);
      },
    };
    expect(await watched.look(found(2), late)).toMatchObject({ action: 'opened', id: 2 });
    expect(watched.open()).toHaveLength(1);
  });

  it('where issues are switched off, it fails with that reason', async () => {
    const watched = await watch();
    watched.github.state.settings.hasIssues = false;
    const posted = await watched.look(found(1));
    expect(posted).toMatchObject({ action: 'failed', reason: expect.stringContaining('Issues has been disabled') });
    expect(watched.notes).toEqual([expect.stringMatching(/^GitHub: .*disabled/)]);
  });
});

describe('T24 whose issue it is', () => {
  it('five impostors are left as they are, and exactly the own one is edited', async () => {
    const watched = await watch();
    const { github } = watched;
    await watched.look(found(1));
    const ours = watched.issues()[0]?.body ?? '';
    const labels = ['drift'];
    const other = ours.replace('"default"', '"other"');
    expect(other).not.toBe(ours);
    github.bot('dependabot');
    github.openIssue('mallory', { title: 'x', body: ours, labels });
    github.openIssue('dependabot[bot]', { title: 'x', body: ours, labels });
    addIssue(github.world, { ...ACTIONS_BOT, app: { id: 9, slug: 'other' } }, { title: 'x', body: ours, labels });
    github.openIssue(BOT, { title: 'x', body: `see\n${ours}`, labels });
    github.openIssue(BOT, { title: 'x', body: other, labels });
    const before = watched.issues().map(({ body }) => body);
    watched.writes();
    expect(await watched.look(found(2))).toMatchObject({ action: 'updated', id: 1 });
    expect(watched.issues().slice(1)).toMatchObject(before.slice(1).map((body) => ({ body, state: 'open' })));
    expect(await watched.look(found(0))).toMatchObject({ action: 'closed', id: 1 });
    expect(watched.open()).toHaveLength(5);
    expect(watched.writes()).toBe(3);
  });

  it('a pull request of ours with the marker is none', async () => {
    const watched = await watch();
    const marker = { v: 1, scope: 'default', documents: 1, objects: 1, fingerprint: 'x' } as const;
    const { number } = watched.github.openPull({
      by: BOT,
      files: { 'config/a.yaml': 'a: 1\n' },
      body: markerLine('drift', marker),
    });
    expect(await watched.look(found(1))).toMatchObject({ action: 'opened', id: number + 1 });
  });
});

const ISSUES = /\/issues/;

describe('F23 GitHub that limits and breaks', () => {
  it('50 random scripts of faults leave one issue each, and no request is sent more than five times', async () => {
    const posting = await openPosting();
    const { github, arrivals, clock, client } = posting;
    const outcomes = new Map<string, number>();
    for (let seed = 101; seed <= 150; seed += 1) {
      const scope = `estate-${seed}`;
      github.faults.splice(0, Infinity, ...randomFaults(seed, ISSUES));
      const start = arrivals.length;
      const marker = { v: 1, scope, documents: 1, objects: 1 } as const;
      const bodyOf = (fingerprint: string): string => `${markerLine('drift', { ...marker, fingerprint })}\n${scope}\n`;
      const keep = (body: string | undefined): Promise<Posted> =>
        keepIssue(client, clock, {
          scope,
          labels: ['drift'],
          title: scope,
          body,
          unseen: undefined,
          closing: 'Gone.',
          reopening: 'Again.',
        });
      const actions = [(await keep(bodyOf('one'))).action, (await keep(bodyOf('two'))).action];
      const kept = [...github.state.issues.values()].filter(({ title }) => title === scope);
      expect(kept, `seed ${seed}`).toMatchObject([{ state: 'open', body: bodyOf('two') }]);
      actions.push((await keep(undefined)).action);
      expect(kept, `seed ${seed}`).toMatchObject([{ state: 'closed' }]);
      expect(longestRow(arrivals.slice(start)), `seed ${seed}`).toBeLessThanOrEqual(5);
      const story = actions.join(' ');
      outcomes.set(story, (outcomes.get(story) ?? 0) + 1);
    }
    expect([...outcomes]).toEqual([['opened updated closed', 50]]);
    expect(Math.min(...gaps(arrivals))).toBeGreaterThanOrEqual(1_000);
    expect(arrivals.filter(({ fault }) => fault() !== undefined).length).toBeGreaterThan(50);
  }, 120_000);

  it.each<FaultKind>([
    'secondary',
    'secondary:429',
    'rate-limit',
    'status:502-after',
    'drop-after',
    'status:502',
    'drop',
  ])(
    'at each call, %s costs no second issue and loses none',
    async (fault) => {
      for (let nth = 1; nth <= 9; nth += 1) {
        const watched = await watch();
        watched.github.faults.push({ path: ISSUES, nth, fault, retryAfter: 44 });
        const actions = [await watched.look(found(1)), await watched.look(found(2)), await watched.look(found(0))];
        expect(actions, `call ${nth}`).toMatchObject([
          { action: 'opened' },
          { action: 'updated' },
          { action: 'closed' },
        ]);
        expect(watched.issues(), `call ${nth}`).toMatchObject([{ state: 'closed' }]);
        if (/secondary|rate/.test(fault)) expect(Math.max(...watched.clock.slept)).toBeGreaterThanOrEqual(44_000);
      }
    },
    60_000,
  );

  it('a limit of more than two minutes is not waited for, and the reason says so', async () => {
    const watched = await watch();
    watched.github.faults.push({ path: ISSUES, fault: 'rate-limit', retryAfter: 3_000 });
    expect(await watched.look(found(1))).toMatchObject({
      action: 'failed',
      reason: expect.stringMatching(/GitHub asks to wait 3,000 s, and more than 120 s is not waited for/),
    });
  });

  it('what GitHub refuses for ever is an error with its status', async () => {
    const watched = await watch();
    watched.github.faults.push({ path: ISSUES, fault: 'status:403', times: Infinity });
    await expect(watched.client.get('/issues/1')).rejects.toMatchObject({ status: 403 });
    await expect(watched.client.get('/issues/1')).rejects.toBeInstanceOf(GithubError);
    expect(watched.arrivals).toHaveLength(2);
  });
});

describe('F25 a look that could not see everything', () => {
  it('closes nothing and says so in the issue; a complete clean look closes it', async () => {
    const watched = await watch();
    await watched.look(found(2));
    const before = watched.issues()[0]?.body ?? '';
    watched.clock.pass(HOUR);
    expect(await watched.look(found(0, { complete: false }))).toMatchObject({ action: 'updated', id: 1 });
    const [issue] = watched.open();
    expect(issue?.body?.startsWith(before.trimEnd())).toBe(true);
    expect(issue?.body).toMatch(/Could not look at everything in .*2026-11-20T09:00:\d\d\.\d+Z: this stays open\.\n$/);
    watched.clock.pass(HOUR);
    await watched.look(found(0, { complete: false }));
    const notes = watched.open()[0]?.body?.match(/Could not look/g);
    expect(notes).toHaveLength(1);
    expect(await watched.look(found(0))).toMatchObject({ action: 'closed', id: 1 });
    expect(watched.issues()).toMatchObject([{ state: 'closed' }]);
  });

  it('without any issue it opens none', async () => {
    const watched = await watch();
    expect(await watched.look(found(0, { complete: false }))).toEqual({ action: 'unchanged' });
    expect(watched.writes()).toBe(0);
  });

  it('what it did see is said, with that it is not all', async () => {
    const watched = await watch();
    expect(await watched.look(found(1, { complete: false }))).toMatchObject({ action: 'opened' });
    expect(watched.open()[0]?.body).toContain('could not look at everything');
    await watched.look(found(1));
    expect(watched.open()[0]?.body).not.toContain('could not look at everything');
  });
});
