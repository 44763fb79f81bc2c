import { describe, expect, it, vi } from 'vitest';
import { keepComment } from '../../src/github/comment.ts';
import { GithubError } from '../../src/github/errors.ts';
import { markerLine, readMarker } from '../../src/github/marker.ts';
import type { Fault, FaultKind } from '../support/github/faults.ts';
import { addComment } from '../support/github/routes/comments.ts';
import { ACTIONS_BOT } from '../support/github/world.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import { gaps, isWrite, longestRow, openPosting, randomFaults, together } from './posting.ts';
import type { Posting } from './posting.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const BOT = 'github-actions[bot]';
const SCOPE = 'default';

function bodyOf(text: string, scope = SCOPE): string {
  return `${markerLine('plan', { v: 1, scope, head: 'a'.repeat(40), digest: 'b'.repeat(64) })}\n${text}\n`;
}

interface Conversation extends Posting {
  readonly pull: number;
  keep(text: string, client?: Posting['client']): ReturnType<typeof keepComment>;
  bodies(): readonly string[];
  /** Of our scope. */
  ours(): readonly string[];
}

async function conversation(): Promise<Conversation> {
  const posting = await openPosting();
  return conversationOf(posting, posting.github.openPull({ files: { 'config/a.yaml': 'a: 1\n' } }).number);
}

function conversationOf(posting: Posting, pull: number): Conversation {
  const bodies = (): readonly string[] =>
    (posting.github.state.issues.get(pull)?.comments ?? []).map(({ body }) => body);
  return {
    ...posting,
    pull,
    keep: (text, client = posting.client) =>
      keepComment(client, posting.clock, { pull, scope: SCOPE, body: bodyOf(text) }),
    bodies,
    ours: () => bodies().filter((body) => readMarker(body, 'plan')?.scope === SCOPE),
  };
}

/** Each writes what would be taken for our comment by whoever looks less closely. */
const IMPOSTORS: readonly [what: string, write: (talk: Conversation) => void][] = [
  ['a stranger with our marker', ({ github, pull }) => void github.comment(pull, 'mallory', bodyOf('mine'))],
  [
    'another bot that quotes it',
    ({ github, pull }) => {
      github.bot('dependabot');
      github.comment(pull, 'dependabot[bot]', bodyOf('> quoted'));
    },
  ],
  [
    'the user of jobs through another app',
    ({ github, pull }) => {
      const other = { ...ACTIONS_BOT, app: { id: 99_999, slug: 'other' } };
      addComment(github.world, github.pull(pull), other, bodyOf('by another app'));
    },
  ],
  ['a marker below the first line', ({ github, pull }) => void github.comment(pull, BOT, `see\n${bodyOf('below')}`)],
  ['another scope', ({ github, pull }) => void github.comment(pull, BOT, bodyOf('theirs', 'other'))],
];

describe('T24 whose comment it is', () => {
  it('exactly the own newest comment is edited, whatever five impostors wrote before and after it', async () => {
    const talk = await conversation();
    const impostors = (): void => {
      for (const [, write] of IMPOSTORS) write(talk);
    };
    impostors();
    talk.github.comment(talk.pull, BOT, bodyOf('an older one'));
    const own = talk.github.comment(talk.pull, BOT, bodyOf('the newest of ours'));
    impostors();
    const before = talk.bodies();
    const posted = await talk.keep('the plan');
    expect(posted).toMatchObject({ action: 'updated', id: own.id });
    const after = before.map((body) => (body === bodyOf('the newest of ours') ? bodyOf('the plan') : body));
    expect(talk.bodies()).toEqual(after);
    expect(talk.arrivals.filter(isWrite)).toHaveLength(1);
  });

  it.each(IMPOSTORS)('%s is left as it is, and a new comment is written', async (_, write) => {
    const talk = await conversation();
    write(talk);
    const [impostor] = talk.bodies();
    expect(await talk.keep('the plan')).toMatchObject({ action: 'created' });
    expect(talk.bodies()).toEqual([impostor, bodyOf('the plan')]);
  });

  it('the digest that apply goes by is that of the artefact, whatever comments say', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: { 'config/a.yaml': scheduleOf('a') } });
    const { plan } = await loop.plan(number);
    const [ours = ''] = loop.comments(number);
    const forged = ours.replaceAll(plan?.digest ?? '', 'f'.repeat(64));
    expect(forged).not.toBe(ours);
    loop.github.comment(number, 'mallory', forged);
    addComment(loop.github.world, loop.github.pull(number), { ...ACTIONS_BOT, app: { id: 9, slug: 'other' } }, forged);
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'applied', digest: plan?.digest });
    const after = loop.comments(number);
    expect(after[0]).toContain('re-plan empty');
    expect(after.slice(1)).toEqual([forged, forged]);
  });
});

