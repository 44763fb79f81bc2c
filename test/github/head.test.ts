import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { GithubError } from '../../src/github/errors.ts';
import { pullRequestTarget } from '../support/github/events.ts';
import type { Files } from '../support/github/git.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';
import { openWorkshop, snapshot } from './step.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const CONFIG: Files = { 'config/a.yaml': scheduleOf('a') };
const SECRET = 'c4n4ry-9f1d7e';

/** Everything that a build, a package manager, git or Node would run, read or believe; all of it makes the canary. */
function hostile(canary: string): Files {
  const script = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(canary)}, '${SECRET}');\n`;
  const touch = `#!/bin/sh\necho ${SECRET} > ${canary}\n`;
  const program = { mode: '100755', content: touch };
  const manifest = JSON.stringify({
    name: 'estate',
    type: 'module',
    scripts: Object.fromEntries(
      ['preinstall', 'install', 'postinstall', 'prepare', 'build', 'test'].map((name) => [name, `sh ./evil.sh`]),
    ),
    dependencies: { trueup: 'file:./evil' },
  });
  return {
    '.github/workflows/plan.yml': `on: pull_request\njobs: { plan: { steps: [{ run: "echo ${SECRET} > ${canary}" }] } }\n`,
    '.github/actions/trueup/action.yml': `runs: { using: composite, steps: [{ run: "sh evil.sh", shell: sh }] }\n`,
    'package.json': manifest,
    'package-lock.json': '{"lockfileVersion":3,"packages":{}}\n',
    '.npmrc': `ignore-scripts=false\nnode-options=--import=${join('.', 'evil.mjs')}\nregistry=http://127.0.0.1:9/\n`,
    '.env': `NODE_OPTIONS=--import=./evil.mjs\n`,
    'evil.sh': program,
    'evil.mjs': script,
    'bin/trueup.mjs': script,
    'scripts/setup.mjs': script,
    'node_modules/trueup/index.js': script,
    'node_modules/yaml/package.json': '{"name":"yaml","type":"module","main":"index.js"}\n',
    'node_modules/yaml/index.js': script,
    '.githooks/post-checkout': program,
    '.gitattributes': '*.yaml filter=evil diff=evil\n',
    '.gitmodules': `[submodule "x"]\n\tpath = config/x\n\turl = --upload-pack=./evil.sh\n`,
    '.trueup/embedded.json': `{"secret":"${SECRET}"}\n`,
    'config/.trueup/embedded.json': `{"secret":"${SECRET}"}\n`,
    'config/.hidden.yaml': `secret: ${SECRET}\n`,
    'config/node_modules/x/a.yaml': `secret: ${SECRET}\n`,
    'config/node_modules/x/index.js': script,
    'config/x.ts': script,
    'config/x.yaml.js': script,
    'config/package.json': manifest,
    'config/.npmrc': 'ignore-scripts=false\n',
    'elsewhere/b.yaml': scheduleOf('b'),
  };
}

function blobsAsked({ github }: { readonly github: Loop['github'] }): readonly string[] {
  return github.log.flatMap(({ path }) => /\/git\/blobs\/([0-9a-f]+)/.exec(path)?.[1] ?? []);
}

