import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { realClock } from '../../src/aws/clocks.ts';
import type { HeldTree } from '../../src/operations/loop/github-source.ts';
import { openLoop } from '../../src/operations/loop/open.ts';
import { runLoop } from '../../src/operations/loop/run-loop.ts';
import { connect } from '../../src/operations/world.ts';
import { loopDocument } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import type { ReconcileLoop } from '../../src/reconcilers/reconcile-loop/loop-document.ts';
import { createEstate } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github } from '../support/github/index.ts';
import { createLoopEstate, REGION } from '../support/loop-estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

// A function is loaded anew for every account, and several tests run beside each other.
vi.setConfig({ testTimeout: 120_000 });

const FILES = ['settings.yaml', 'office.yaml', 'loop.yaml'];
const ROLE = '"arn:aws:iam::111122223333:role/trueup-plan"';

interface OnGithub extends TestEstate {
  readonly github: Github;
  run(): Promise<unknown>;
}

/** A loop that reads a branch. */
async function createOnGithub(): Promise<OnGithub> {
  const estate = await createEstate();
  const github = await openGithub({ files: { 'README.md': 'x' }, private: true });
  onTestFinished(github.close);
  estate.account.putSecret('ssm:/github', github.token, { region: REGION });
  estate.rewrite('settings.yaml', (yaml) =>
    yaml.replace('id: "111122223333"', `id: "111122223333", planRole: ${ROLE}`),
  );
  estate.write('office.yaml', scheduleYaml(['every: rate(10 minutes)']));
  estate.write(
    'loop.yaml',
    [
      'apiVersion: trueup/v1',
      'kind: ReconcileLoop',
      'metadata: { name: main }',
      'spec:',
      `  source: { github: { repository: ${github.repository}, token: "ssm:/github", api: "${github.url}" } }`,
      '',
    ].join('\n'),
  );
  const contents = Object.fromEntries(
    FILES.map((file) => [`config/${file}`, readFileSync(join(estate.directory, 'config', file), 'utf8')]),
  );
  github.git.setRef('refs/heads/main', github.git.commit(github.git.resolve('refs/heads/main'), contents));
  expect((await estate.apply()).outcome).toBe('applied');
  const project = await estate.load();
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  const aws = connect(project, { endpoint, role: 'caller' });
  const document = project.documents.find(({ kind }) => kind === 'ReconcileLoop') as ReconcileLoop;
  const held: HeldTree = {};
  return {
    ...estate,
    github,
    // In this process: the archive is served from a port that no document of the embedded account names.
    async run() {
      const parts = await openLoop(aws, loopDocument(document, project.estate), { clock: realClock, held });
      const always = { left: () => Number.POSITIVE_INFINITY, stop: new AbortController().signal };
      return runLoop({ ...parts, endpoint, run: 'test', ...always });
    },
  };
}

describe('a loop that reads a branch of GitHub', () => {
  it('takes the tip, asks under a condition the next time, and refuses history that was rewritten', async () => {
    const estate = await createOnGithub();
    const tip = estate.github.git.resolve('refs/heads/main')!;
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', commit: tip, documents: 2 });
    const before = estate.github.log.length;
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', commit: tip });
    // The environment is warm: one request, and nothing is downloaded.
    expect(estate.github.log.slice(before).map(({ status }) => status)).toEqual([304]);

    const { git } = estate.github;
    estate.github.moveBranch('main', git.commit(undefined, { 'config/settings.yaml': 'x' }));
    expect(await estate.run()).toMatchObject({ outcome: 'refused', refusal: { code: 'rolled-back' } });
    // What is refused is refused again, and not forgotten by the next request.
    estate.github.moveBranch('main', git.commit(tip, { 'config/big.yaml': 'x: '.padEnd(3_000_000, 'y') }));
    for (let time = 0; time < 2; time += 1) {
      expect(await estate.run()).toMatchObject({ outcome: 'refused', refusal: { code: 'invalid' } });
    }
    estate.github.moveBranch('main', git.commit(tip, { 'config/office.yaml': 'kind: Nonsense\n' }));
    expect(await estate.run()).toMatchObject({ outcome: 'refused', refusal: { code: 'invalid' } });
    estate.github.moveBranch('main', null);
    expect(await estate.run()).toMatchObject({ outcome: 'refused', refusal: { code: 'missing' } });
    estate.github.moveBranch('main', tip);
    expect(await estate.run()).toMatchObject({ outcome: 'in-line', commit: tip });
  });
});

describe('T66 a configuration of another account', () => {
  it('T66 signed by the right key, with another default account: refused, nothing is asked of the account', async () => {
    const estate = await createLoopEstate({ documents: { 'office.yaml': scheduleYaml(['every: rate(10 minutes)']) } });
    expect((await estate.apply()).outcome).toBe('applied');
    const name = await estate.functionName('Loop', 'main');
    estate.rewrite('settings.yaml', (yaml) => yaml.replace('defaultAccount: prod', 'defaultAccount: partner'));
    await estate.publish(2);
    const before = estate.account.events().length;

    const { answer } = await estate.account.invoke(
      name,
      { action: 'run', document: 'ReconcileLoop/main' },
      { region: REGION },
    );

    expect(answer).toMatchObject({ outcome: 'refused', refusal: { code: 'other-estate' } });
    const asked = estate.account
      .events()
      .slice(before)
      .map(({ eventName }) => eventName);
    expect(
      asked.filter(
        (one) => !['GetObject', 'Verify', 'PutObject', 'ListTags', 'CreateLogStream', 'PutLogEvents'].includes(one),
      ),
    ).toEqual([]);
  });
});
