import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../config/tree.ts';
import { golden } from '../support/golden.ts';
import { CLI } from '../support/cli-process.ts';
import type { Ended } from '../support/cli-process.ts';
import { createPublisher, loop } from '../support/publisher.ts';

/** A publisher whose account is a file, and the built command line in its repository. */
async function createDesk() {
  const file = join(await temporaryDirectory(), 'account.json');
  const publisher = await createPublisher(file);
  publisher.account.close();
  const { directory } = publisher.repository;
  return {
    ...publisher,
    directory,
    run: (...args: readonly string[]): Promise<Ended> =>
      new Promise((resolve) => {
        const options = { cwd: directory, env: { ...process.env, NO_COLOR: '1', CI: undefined, LC_ALL: 'C.UTF-8' } };
        const flags = ['--endpoint', `embedded:${file}`, ...args.slice(1)];
        execFile(process.execPath, [CLI, args[0]!, ...flags], options, (error, stdout, stderr) => {
          const exit = error ? Number(error.code) : 0;
          resolve({ exit, signal: error?.signal ?? null, stdout, stderr });
        });
      }),
  };
}

/** What differs from run to run of a text. */
function steady(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{12}\b/g, 'COMMIT')
    .replaceAll(/\b[0-9a-f]{8}\b/g, 'DIGEST')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME')
    .replaceAll(/, \d+(?:\.\d)? (?:s|min)\b/g, ', SOME s');
}

it('publishes, plans, approves, and says each time what comes next', async () => {
  const desk = await createDesk();
  const published = await desk.run('publish');
  const plan = await desk.run('plan', '--out', 'plan.json');
  const approved = await desk.run('approve', '--plan', 'plan.json');
  const again = await desk.run('publish', '--format', 'json');

  expect([published.exit, plan.exit, approved.exit, again.exit]).toEqual([0, 0, 0, 0]);
  const story = steady([published.stdout, approved.stdout].join('----\n'));
  expect(story).toBe(golden('publish/story.txt', story));
  expect(JSON.parse(again.stdout)).toMatchObject({ format: 'trueup/publish@1', bundles: [{ action: 'unchanged' }] });
  expect(published.stderr).toBe('');
});

it('refuses with a code, a reason and what to type', async () => {
  const desk = await createDesk();
  const early = await desk.run('approve', '--plan', 'plan.json');
  await desk.run('plan', '--out', 'plan.json');
  const unpublished = await desk.run('approve', '--plan', 'plan.json');
  desk.repository.write('config/loop.yaml', `${loop('main')}# not committed\n`);
  const dirty = await desk.run('publish', '--out', 'result.json', '--format', 'json');
  desk.repository.write('config/loop.yaml', 'kind: ReconcileLoop\n');
  const invalid = await desk.run('publish');
  const flag = await desk.run('approve');

  expect([early.exit, unpublished.exit, dirty.exit, invalid.exit, flag.exit]).toEqual([3, 3, 1, 65, 64]);
  expect(early.stderr).toContain('TU3001');
  expect(unpublished.stderr).toContain('TU3047');
  expect(unpublished.stderr).toContain('trueup publish --only ReconcileLoop/main');
  expect(JSON.parse(dirty.stdout)).toMatchObject({
    error: { code: 'TU3041', hint: expect.stringContaining('git status') },
  });
  expect(existsSync(join(desk.directory, 'result.json'))).toBe(false);
  expect(invalid.stdout).toContain('TU1');
  expect(flag.stderr).toContain('--plan');
});

it('writes the result to a file, too', async () => {
  const desk = await createDesk();

  expect((await desk.run('publish', '--out', 'result.json', '--quiet')).exit).toBe(0);
  expect(JSON.parse(readFileSync(join(desk.directory, 'result.json'), 'utf8'))).toMatchObject({
    bundles: [{ document: 'ReconcileLoop/main', action: 'published', generation: 1 }],
  });
});
