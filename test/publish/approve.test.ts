import { describe, expect, it } from 'vitest';
import { makeApproval } from '../../src/bundle/approval.ts';
import { packTree } from '../../src/bundle/bundle.ts';
import type { Plan } from '../../src/engine/types.ts';
import { approve } from '../../src/operations/approve.ts';
import { publish } from '../../src/operations/publish.ts';
import { kmsSigner } from '../../src/resources/signing.ts';
import { NOW } from '../config/tree.ts';
import { approveAs, connected, noted, opened, PLACE, planned, published } from '../support/approvals.ts';
import { file, ORIGIN } from '../support/bundles.ts';
import {
  APPROVAL,
  BRANCH_APPROVAL,
  branchLoop,
  BUCKET,
  BUNDLE,
  createPublisher,
  loop,
  OTHER_SIGNING_KEY,
  refused,
  SIGNING_KEY,
} from '../support/publisher.ts';
import type { Publisher } from '../support/publisher.ts';
import { tapped } from '../support/wiretap.ts';

/** An approval of some other bundle, by whoever may sign. */
async function putApproval(publisher: Publisher, generation: number, keyId = SIGNING_KEY): Promise<void> {
  const { statement } = packTree([file('settings.yaml', 'other: 1\n')], { ...ORIGIN, generation });
  const plans = [{ digest: 'a'.repeat(64), text: 'other' }];
  const signer = kmsSigner(await connected(publisher), PLACE, keyId);
  const { bytes } = await makeApproval({ bundle: statement, plans, approvedAt: '2026-11-24T08:00:00.000Z' }, signer);
  await publisher.put(APPROVAL, bytes);
}

describe('approve', () => {
  it('signs the whole text of a plan for the bundle that is published', async () => {
    const publisher = await published();
    const one = await planned(publisher);

    const result = await approveAs(publisher, [one]);
    const { statement, plans } = await opened(publisher);

    expect(plans).toEqual([{ digest: one.plan.digest, text: one.text, approvedAt: new Date(NOW).toISOString() }]);
    expect(statement).toMatchObject({ owner: 'acme-network', generation: 1, approvedAt: new Date(NOW).toISOString() });
    expect(result).toEqual({
      format: 'trueup/approve@1',
      owner: 'acme-network',
      approvals: [
        {
          document: 'ReconcileLoop/main',
          bucket: BUCKET,
          key: APPROVAL,
          bundle: statement.bundle,
          commit: statement.commit,
          generation: 1,
          plans: statement.plans,
          action: 'approved',
        },
      ],
      calls: { KMS: { reads: 2, writes: 0 }, S3: { reads: 2, writes: 1 }, STS: { reads: 1, writes: 0 } },
    });
  });

  it('keeps what was approved of the same bundle, each plan once', async () => {
    const publisher = await published();
    const [one, other] = [await planned(publisher), await planned(publisher, noted('another'))];
    await approveAs(publisher, [one]);

    const extended = await approveAs(publisher, [other, one, other]);
    expect(extended.approvals[0]).toMatchObject({ action: 'extended' });
    expect((await opened(publisher)).plans.map(({ digest }) => digest)).toEqual([one.plan.digest, other.plan.digest]);

    const bytes = await publisher.object(APPROVAL);
    const unchanged = await approveAs(publisher, [one]);
    expect(unchanged.approvals[0]).toMatchObject({ action: 'unchanged', plans: extended.approvals[0]!.plans });
    expect(await publisher.object(APPROVAL)).toEqual(bytes);
  });

  it.each([
    ['is carried over where the next one leaves its documents as they are', 'config/more.yaml', '# more\n', true],
    [
      'ends where a document of it has moved on',
      'config/loop.yaml',
      `${loop('main')}  every: rate(5 minutes)\n`,
      false,
    ],
  ] as const)('what was approved of an older bundle %s', async (_what, name, text, isCarried) => {
    const publisher = await published();
    const first = await planned(publisher);
    await approveAs(publisher, [first]);
    publisher.repository.write(name, text);
    publisher.repository.commit();
    await publish(await publisher.project(), { endpoint: publisher.endpoint });
    const fresh = await planned(publisher, noted('of the second'));

    const result = await approveAs(publisher, [fresh]);

    expect(result.approvals[0]).toMatchObject({ action: 'approved', generation: 2 });
    const kept = isCarried ? [first.plan.digest] : [];
    expect((await opened(publisher)).plans.map(({ digest }) => digest)).toEqual([...kept, fresh.plan.digest]);
  });

  it('takes a commit that changed nothing of the configuration: the bundle is the same', async () => {
    const publisher = await published();
    publisher.repository.commit();

    expect((await approveAs(publisher, [await planned(publisher)])).approvals[0]).toMatchObject({ generation: 1 });
  });

  it('approves the commit itself where a loop reads a branch: its tree packed is the bundle', async () => {
    const publisher = await createPublisher();
    publisher.repository.write('config/loop.yaml', branchLoop('main'));
    const commit = publisher.repository.commit();

    await approveAs(publisher, [await planned(publisher)]);

    const files = ['loop.yaml', 'settings.yaml'].map((name) =>
      file(name, publisher.repository.git('show', `HEAD:config/${name}`).concat('\n')),
    );
    const { statement } = await opened(publisher, BRANCH_APPROVAL);
    expect(statement).toMatchObject({ commit, generation: 2, bundle: packTree(files, ORIGIN).statement.digest });
  });
});