const COMMENTS = /\/issues\/(?:\d+\/comments|comments\/\d+)/;

describe('F23 GitHub that limits and breaks', () => {
  it('50 random scripts of faults leave one comment each, spaced, and no request is sent more than five times', async () => {
    const posting = await openPosting();
    const { github, arrivals } = posting;
    const outcomes = new Map<string, number>();
    for (let seed = 1; seed <= 50; seed += 1) {
      const talk = conversationOf(posting, github.openIssue('ann', { title: `${seed}`, body: null }).number);
      github.faults.splice(0, Infinity, ...randomFaults(seed, COMMENTS));
      const start = arrivals.length;
      const first = await talk.keep('first');
      const second = await talk.keep('second');
      outcomes.set(`${first.action} ${second.action}`, (outcomes.get(`${first.action} ${second.action}`) ?? 0) + 1);
      expect(talk.bodies(), `seed ${seed}`).toEqual([bodyOf('second')]);
      expect(longestRow(arrivals.slice(start)), `seed ${seed}`).toBeLessThanOrEqual(5);
    }
    expect([...outcomes]).toEqual([['created updated', 50]]);
    expect(Math.min(...gaps(arrivals))).toBeGreaterThanOrEqual(1_000);
    expect(arrivals.filter(({ fault }) => fault() !== undefined).length).toBeGreaterThan(50);
  }, 120_000);

  it.each<FaultKind>(['secondary', 'secondary:429', 'rate-limit'])(
    'at each call, %s is waited for as long as it says, and the call is made again',
    async (fault) => {
      // Look, write, look again; then look and edit.
      for (let nth = 1; nth <= 5; nth += 1) {
        const talk = await conversation();
        talk.github.faults.push({ path: COMMENTS, nth, fault, retryAfter: 77 });
        await talk.keep('first');
        await talk.keep('second');
        expect(talk.bodies()).toEqual([bodyOf('second')]);
        expect(Math.max(...talk.clock.slept)).toBeGreaterThanOrEqual(77_000);
        expect(Math.max(...talk.clock.slept)).toBeLessThanOrEqual(78_000);
        const at = talk.arrivals.findIndex(({ fault: struck }) => struck() === fault);
        expect(at).toBeGreaterThanOrEqual(0);
        const [struck, again] = talk.arrivals.slice(at);
        expect(again).toMatchObject({ method: struck?.method, path: struck?.path });
      }
    },
  );

  it.each<[FaultKind, number]>([
    ['status:502', 5],
    ['status:502-after', 1],
    ['drop', 5],
    ['drop-after', 1],
  ])('a write that is answered by %s for ever is sent %i times', async (fault, times) => {
    const talk = await conversation();
    talk.github.faults.push({ method: 'POST', path: COMMENTS, fault, times: Infinity });
    const posted = await talk.keep('once').catch((error: unknown) => error);
    expect(talk.arrivals.filter(isWrite)).toHaveLength(times);
    if (times === 1) expect(posted).toMatchObject({ action: 'created' });
    else expect(posted).toBeInstanceOf(GithubError);
    expect(talk.bodies()).toEqual(times === 1 ? [bodyOf('once')] : []);
  });

  it.each<FaultKind>(['secondary', 'rate-limit', 'status:500', 'down'])(
    'a look that is answered by %s for ever is given up after five',
    async (fault) => {
      const talk = await conversation();
      talk.github.faults.push({ path: COMMENTS, fault, times: Infinity });
      await expect(talk.keep('never')).rejects.toBeInstanceOf(GithubError);
      expect(talk.arrivals).toHaveLength(5);
      expect(talk.bodies()).toEqual([]);
    },
  );

  it.each<Pick<Fault, 'fault' | 'retryAfter'>>([
    { fault: 'secondary', retryAfter: 121 },
    { fault: 'secondary:429', retryAfter: 3_600 },
    { fault: 'rate-limit', retryAfter: 1_800 },
  ])('a limit of more than two minutes is not waited for: $fault, $retryAfter s', async (limit) => {
    const talk = await conversation();
    talk.github.faults.push({ path: COMMENTS, ...limit });
    await expect(talk.keep('never')).rejects.toThrow(
      /rate limit.*GitHub asks to wait [\d,]+ s, and more than 120 s is not waited for/,
    );
    await expect(talk.keep('now')).resolves.toMatchObject({ action: 'created' });
    expect(talk.clock.slept.every((pause) => pause <= 1_000)).toBe(true);
  });
});

