import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { settings } from '../config/tree.ts';
import { createRepository } from '../support/repository.ts';
import type { Repository } from '../support/repository.ts';
import { office } from './bench.ts';

/** A clone of somebody else, and what would show that it ran something. */
export interface Trap {
  readonly clone: Repository;
  /** A bare repository with a valid estate on `main`. */
  readonly remote: string;
  /** A program that writes down that it ran. */
  readonly program: string;
  /** Which programs ran. */
  sprung(): boolean;
  /** Of a user without a configuration of his own. */
  readonly env: NodeJS.ProcessEnv;
}

/** A valid estate, its bare remote, and a clone of it that nobody has touched yet. */
export async function createTrap(): Promise<Trap> {
  const origin = await createRepository();
  origin.write('config/settings.yaml', settings('  permissionsBoundary: trueup-boundary'));
  origin.write('config/office.yaml', office());
  origin.commit();
  const directory = mkdtempSync(join(tmpdir(), 'trueup-trap-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const remote = join(directory, 'remote.git');
  origin.git('clone', '--quiet', '--bare', origin.directory, remote);
  const clone = await createRepository();
  clone.git('remote', 'add', 'origin', remote);
  clone.git('fetch', '--quiet', 'origin');
  clone.git('reset', '--quiet', '--hard', 'origin/main');
  const canary = join(directory, 'canary');
  const program = join(directory, 'program');
  writeProgram(program, `#!/bin/sh\necho "$0 $*" >> '${canary}'\ncat > /dev/null 2>&1 < /dev/null\nexit 0\n`);
  const home = join(directory, 'home');
  mkdirSync(home);
  const { PATH } = process.env;
  return {
    clone,
    remote,
    program,
    sprung: () => existsSync(canary),
    env: { PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
  };
}

export function writeProgram(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/** What git does by itself in such a clone, for the proof that the trap is one. */
export function plainGit({ clone, env }: Trap, ...args: readonly string[]): void {
  spawnSync('git', args, { cwd: clone.directory, env: { ...env, GIT_TERMINAL_PROMPT: '0' }, timeout: 20_000 });
}

/** How a clone, or its remote, was prepared. */
export interface Plant {
  readonly what: string;
  prepare(trap: Trap): void;
  /** Springs the trap, by git alone; without it no command of git that is safe to run in a test does. */
  readonly proof?: readonly string[];
  /** Why the clone cannot be followed, or fetched without what it says itself, and how `watch` ends then. */
  readonly fails?: { readonly why: RegExp; readonly exit: 1 | 64 };
  /** Settings that a fetch would have heeded. */
  readonly unheeded?: readonly string[];
}

const HOOKS = ['post-checkout', 'post-merge', 'pre-auto-gc', 'post-index-change', 'reference-transaction'];

function attributes({ clone }: Trap): void {
  writeFileSync(join(clone.directory, '.git/info/attributes'), '* filter=trap diff=trap merge=trap\n');
}

export const PLANTS: readonly Plant[] = [
  {
    what: 'a monitor of files (core.fsmonitor)',
    prepare: ({ clone, program }) => clone.git('config', 'core.fsmonitor', program),
    proof: ['status'],
  },
  {
    what: 'hooks',
    prepare({ clone, program }) {
      for (const hook of HOOKS)
        writeProgram(join(clone.directory, '.git/hooks', hook), `#!/bin/sh\nexec '${program}'\n`);
    },
    proof: ['fetch', 'origin', '+main:refs/other'],
  },
  {
    what: 'a folder of hooks (core.hooksPath)',
    prepare({ clone, program }) {
      for (const hook of HOOKS) writeProgram(join(clone.directory, 'hooks', hook), `#!/bin/sh\nexec '${program}'\n`);
      clone.git('config', 'core.hooksPath', 'hooks');
    },
    proof: ['fetch', 'origin', '+main:refs/other'],
  },
  {
    what: 'filters of contents',
    prepare(trap) {
      attributes(trap);
      for (const way of ['clean', 'smudge', 'process']) trap.clone.git('config', `filter.trap.${way}`, trap.program);
      trap.clone.git('config', 'filter.trap.required', 'true');
    },
    proof: ['add', '--renormalize', '.'],
  },
  {
    what: 'programs that show differences (textconv, diff.external)',
    prepare(trap) {
      attributes(trap);
      trap.clone.git('config', 'diff.trap.textconv', trap.program);
      trap.clone.git('config', 'diff.external', trap.program);
    },
    proof: ['diff', '--ext-diff', '--textconv', '4b825dc642cb6eb9a060e54bf8d69288fbee4904', 'HEAD'],
  },
  {
    what: 'a program in the place of ssh (core.sshCommand)',
    prepare({ clone, program }) {
      clone.git('config', 'core.sshCommand', program);
      clone.git('remote', 'set-url', 'origin', 'ssh://git@127.0.0.1:1/estate.git');
    },
    proof: ['fetch', 'origin'],
    fails: { why: /Could not read from remote repository/, exit: 1 },
    unheeded: ['core.sshcommand'],
  },
  {
    what: 'a program on the other side (remote.*.uploadpack)',
    prepare: ({ clone, program }) => clone.git('config', 'remote.origin.uploadpack', program),
    proof: ['fetch', 'origin'],
    unheeded: ['remote.origin.uploadpack'],
  },
  {
    what: 'a transport that runs its URL (ext::)',
    prepare({ clone, program }) {
      clone.git('config', 'protocol.ext.allow', 'always');
      clone.git('config', 'protocol.allow', 'always');
      clone.git('config', 'remote.origin.url', `ext::${program} x`);
    },
    proof: ['fetch', 'origin'],
    fails: { why: /^origin cannot be followed: it is fetched by a program of its own \(ext::\)$/, exit: 64 },
  },
  {
    what: 'another URL in place of this one (url.*.insteadOf)',
    prepare({ clone, program, remote }) {
      clone.git('config', 'protocol.ext.allow', 'always');
      clone.git('config', `url.ext::${program} .insteadOf`, remote);
    },
    proof: ['fetch', 'origin'],
    unheeded: ['protocol.ext.allow', 'url.ext::PROGRAM .insteadof'],
  },
  {
    what: 'a transport of its own (remote.*.vcs)',
    prepare({ clone, program }) {
      clone.git('config', 'protocol.ext.allow', 'always');
      clone.git('config', 'remote.origin.vcs', 'ext');
      clone.git('config', 'remote.origin.url', `${program} x`);
    },
    proof: ['fetch', 'origin'],
    fails: { why: /program x/, exit: 1 },
  },
  {
    what: 'an included file, and settings of the working tree',
    prepare({ clone, program }) {
      const file = join(clone.directory, '.git/more');
      writeFileSync(file, `[core]\nsshCommand = ${program}\nfsmonitor = ${program}\n`);
      clone.git('config', 'include.path', 'more');
      clone.git('config', 'extensions.worktreeConfig', 'true');
      clone.git('config', '--worktree', 'remote.origin.uploadpack', program);
    },
    proof: ['fetch', 'origin'],
    unheeded: ['core.sshcommand', 'include.path', 'remote.origin.uploadpack'],
  },
  {
    what: 'a store of objects with refs of its own (alternates)',
    prepare({ clone, program, remote }) {
      writeFileSync(join(clone.directory, '.git/objects/info/alternates'), join(remote, 'objects'));
      clone.git('config', 'core.alternateRefsCommand', program);
    },
    proof: ['fetch', 'origin', '+main:refs/other'],
  },
  {
    what: 'a submodule that is fetched with it',
    prepare({ clone, program }) {
      clone.git('config', 'fetch.recurseSubmodules', 'true');
      clone.git('config', 'submodule.recurse', 'true');
      clone.git('config', 'submodule.x.url', `ext::${program} x`);
      clone.git('config', 'submodule.x.active', 'true');
      clone.git('config', 'protocol.ext.allow', 'always');
      clone.write('.gitmodules', `[submodule "x"]\npath = x\nurl = ext::${program} x\n`);
      clone.git('update-index', '--add', '--cacheinfo', `160000,${clone.git('rev-parse', 'HEAD')},x`);
    },
    proof: ['-c', 'protocol.ext.allow=always', 'submodule', 'update', '--init'],
  },
  {
    what: 'a remote that packs by a program of its own',
    prepare: ({ clone, remote, program }) =>
      clone.git('--git-dir', remote, 'config', 'uploadpack.packObjectsHook', program),
  },
  {
    what: 'programs that know a password (credential.helper, core.askPass), a proxy program (core.gitProxy)',
    prepare({ clone, program }) {
      clone.git('config', 'credential.helper', program);
      clone.git('config', 'core.askPass', program);
      clone.git('config', 'core.gitProxy', program);
      clone.git('config', 'remote.origin.url', 'git://127.0.0.1:1/estate.git');
    },
    proof: ['fetch', 'origin'],
    fails: {
      why: /^origin cannot be followed: it is fetched over git:\/\/, where nobody can tell who answers/,
      exit: 64,
    },
  },
  {
    what: 'branches that look like flags',
    prepare({ clone, program, remote }) {
      const head = clone.git('rev-parse', 'HEAD');
      for (const place of ['.git', remote])
        clone.git('--git-dir', place, 'update-ref', `refs/heads/--upload-pack=${program.slice(1)}`, head);
      clone.git('config', 'branch.main.remote', `--upload-pack=${program}`);
      clone.git('config', 'branch.main.merge', `--upload-pack=${program}`);
    },
  },
];
