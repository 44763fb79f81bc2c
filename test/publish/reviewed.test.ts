import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, vi } from 'vitest';
import { openGithubRun } from '../../src/cli/github-run.ts';
import type { ApproveResult } from '../../src/bundle/result.ts';
import { PublishError } from '../../src/operations/errors.ts';
import { approveReviewed } from '../../src/operations/github/approve-reviewed.ts';
import { ReviewError, UnprotectedError } from '../../src/github/errors.ts';
import { loadConfig } from '../../src/operations/project.ts';
import { publish } from '../../src/operations/publish.ts';
import { isLoop } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { renderJson, toPlanJson } from '../../src/report/json.ts';
import { temporaryDirectory } from '../config/tree.ts';
import { stepEnvironment } from '../support/github/environment.ts';
import { push } from '../support/github/events.ts';
import { openLoop, scheduleOf, unhurriedClock } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import type { Artifact } from '../support/github/types.ts';
import {
  APPROVAL,
  branchLoop,
  BUCKET,
  loop as loopOf,
  prepareAccount,
  PUBLISHER_SETTINGS,
  REGION,
} from '../support/publisher.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const SETTINGS = 'config/settings.yaml';
const FILES = { [SETTINGS]: PUBLISHER_SETTINGS, 'config/loop.yaml': loopOf('main') };
const A = { 'config/a.yaml': scheduleOf('a') };

async function open(
  options: Parameters<typeof openLoop>[1] = {},
  files: Record<string, string> = FILES,
): Promise<Loop> {
  const loop = await openLoop(files, options);
  await prepareAccount(loop.account);
  return loop;
}

/** What the workflow of the merge does: publish, where the loop reads a bundle, then approve. */
async function approve(loop: Loop, commit = loop.github.tip()): Promise<ApproveResult> {
  const cwd = loop.checkout(commit);
  const { project } = await loadConfig(join(cwd, 'config'), { cwd });
  const endpoint = { kind: 'embedded', account: loop.account } as const;
  const isBundled = project!.documents.some((document) => isLoop(document) && document.spec.source.s3 !== undefined);
  if (isBundled) await publish(project!, { endpoint });
  const environment = stepEnvironment(loop.github, push(loop.github), await temporaryDirectory());
  const { github, context } = openGithubRun(environment, unhurriedClock());
  return approveReviewed(project!, github, context, { endpoint, cwd });
}

async function approvedTexts({ account }: Loop): Promise<readonly string[]> {
  const s3 = account.client(S3Client, REGION);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: APPROVAL }));
  return (JSON.parse(await Body!.transformToString()) as { plans: string[] }).plans;
}

describe('approve --reviewed', () => {
  it('approves the very text that the pull request’s workflow kept', async () => {
    const loop = await open();
    const { number } = loop.github.openPull({ files: A });
    const { plan, exit } = await loop.plan(number);
    expect(exit).toBe(0);
    loop.github.merge(number);

    const { approvals } = await approve(loop);

    expect(approvals[0]).toMatchObject({ action: 'approved', plans: [{ digest: plan!.digest }] });
    expect(await approvedTexts(loop)).toEqual([renderJson(toPlanJson(plan!, { records: false }))]);
  });

  it('and keeps what was approved before, where the next merge leaves its documents as they are', async () => {
    const loop = await open();
    const one = loop.github.openPull({ files: A });
    const { plan: first } = await loop.plan(one.number);
    loop.github.merge(one.number);
    await approve(loop);
    const two = loop.github.openPull({ files: { 'config/b.yaml': scheduleOf('b') } });
    const { plan: second } = await loop.plan(two.number);
    loop.github.merge(two.number);

    const { approvals } = await approve(loop);

    expect(approvals[0]?.plans.map(({ digest }) => digest)).toEqual([first!.digest, second!.digest]);
  });

  it('still does after a commit that is not about the configuration', async () => {
    const loop = await open();
    const { number } = loop.github.openPull({ files: A });
    const { plan } = await loop.plan(number);
    loop.github.merge(number);
    loop.github.push({ 'README.md': 'more\n' });

    expect((await approve(loop)).approvals[0]).toMatchObject({ plans: [{ digest: plan!.digest }] });
  });
});