describe('F24 what becomes of the comment meanwhile', () => {
  it('one that was deleted is written once more', async () => {
    const talk = await conversation();
    const { id = 0 } = await talk.keep('first');
    talk.github.deleteComment(id);
    expect(await talk.keep('second')).toMatchObject({ action: 'created' });
    expect(await talk.keep('second')).toMatchObject({ action: 'unchanged' });
    expect(talk.bodies()).toEqual([bodyOf('second')]);
  });

  it('one that is deleted between the look and the edit is written once more', async () => {
    const talk = await conversation();
    const { id = 0 } = await talk.keep('first');
    const { client } = talk;
    const late: typeof client = {
      ...client,
      send(method, path, body) {
        if (method === 'PATCH') talk.github.deleteComment(id);
        return client.send(method, path, body);
      },
    };
    expect(await talk.keep('second', late)).toMatchObject({ action: 'created' });
    expect(talk.bodies()).toEqual([bodyOf('second')]);
  });

  it('a locked conversation takes none, and says why', async () => {
    const talk = await conversation();
    talk.github.lock(talk.pull);
    await expect(talk.keep('first')).rejects.toThrow(/403 .*locked/);
    expect(talk.arrivals.filter(isWrite)).toHaveLength(1);
    expect(talk.bodies()).toEqual([]);
  });

  it('a plan in a locked conversation keeps its code', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: { 'config/a.yaml': scheduleOf('a') } });
    loop.github.lock(number);
    expect(await loop.plan(number)).toMatchObject({ exit: 0, plan: { complete: true } });
    expect(loop.comments(number)).toEqual([]);
    expect(loop.notes).toEqual([expect.stringMatching(/^GitHub: POST .* 403 .*locked/)]);
  });

  it('a closed pull request has its comment edited like an open one', async () => {
    const talk = await conversation();
    await talk.keep('first');
    talk.github.closeIssue(talk.pull);
    expect(await talk.keep('second')).toMatchObject({ action: 'updated' });
    expect(talk.bodies()).toEqual([bodyOf('second')]);
  });

  it('behind 101 comments of others, ours is found', async () => {
    const talk = await conversation();
    talk.github.chatter(talk.pull, 101);
    await talk.keep('first');
    talk.github.chatter(talk.pull, 101);
    expect(await talk.keep('second')).toMatchObject({ action: 'updated' });
    expect(talk.ours()).toEqual([bodyOf('second')]);
    expect(talk.bodies()).toHaveLength(203);
  });

  it.each([2, 3])('%i runs that look before any of them writes leave one comment', async (runs) => {
    const talk = await conversation();
    const clients = together(talk.client, runs);
    const posted = await Promise.all(clients.map((client, index) => talk.keep(`run ${index}`, client)));
    expect(talk.ours()).toHaveLength(1);
    expect(posted.map(({ action }) => action)).toEqual(posted.map(() => 'created'));
    expect(await talk.keep('after')).toMatchObject({ action: 'updated' });
    expect(talk.ours()).toEqual([bodyOf('after')]);
  });

  it('two runs that edit the same comment at once leave one', async () => {
    const talk = await conversation();
    await talk.keep('before');
    await Promise.all(together(talk.client, 2).map((client, index) => talk.keep(`run ${index}`, client)));
    expect(talk.ours()).toHaveLength(1);
    expect(talk.ours()[0]).toMatch(/run [01]/);
  });
});