describe('where a loop reads a branch, approve', () => {
  async function approvedBranch() {
    const publisher = await createPublisher();
    publisher.repository.write('config/loop.yaml', branchLoop('main'));
    publisher.repository.commit();
    const one = await planned(publisher);
    await approveAs(publisher, [one]);
    publisher.account.elapse(60_000);
    return { publisher, digest: one.plan.digest };
  }

  it.each([
    ['for a later commit of the same files', ['--message=about something else'], 3],
    ['for another commit of the same age', ['--amend', '--message=another'], 2],
  ] as const)('writes a new approval %s, though no plan is new', async (_name, flags, generation) => {
    const { publisher, digest } = await approvedBranch();
    const commit = publisher.repository.commit(...flags);

    const { approvals } = await approveAs(publisher, []);

    // What was approved of a commit that is not of the branch any more is not carried.
    const plans = generation === 3 ? [{ digest, approvedAt: new Date(NOW).toISOString() }] : [];
    expect(approvals).toMatchObject([{ action: 'approved', commit, generation, plans }]);
    const { statement } = await opened(publisher, BRANCH_APPROVAL);
    expect(statement).toMatchObject({ commit, generation, plans, approvedAt: new Date(NOW + 60_000).toISOString() });
  });

  it('writes nothing for the same commit', async () => {
    const { publisher } = await approvedBranch();
    const before = await publisher.object(BRANCH_APPROVAL);

    expect((await approveAs(publisher, [])).approvals).toMatchObject([{ action: 'unchanged' }]);
    expect(await publisher.object(BRANCH_APPROVAL)).toEqual(before);
  });
});

describe('approve refuses', () => {
  it.each<[string, string, (publisher: Publisher) => Promise<unknown>]>([
    [
      'where no loop applies',
      'TU3040 usage',
      async ({ repository }) => {
        repository.write('config/loop.yaml', loop('main', { mode: 'heal' }));
        repository.commit();
      },
    ],
    [
      'a checkout that is not clean',
      'TU3041 error',
      async ({ repository }) => repository.write('config/loop.yaml', `${loop('main')}# x\n`),
    ],
    [
      'before the commit is published',
      'TU3047 stale',
      async ({ repository }) => {
        repository.write('config/more.yaml', '# more\n');
        repository.commit();
      },
    ],
    [
      'a bundle that nobody signed',
      'TU3043 error',
      (publisher) => publisher.put(BUNDLE, Buffer.from('kind: Settings, and more')),
    ],
    [
      'beside an approval that nobody signed',
      'TU3043 error',
      (publisher) => publisher.put(APPROVAL, Buffer.from('{}')),
    ],
    ['beside an approval by another key', 'TU3043 error', (publisher) => putApproval(publisher, 0, OTHER_SIGNING_KEY)],
    ['beside an approval of a later bundle', 'TU3044 stale', (publisher) => putApproval(publisher, 2)],
    ['beside an approval of another bundle of its age', 'TU3044 stale', (publisher) => putApproval(publisher, 1)],
    ['nothing beside an approval of an older bundle', 'done', (publisher) => putApproval(publisher, 0)],
  ])('%s: %s', async (_name, code, prepare) => {
    const publisher = await published();
    await prepare(publisher);
    const before = await publisher.object(APPROVAL);

    expect(await refused(approveAs(publisher, [await planned(publisher)]))).toBe(code);
    const after = await publisher.object(APPROVAL);
    expect(Buffer.compare(after ?? Buffer.alloc(0), before ?? Buffer.alloc(0)) === 0).toBe(code !== 'done');
  });

  it('where nothing is published: TU3047', async () => {
    const publisher = await createPublisher();

    expect(await refused(approveAs(publisher, [await planned(publisher)]))).toBe('TU3047 stale');
  });

  it.each<[string, string, Partial<Plan>]>([
    ['of another configuration', 'TU3047 stale', { config: { commit: null, dirty: false, digest: 'b'.repeat(64) } }],
    ['of another estate', 'TU3047 stale', { owner: 'globex' }],
    ['that is not complete', 'TU3048 error', { complete: false }],
    [
      'that a guard stops',
      'TU3048 guard',
      {
        guards: [
          { code: 'deletes', message: 'no', allowed: false, document: '', about: [], sealed: '', allow: '' },
        ] as unknown as Plan['guards'],
      },
    ],
    [
      'whose guard was let pass',
      'done',
      {
        guards: [
          { code: 'deletes', message: 'no', allowed: true, document: '', about: [], sealed: '', allow: '' },
        ] as unknown as Plan['guards'],
      },
    ],
  ])('a plan %s: %s', async (_name, code, change) => {
    const publisher = await published();

    expect(await refused(approveAs(publisher, [await planned(publisher, change)]))).toBe(code);
    expect((await publisher.object(APPROVAL)) === undefined).toBe(code !== 'done');
  });

  it('an object that somebody else writes in between: TU3046, and theirs stays', async () => {
    const publisher = await published();
    const plans = [await planned(publisher)];
    const account = tapped(publisher.account, async ({ command }) => {
      if (command === 'Sign') await putApproval(publisher, 1);
    });

    const act = approve(await publisher.project(), { endpoint: { kind: 'embedded', account }, plans });
    expect(await refused(act)).toBe('TU3046 stale');
    expect((await opened(publisher)).plans).toMatchObject([{ digest: 'a'.repeat(64), text: 'other' }]);
  });
});
