import { describe, expect, it, vi } from 'vitest';
import { publish } from '../../src/operations/publish.ts';
import { NOW } from '../config/tree.ts';
import { approveAs, noted, opened, planned, published } from '../support/approvals.ts';
import { loop } from '../support/publisher.ts';
import type { Publisher } from '../support/publisher.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const LOOP = 'config/loop.yaml';
const DAY_MS = 24 * 60 * 60_000;
const CHANGED = `${loop('main')}  every: rate(5 minutes)\n`;

function commit({ repository }: Publisher, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) repository.write(name, text);
  return repository.commit();
}

async function publishTip({ project, endpoint }: Publisher): Promise<void> {
  await publish(await project(), { endpoint });
}

/** A change of the loop that is published and approved. @returns the plan's digest */
async function approved(publisher: Publisher): Promise<string> {
  commit(publisher, { [LOOP]: CHANGED });
  await publishTip(publisher);
  const file = await planned(publisher);
  await approveAs(publisher, [file]);
  return file.plan.digest;
}

/** What the approval of the tip holds once a plan of its own is approved. */
async function heldAtTip(publisher: Publisher): Promise<{ readonly carried: readonly string[]; readonly own: string }> {
  await publishTip(publisher);
  const file = await planned(publisher, noted(publisher.repository.git('rev-parse', 'HEAD')));
  await approveAs(publisher, [file]);
  const digests = (await opened(publisher)).plans.map(({ digest }) => digest);
  expect(digests.at(-1)).toBe(file.plan.digest);
  return { carried: digests.slice(0, -1), own: file.plan.digest };
}

