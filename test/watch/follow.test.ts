import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { isConfigFile } from '../../src/engine/config/tree.ts';
import { followBranch } from '../../src/git/follow.ts';
import type { Followed } from '../../src/git/follow.ts';
import { settings } from '../config/tree.ts';
import { createRepository } from '../support/repository.ts';
import { createTrap, plainGit, PLANTS, writeProgram } from './hostile-clones.ts';
import type { Trap } from './hostile-clones.ts';

const MAIN = { remote: 'origin', branch: 'main' };

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Follows as a user whose home is the trap's. */
async function follow({ clone, env }: Pick<Trap, 'clone' | 'env'>, branch = MAIN): Promise<Followed> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const followed = await followBranch(clone.directory, branch, isConfigFile);
  onTestFinished(followed.close);
  return followed;
}

async function namesAt(followed: Followed, commit: string): Promise<readonly string[] | undefined> {
  return (await followed.directoryAt(commit, 'config'))?.files.map(({ name }) => name);
}

describe('T125 a hostile clone', () => {
  it('meets a simple-git that has the fixes of CVE-2026-28292 (3.32.3) and CVE-2026-6951 (3.36.0)', () => {
    const manifest = new URL('../../node_modules/simple-git/package.json', import.meta.url);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    expect(major > 3 || (major === 3 && minor >= 36)).toBe(true);
  });

  it.each(PLANTS)('runs nothing of $what', async (plant) => {
    const trap = await createTrap();
    plant.prepare(trap);
    try {
      const followed = await follow(trap);
      const commit = await followed.fetch();
      expect(plant.fails).toBeUndefined();
      expect(await namesAt(followed, commit)).toEqual(['office.yaml', 'settings.yaml']);
      const unheeded = plant.unheeded?.map((name) => name.replace('PROGRAM', trap.program)) ?? [];
      expect(followed.unheeded).toEqual(expect.arrayContaining(unheeded));
    } catch (error) {
      if (!plant.fails) throw error;
      expect((error as Error).message).toMatch(plant.fails.why);
    }
    expect(trap.sprung()).toBe(false);
    // The trap is one: git alone springs it.
    if (plant.proof) plainGit(trap, ...plant.proof);
    expect(trap.sprung()).toBe(plant.proof !== undefined);
  });

  it('runs nothing for a password that a server asks for', async () => {
    const trap = await createTrap();
    const tls = (file: string) => readFileSync(new URL(`../support/tls/${file}`, import.meta.url));
    let asked = 0;
    const server = createServer({ cert: tls('cert.pem'), key: tls('key.pem') }, (_, response) => {
      asked += 1;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    trap.clone.git('config', 'remote.origin.url', `https://127.0.0.1:${port}/estate.git`);
    trap.clone.git('config', 'http.sslVerify', 'false');
    trap.clone.git('config', 'credential.helper', trap.program);
    const followed = await follow(trap);
    expect(followed.unheeded).toEqual(['credential.helper', 'http.sslverify']);
    await expect(followed.fetch()).rejects.toThrow(/certificate/i);
    expect({ asked, sprung: trap.sprung() }).toEqual({ asked: 0, sprung: false });
    writeFileSync(join(trap.env['HOME']!, '.gitconfig'), '[http]\nsslVerify = false\n');
    await expect(followed.fetch()).rejects.toThrow(/could not read Username/);
    expect({ asked: asked > 0, sprung: trap.sprung() }).toEqual({ asked: true, sprung: false });
  });

  it.each([
    'GIT_SSH_COMMAND',
    'GIT_SSH',
    'GIT_ASKPASS',
    'SSH_ASKPASS',
    'GIT_PROXY_COMMAND',
    'GIT_EXTERNAL_DIFF',
    'GIT_EXEC_PATH',
  ])('runs nothing of %s in the environment', async (name) => {
    const trap = await createTrap();
    trap.clone.git('remote', 'set-url', 'origin', 'ssh://git@127.0.0.1:1/estate.git');
    const followed = await follow({ ...trap, env: { ...trap.env, [name]: trap.program } });
    await expect(followed.fetch()).rejects.toThrow(/Could not read from remote/);
    expect(trap.sprung()).toBe(false);
  });

  it.each(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_OBJECT_DIRECTORY', 'GIT_CONFIG_GLOBAL', 'GIT_TEMPLATE_DIR'])(
    'is not turned elsewhere by %s in the environment',
    async (name) => {
      const trap = await createTrap();
      const followed = await follow({ ...trap, env: { ...trap.env, [name]: '/nowhere' } });
      expect(await namesAt(followed, await followed.fetch())).toEqual(['office.yaml', 'settings.yaml']);
    },
  );

  it.each([
    ['--upload-pack=x', 'x y'],
    ['origin', 'a..b'],
    ['origin', 'main:refs/heads/x'],
    ['origin', '*'],
    ['origin', ''],
    ['ori\ngin', 'main'],
  ])('has no remote %j with a branch %j', async (remote, branch) => {
    const trap = await createTrap();
    await expect(follow(trap, { remote, branch })).rejects.toThrow('is no name of a');
  });

  it('has branches and remotes with the names of flags, which are names', async () => {
    const trap = await createTrap();
    const name = `--upload-pack=${trap.program.slice(1)}`;
    trap.clone.git('--git-dir', trap.remote, 'update-ref', `refs/heads/${name}`, 'refs/heads/main');
    const followed = await follow(trap, { remote: 'origin', branch: name });
    expect(await namesAt(followed, await followed.fetch())).toEqual(['office.yaml', 'settings.yaml']);
    await expect(follow(trap, { remote: name, branch: 'main' })).rejects.toThrow(`this clone has no remote ${name}`);
    expect(trap.sprung()).toBe(false);
  });
});

describe('a branch that is followed', () => {
  it.each<[string, (trap: Trap) => string]>([
    ['an absolute path', ({ remote }) => remote],
    ['a path relative to the clone', ({ remote, clone }) => join('..', relativeTo(clone.directory, remote))],
    ['file://', ({ remote }) => `file://${remote}`],
  ])('is fetched from %s', async (_, urlOf) => {
    const trap = await createTrap();
    trap.clone.git('config', 'remote.origin.url', urlOf(trap));
    const followed = await follow(trap);
    const commit = await followed.fetch();
    expect(commit).toBe(trap.clone.git('rev-parse', 'origin/main'));
    expect(followed.seen).toBe(commit);
    expect(await namesAt(followed, commit)).toEqual(['office.yaml', 'settings.yaml']);
  });

  it.each(['ssh://git@forge.example/estate.git', 'git@forge.example:estate.git'])(
    'is fetched by ssh, with the key that the user’s own configuration names: %s',
    async (url) => {
      const trap = await createTrap();
      trap.clone.git('config', 'remote.origin.url', url);
      const ssh = join(trap.env['HOME']!, 'ssh');
      writeProgram(ssh, `#!/bin/sh\necho "$*" >> "$HOME/asked"\nexec git-upload-pack '${trap.remote}'\n`);
      writeFileSync(join(trap.env['HOME']!, '.gitconfig'), `[core]\nsshCommand = ${ssh} -i deploy-key\n`);
      const followed = await follow(trap);
      expect(await namesAt(followed, await followed.fetch())).toEqual(['office.yaml', 'settings.yaml']);
      expect(followed.url).not.toContain('git@');
      expect(readFileSync(join(trap.env['HOME']!, 'asked'), 'utf8')).toContain('-i deploy-key');
    },
  );

  it.each([[[]], [['--object-format=sha256']]])('is read without a working tree: %j', async (flags) => {
    const origin = await createRepository(...flags);
    origin.write('config/settings.yaml', settings());
    origin.write('config/a/b.yml', 'x');
    origin.write('config/.hidden/x.yaml', 'x');
    origin.write('config/notes.txt', 'x');
    const first = origin.commit();
    const clone = await createRepository(...flags);
    clone.git('remote', 'add', 'origin', origin.directory);
    const followed = await follow({ clone, env: {} });
    expect(followed.seen).toBeUndefined();
    expect(await followed.fetch()).toBe(first);
    origin.write('config/settings.yaml', settings('  owner: another'));
    origin.git('rm', '--quiet', '--cached', 'config/a/b.yml');
    const target = origin.git('hash-object', '-w', 'config/notes.txt');
    origin.git('add', 'config/settings.yaml');
    origin.git('update-index', '--add', '--cacheinfo', `120000,${target},config/link.yaml`);
    origin.git('commit', '--quiet', '--message=x');
    const second = origin.git('rev-parse', 'HEAD');
    expect(await followed.fetch()).toBe(second);
    const read = async (commit: string) => {
      const directory = await followed.directoryAt(commit, 'config');
      const contents = await directory!.contents();
      return [directory!.irregular, contents.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])];
    };
    expect(await read(first)).toEqual([
      [],
      [
        ['a/b.yml', 'x'],
        ['settings.yaml', settings()],
      ],
    ]);
    expect(await read(second)).toEqual([['link.yaml'], [['settings.yaml', settings('  owner: another')]]]);
    const committedAt = new Date(1000 * Number(origin.git('log', '-1', '--format=%ct'))).toISOString();
    expect(await followed.lineage(second)).toEqual({ generation: 2, committedAt: committedAt.replace('.000Z', 'Z') });
    expect(await followed.directoryAt(second, 'nowhere')).toBeUndefined();
    expect(await followed.directoryAt(second, 'config/settings.yaml')).toBeUndefined();
    expect((await followed.directoryAt(second, ''))?.files.map(({ name }) => name)).toEqual(['config/settings.yaml']);
    // Nothing of it is in the clone.
    expect(clone.git('for-each-ref')).toBe('');
    expect(clone.git('count-objects')).toMatch(/^0 objects/);
  });

  it('knows what is past and what was rewritten', async () => {
    const trap = await createTrap();
    const { clone, remote } = trap;
    const followed = await follow(trap);
    const first = await followed.fetch();
    clone.write('x', '1');
    const second = clone.commit();
    clone.git('push', '--quiet', remote, 'HEAD:main');
    expect(await followed.fetch()).toBe(second);
    expect([await followed.isPast(first, second), await followed.isPast(second, second)]).toEqual([true, true]);
    expect(await followed.isPast(second, first)).toBe(false);
    clone.git('reset', '--quiet', '--hard', first);
    clone.write('x', '2');
    const other = clone.commit();
    clone.git('push', '--quiet', '--force', remote, 'HEAD:main');
    expect(await followed.fetch()).toBe(other);
    expect(await followed.isPast(second, other)).toBe(false);
    expect(await followed.isPast('f'.repeat(40), other)).toBe(false);
  });

  it('that is not there is an error in git’s words, without the login of the URL', async () => {
    const trap = await createTrap();
    await expect((await follow(trap, { remote: 'origin', branch: 'gone' })).fetch()).rejects.toThrow(
      "couldn't find remote ref refs/heads/gone",
    );
    trap.clone.git('config', 'remote.origin.url', 'https://jane:secret@127.0.0.1:1/estate.git');
    const followed = await follow(trap);
    const error: unknown = await followed.fetch().catch((cause: unknown) => cause);
    expect((error as Error).message).toMatch(/unable to access 'https:\/\/127\.0\.0\.1:1/);
    expect(followed.url).toBe('https://127.0.0.1:1/estate.git');
  });

  it('leaves nothing behind, also where it was stopped', async () => {
    const trap = await createTrap();
    const temporary = join(trap.env['HOME']!, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    expect(tmpdir()).toBe(temporary);
    const followed = await follow(trap);
    expect(readdirSync(temporary)).toHaveLength(1);
    await expect(followed.fetch(AbortSignal.abort())).rejects.toThrow(/abort/i);
    followed.close();
    expect(readdirSync(temporary)).toEqual([]);
  });
});

function relativeTo(directory: string, path: string): string {
  return path.slice(join(directory, '..').length);
}
