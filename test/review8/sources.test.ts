import { expect, it, onTestFinished, vi } from 'vitest';
import { createGithub } from '../../src/github/client.ts';
import { githubSource } from '../../src/operations/loop/github-source.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { settings } from '../config/tree.ts';
import { openGithub } from '../support/github/index.ts';
import { createLoopEstate } from '../support/loop-estate.ts';
import { createWatchBench, office } from '../watch/bench.ts';

vi.setConfig({ testTimeout: 120_000 });

it('R9 a commit that is refused is refused once: the next warm run goes by the one before, as if nothing were wrong', async () => {
  const github = await openGithub({ files: { 'config/settings.yaml': settings() }, private: true });
  onTestFinished(github.close);
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const { url: api, token, repository } = github;
  const client = createGithub({ api, token, repository }, clock);
  const held = {};
  const source = () =>
    githubSource({ github: client, place: { api, ref: 'main', path: 'config' }, repository, owner: 'acme-network', held });
  const a = await source().read({});
  // A file larger than a configuration may be: the commit is not taken.
  github.push({ 'config/big.yaml': 'x: '.padEnd(3_000_000, 'y') });
  await expect(source().read({ commit: a.commit })).rejects.toThrow();
  const b = await source().read({ commit: a.commit }).then((f) => f.commit, (error: Error) => error.message);
  console.log('R9 A', a.commit, 'second read at B', b);
  expect(b).not.toBe(a.commit);
});

it('R10 watch: an approval of a tree that went and came back is taken again', async () => {
  const bench = await createWatchBench(await createLoopEstate({ mode: 'apply', documents: { 'office.yaml': office() } }));
  bench.push();
  expect((await bench.apply(await bench.plan())).outcome).toBe('applied');
  await bench.publish(1);
  let old: Uint8Array | undefined;
  const key = 'estate.tar.gz.approval.json';
  const runs = await bench.watch(
    { mode: 'apply', document: 'ReconcileLoop/main', state: memoryCell() },
    async () => {
      // Commit 2: 20 minutes, approved and applied.
      bench.write('office.yaml', office(20));
      bench.push();
      await bench.publish(2);
      await bench.approve([await bench.plan()]);
      old = await bench.object(key);
    },
    async () => {
      // Commit 3 takes it back, approved and applied.
      bench.write('office.yaml', office(10));
      bench.push();
      await bench.publish(3);
      await bench.approve([await bench.plan()]);
    },
    async () => {
      // Commit 4 is 20 again. Nobody has approved it. Somebody with PutObject puts the old approval back.
      bench.write('office.yaml', office(20));
      bench.push();
      await bench.publish(4);
      await bench.put(key, old!);
    },
  );
  console.log('R10', runs.map(({ answer, error }) => answer?.outcome ?? error), await bench.pace());
  expect(await bench.pace()).toBe('rate(10 minutes)');
});