describe('a plan that was approved for an earlier commit', () => {
  it('T45 is not carried where a commit in between took its change back, though another brings it again', async () => {
    const publisher = await published();
    await approved(publisher);
    commit(publisher, { [LOOP]: loop('main') });
    await publishTip(publisher);
    commit(publisher, { [LOOP]: CHANGED, 'config/more.yaml': '# more\n' });

    expect((await heldAtTip(publisher)).carried).toEqual([]);
  });

  it.each<[string, boolean, (publisher: Publisher) => void]>([
    [
      'one that took it back was not published',
      false,
      (publisher) => {
        commit(publisher, { [LOOP]: loop('main') });
        commit(publisher, { [LOOP]: CHANGED, 'config/more.yaml': '# more\n' });
      },
    ],
    [
      'one in between is not valid',
      false,
      (publisher) => {
        commit(publisher, { 'config/more.yaml': 'kind: Nonsense\n' });
        commit(publisher, { 'config/more.yaml': '# more\n' });
      },
    ],
    [
      'the folder lay elsewhere in between',
      false,
      (publisher) => {
        publisher.repository.git('mv', 'config', 'moved');
        publisher.repository.commit();
        publisher.repository.git('mv', 'moved', 'config');
        commit(publisher, { 'config/more.yaml': '# more\n' });
      },
    ],
    [
      'history was rewritten: the commit of the approval is not of the branch',
      false,
      (publisher) => {
        publisher.repository.commit('--amend', '--message=another');
        commit(publisher, { 'config/more.yaml': '# more\n' });
      },
    ],
    [
      'the branch came by a merge whose second parent was approved',
      false,
      ({ repository }) => {
        repository.git('checkout', '--quiet', '-b', 'other', 'HEAD^1');
        repository.write(LOOP, CHANGED);
        repository.write('config/more.yaml', '# more\n');
        repository.commit();
        repository.git('merge', '--quiet', '--no-ff', '--message=merge', 'main');
        repository.git('branch', '--force', 'main', 'other');
        repository.git('checkout', '--quiet', 'main');
        repository.write('config/other.yaml', '# other\n');
        repository.commit();
      },
    ],
    [
      'a branch that took it back and brought it again was merged as a whole',
      true,
      (publisher) => {
        const { repository } = publisher;
        repository.git('checkout', '--quiet', '-b', 'feature');
        commit(publisher, { [LOOP]: loop('main') });
        commit(publisher, { [LOOP]: CHANGED, 'config/more.yaml': '# more\n' });
        repository.git('checkout', '--quiet', 'main');
        repository.git('merge', '--quiet', '--no-ff', '--message=merge', 'feature');
      },
    ],
    [
      'others changed other documents, and files that are no configuration',
      true,
      (publisher) => {
        commit(publisher, { 'README.md': 'more\n' });
        commit(publisher, { 'config/more.yaml': loop('second', { mode: 'report' }) });
        commit(publisher, { 'config/more.yaml': '# more\n' });
        commit(publisher, { 'README.md': 'still more\n' });
      },
    ],
  ])('where %s: carried: %s', async (_name, isCarried, prepare) => {
    const publisher = await published();
    const digest = await approved(publisher);
    prepare(publisher);

    expect((await heldAtTip(publisher)).carried).toEqual(isCarried ? [digest] : []);
  });

  it('is not carried to a bundle that is later than the checkout, though the files are the same', async () => {
    const publisher = await published();
    await approved(publisher);
    const old = publisher.repository.git('rev-parse', 'HEAD');
    for (const text of [loop('main'), CHANGED]) {
      commit(publisher, { [LOOP]: text });
      await publishTip(publisher);
    }
    publisher.repository.git('reset', '--quiet', '--hard', old);
    commit(publisher, { 'README.md': 'more\n' });

    expect((await approveAs(publisher, [])).approvals).toMatchObject([
      { action: 'approved', generation: 4, plans: [] },
    ]);
  });

  it('that takes something away is not carried where a commit in between declared that again', async () => {
    const publisher = await published();
    const first = await planned(publisher);
    // What a plan does to a document that it does not declare is a removal.
    const actions = first.plan.actions.map((action) => ({ ...action, document: 'ReconcileLoop/gone' }));
    const removal = await planned(publisher, { actions });
    await approveAs(publisher, [removal]);
    commit(publisher, { 'config/more.yaml': '# more\n' });
    expect((await heldAtTip(publisher)).carried).toEqual([removal.plan.digest]);

    const held = (await opened(publisher)).plans.map(({ digest }) => digest);
    commit(publisher, { 'config/gone.yaml': loop('gone', { mode: 'report' }) });
    publisher.repository.git('rm', '--quiet', 'config/gone.yaml');
    commit(publisher, { 'config/more.yaml': '# still more\n' });
    expect((await heldAtTip(publisher)).carried).toEqual(held.filter((digest) => digest !== removal.plan.digest));
  });

  it.each([
    [200, true],
    [201, false],
  ])('is carried over 200 changes of the configuration and no more: %i', async (changes, isCarried) => {
    const publisher = await published();
    const digest = await approved(publisher);
    const { repository } = publisher;
    repository.git('config', 'gc.auto', '0');
    const stream = Array.from({ length: changes }, (_one, index) => {
      const text = `# ${index}\n`;
      const from = index === 0 ? 'from refs/heads/main^0\n' : '';
      const head = `commit refs/heads/main\ncommitter t <t@example.com> ${1_800_000_000 + index} +0000\ndata 1\nx\n`;
      return `${head}${from}M 100644 inline config/more.yaml\ndata ${text.length}\n${text}\n`;
    });
    repository.write('stream', stream.join(''));
    repository.git('config', 'alias.load', `!git fast-import --quiet < ${repository.directory}/stream`);
    repository.git('load');
    repository.git('reset', '--quiet', '--hard', 'main');

    expect((await heldAtTip(publisher)).carried).toEqual(isCarried ? [digest] : []);
  });

  it('that is let pass anew has the new time: it is to be applied again', async () => {
    const publisher = await published();
    const digest = await approved(publisher);
    publisher.account.elapse(DAY_MS);
    commit(publisher, { 'config/more.yaml': '# more\n' });
    await publishTip(publisher);
    const again = await planned(publisher);
    expect(again.plan.digest).toBe(digest);
    await approveAs(publisher, [again]);

    const { plans } = await opened(publisher);
    expect(plans.map((plan) => [plan.digest, Date.parse(plan.approvedAt) - NOW])).toEqual([[digest, DAY_MS]]);
  });

  it.each([
    ['seven days', 7 * DAY_MS, true],
    ['seven days and a second', 7 * DAY_MS + 1000, false],
  ])('%s ago keeps its time, or is carried no more', async (_name, age, isCarried) => {
    const publisher = await published();
    const digest = await approved(publisher);
    publisher.account.elapse(3 * DAY_MS);
    commit(publisher, { 'config/more.yaml': '# more\n' });
    const { own } = await heldAtTip(publisher);
    publisher.account.elapse(age - 3 * DAY_MS);
    commit(publisher, { 'config/more.yaml': '# still more\n' });
    await heldAtTip(publisher);

    const times = (await opened(publisher)).plans.map((plan) => [plan.digest, Date.parse(plan.approvedAt) - NOW]);
    const first = [digest, 0];
    expect(times).toEqual([...(isCarried ? [first] : []), [own, 3 * DAY_MS], [expect.any(String), age]]);
  });
});