describe('T40 the head of a pull request is data', () => {
  it('has the digest and the comment of the same configuration without hostile files, and only YAML is asked for', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const clean = loop.github.openPull({ files: CONFIG });
    const dirty = loop.github.openPull({ files: { ...CONFIG, ...hostile('/nowhere/canary') } });
    const one = await loop.plan(clean.number);
    loop.github.log.length = 0;
    const other = await loop.plan(dirty.number);
    expect([one.exit, other.exit]).toEqual([0, 0]);
    expect(other.plan?.digest).toBe(one.plan?.digest);
    expect(other.plan?.actions).toEqual(one.plan?.actions);
    const id = loop.github.git.git(['rev-parse', `${dirty.pull.headSha}:config/a.yaml`]);
    expect(blobsAsked(loop)).toEqual([id]);
    const paths = loop.github.log.map(({ path }) => path);
    expect(paths.filter((path) => /contents|tarball|zipball|archive/.test(path))).toEqual([]);
    expect(JSON.stringify(other)).not.toContain(SECRET);
    expect(loop.comments(dirty.number).join('')).not.toContain(SECRET);
    // Another commit and another run stand in it; nothing else.
    const text = (number: number): string =>
      loop
        .comments(number)
        .join('')
        .replaceAll(/[0-9a-f]{40}|\b[0-9a-f]{7,12}\b|runs\/\d+/g, '·');
    expect(text(dirty.number)).toBe(text(clean.number));
  });

  it('as a process: nothing is written, nothing of it runs, and the canary stays away', async () => {
    const { github, checkout, temp, step } = await openWorkshop();
    const canary = join(temp, 'canary');
    const { number, pull } = github.openPull({ files: { ...CONFIG, ...hostile(canary) } });
    // The control: whoever does run it makes the canary.
    const trap = join(temp, 'trap');
    execFileSync('git', ['clone', '--quiet', github.git.directory, trap], { stdio: 'pipe' });
    execFileSync('git', ['-C', trap, 'checkout', '--quiet', pull.headSha], { stdio: 'pipe' });
    execFileSync(process.execPath, [join(trap, 'bin/trueup.mjs')]);
    expect(readFileSync(canary, 'utf8')).toBe(SECRET);
    execFileSync('rm', [canary]);

    const before = snapshot(checkout);
    const out = join(temp, 'plan.json');
    const args = ['plan', '--head', '--comment', '--out', out];
    const { exit, stdout, stderr, summary } = await step(pullRequestTarget(github, number, 'opened'), args);
    expect([exit, stderr]).toEqual([0, expect.not.stringContaining('GitHub:')]);
    expect(existsSync(canary)).toBe(false);
    expect(snapshot(checkout)).toEqual(before);
    const comment = github.pull(number).comments.map(({ body }) => body);
    expect(comment).toHaveLength(1);
    const said = [stdout, stderr, summary, readFileSync(out, 'utf8'), ...comment];
    for (const text of said) expect(text).not.toContain(SECRET);
    expect(JSON.parse(said[3] ?? '')).toMatchObject({ complete: true, github: { pull: number, head: pull.headSha } });
  }, 90_000);

  it.each([
    ['that leaves the repository', '../../../../etc/passwd'],
    ['to another file of it', 'a.yaml'],
  ])('a link %s in place of YAML is refused, unread', async (_, target) => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({
      files: { ...CONFIG, 'config/link.yaml': { mode: '120000', content: target } },
    });
    const { exit, result } = await loop.plan(number);
    expect(exit).toBe(65);
    expect(result.errors).toMatchObject([{ code: 'TU1010', message: expect.stringContaining('link.yaml is a link') }]);
    expect(blobsAsked(loop)).toEqual([]);
    expect(loop.comments(number)[0]).toContain('TU1010');
    expect(loop.account.events()).toEqual([]);
  });

  it('a blob that is not what its id says is refused', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: CONFIG });
    const { git } = loop.github;
    const real = git.bytes;
    git.bytes = (args) => {
      const bytes = real(args);
      return args[0] === 'cat-file' ? Buffer.from(bytes.toString().replace('256', '512')) : bytes;
    };
    const refusal = await loop.plan(number).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(GithubError);
    expect((refusal as Error).message).toMatch(/the blob [0-9a-f]{40} is not what its name says/);
    expect(loop.account.events()).toEqual([]);
    git.bytes = real;
    expect((await loop.plan(number)).exit).toBe(0);
  });

  it('what the head takes away from the directory on disk is gone from the plan', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS, ...CONFIG, 'config/b.yaml': scheduleOf('b') });
    const { number } = loop.github.openPull({ files: { 'config/b.yaml': null } });
    const { plan, result } = await loop.plan(number, { flags: { offline: true } });
    expect(result.ok).toBe(true);
    expect(plan?.actions.every(({ action, document }) => action === 'delete' && document.endsWith('/b'))).toBe(true);
    expect(plan?.actions.length).toBeGreaterThan(0);
  });

  it('a tree that is cut short is refused, not planned as if files were gone', async () => {
    const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
    const { number } = loop.github.openPull({ files: CONFIG });
    loop.github.state.settings.treeLimit = 1;
    await expect(loop.plan(number)).rejects.toThrow(/too many files for one list/);
    expect(loop.account.events()).toEqual([]);
  });
});