describe('approve --reviewed, where the merge left the configuration alone,', () => {
  const BRANCH = { ...FILES, 'config/loop.yaml': branchLoop('main') };
  const README = { 'README.md': 'more\n' };
  const DAY_MS = 24 * 60 * 60_000;

  /** A change that was planned, merged and approved. */
  async function approved(): Promise<{ readonly loop: Loop; readonly digest: string; readonly artifact: Artifact }> {
    const loop = await open({}, BRANCH);
    const { number } = loop.github.openPull({ files: A });
    const { plan, artifact } = await loop.plan(number);
    loop.github.merge(number);
    await approve(loop);
    return { loop, digest: plan!.digest, artifact: artifact! };
  }

  function mergeReadme(loop: Loop): string {
    loop.github.merge(loop.github.openPull({ files: README }).number);
    return loop.github.tip();
  }

  it('carries what was approved to the new commit', async () => {
    const { loop, digest } = await approved();
    const commit = mergeReadme(loop);

    const { approvals } = await approve(loop);

    expect(approvals).toMatchObject([{ action: 'approved', commit, plans: [{ digest }] }]);
  });

  it('with the time at which it was let pass: what was applied since is not let pass anew', async () => {
    const { loop } = await approved();
    const [{ plans } = { plans: [] }] = (await approve(loop)).approvals;
    expect(plans).toHaveLength(1);
    loop.account.elapse(DAY_MS);
    mergeReadme(loop);

    expect((await approve(loop)).approvals).toMatchObject([{ action: 'approved', plans }]);
  });

  it('also where the plan of the last change is not kept any more', async () => {
    const { loop, digest, artifact } = await approved();
    loop.github.expire(artifact);
    const commit = mergeReadme(loop);

    expect((await approve(loop)).approvals).toMatchObject([{ action: 'approved', commit, plans: [{ digest }] }]);
  });

  it.each<[string, RegExp, (loop: Loop) => Promise<void>]>([
    [
      'came without a pull request',
      /pushed without a pull request/,
      async ({ github }) => void github.push({ 'config/b.yaml': scheduleOf('b') }),
    ],
    [
      'has no plan',
      /no plan was made for the commit that was merged/,
      async ({ github }) => void github.merge(github.openPull({ files: { 'config/b.yaml': scheduleOf('b') } }).number),
    ],
    [
      'has a plan of another configuration',
      /was made of another configuration/,
      async (loop) => {
        const { number } = loop.github.openPull({ files: { 'config/b.yaml': scheduleOf('b') } });
        await loop.plan(number);
        loop.github.push({ 'config/c.yaml': scheduleOf('c') });
        loop.github.merge(number);
      },
    ],
  ])('approves nothing of a change before it that %s', async (_name, why, change) => {
    const { loop, digest } = await approved();
    await change(loop);
    await expect(approve(loop)).rejects.toThrow(why);
    const commit = mergeReadme(loop);

    const { approvals } = await approve(loop);

    expect(approvals).toMatchObject([{ commit, plans: [{ digest }] }]);
    expect(approvals[0]!.plans).toHaveLength(1);
  });

  it('does not let pass anew what was merged more than seven days ago', async () => {
    const { loop } = await approved();
    loop.account.elapse(8 * DAY_MS);
    const commit = mergeReadme(loop);

    expect((await approve(loop)).approvals).toMatchObject([{ action: 'approved', commit, plans: [] }]);
  });

  it('takes a rebased pull request as one, though its last commit left the configuration alone', async () => {
    const loop = await open({}, BRANCH);
    const { number } = loop.github.openPull({ files: A });
    loop.github.pushTo(number, README);
    loop.github.merge(number, 'rebase');

    await expect(approve(loop)).rejects.toThrow(/no plan was made for the commit that was merged/);
  });
});

describe('approve --reviewed refuses', () => {
  it('what was pushed after the review', async () => {
    const loop = await open();
    const { number } = loop.github.openPull({ files: A });
    await loop.plan(number);
    loop.github.pushTo(number, { 'config/a.yaml': scheduleOf('a', { memory: 512 }) });
    loop.github.merge(number);

    await expect(approve(loop)).rejects.toThrow(/no plan was made for the commit that was merged/);
    await expect(approvedTexts(loop)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('what came without a pull request', async () => {
    const loop = await open();
    loop.github.push(A);

    await expect(approve(loop)).rejects.toThrow(/pushed without a pull request/);
  });

  it('a plan of another configuration than the merge made, by TU3047', async () => {
    const loop = await open();
    const { number } = loop.github.openPull({ files: A });
    await loop.plan(number);
    loop.github.push({ 'config/b.yaml': scheduleOf('b') });
    loop.github.merge(number);

    const refusal = await approve(loop).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PublishError);
    expect(refusal).toMatchObject({ code: 'TU3047', exit: 'stale' });
  });

  it('a commit that is not the tip any more', async () => {
    const loop = await open();
    const { number } = loop.github.openPull({ files: A });
    await loop.plan(number);
    loop.github.merge(number);
    const old = loop.github.tip();
    loop.github.push({ 'README.md': 'more\n' });

    await expect(approve(loop, old)).rejects.toThrow(/is not the tip of main/);
  });

  it.each([
    ['a branch that is not protected', UnprotectedError, { settings: { protection: {} } }],
    ['a public repository', ReviewError, { private: false }],
  ])('%s', async (_name, kind, options) => {
    const loop = await open(options);
    const { number } = loop.github.openPull({ files: A });
    await loop.plan(number);
    loop.github.merge(number);

    await expect(approve(loop)).rejects.toBeInstanceOf(kind);
  });

  it.each(['merge', 'rebase'] as const)(
    'T13: too few approvals, also where the pull request lowers their number: %s',
    async (style) => {
      const strict = `${PUBLISHER_SETTINGS}  github: { requireApprovals: 1 }\n`;
      const loop = await open({}, { ...FILES, [SETTINGS]: strict });
      const { number } = loop.github.openPull({ by: 'ann', files: { [SETTINGS]: PUBLISHER_SETTINGS } });
      loop.github.pushTo(number, A);
      await loop.plan(number);
      loop.github.merge(number, style);

      await expect(approve(loop)).rejects.toThrow(/0 of 1 approvals/);
    },
  );
});
