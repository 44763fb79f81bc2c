import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { packTar } from '../../src/bundle/tar-write.ts';
import { createGithub } from '../../src/github/client.ts';
import { readTarball } from '../../src/github/tarball.ts';
import type { KnownTarball, Tarball } from '../../src/github/tarball.ts';
import { settings } from '../config/tree.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github, GithubOptions } from '../support/github/index.ts';

const FILES = { 'config/settings.yaml': settings(), 'config/dns/corp.yml': 'x', 'README.md': 'x' };
const TARBALLS = /^\/tarballs\//;
const NOW = Date.parse('2026-11-24T08:00:00Z');

interface Source {
  readonly github: Github;
  /** Milliseconds that were waited. */
  waited(): number;
  read(known?: KnownTarball, branch?: string, path?: string): Promise<Tarball>;
}

async function openSource(options: GithubOptions = {}): Promise<Source> {
  const github = await openGithub({ files: FILES, private: true, ...options });
  onTestFinished(github.close);
  let waited = 0;
  const clock = {
    now: () => NOW + waited,
    async sleep(milliseconds: number) {
      waited += milliseconds;
      await setImmediate();
    },
  };
  const { url: api, token, repository } = github;
  const client = createGithub({ api, token, repository }, clock);
  return {
    github,
    waited: () => waited,
    read: (known, branch = 'main', path = 'config') => readTarball(client, { api, branch, path }, known),
  };
}

function told(read: Tarball) {
  if (read.state === 'unchanged') return read.state;
  const { files, refusals } = read.tree;
  return {
    files: Object.fromEntries(files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])),
    refusals: refusals.map(({ code, name }) => [code, name]),
  };
}

/** Serves this in the place of the tip’s tarball. */
function serve({ github }: Source, bytes: Uint8Array): void {
  github.state.tarballs.set(github.git.resolve('refs/heads/main')!, bytes);
}

/** An archive whose first entry has another name. */
function renamed(tar: Uint8Array, name: string): Buffer {
  const copy = Buffer.from(tar);
  copy.fill(0, 0, 100).write(name, 0);
  copy.write('        ', 148);
  const sum = copy.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return copy;
}

describe('a configuration from GitHub’s tarball', () => {
  it('is that of the ref’s commit, by the rules of files on disk', async () => {
    const source = await openSource({
      files: { ...FILES, 'config/.hidden.yaml': 'x', 'config/node_modules/x.yaml': 'x', 'config/notes.md': 'x' },
    });
    const read = await source.read();
    expect(read).toMatchObject({ state: 'new', commit: source.github.git.resolve('refs/heads/main') });
    expect(told(read)).toEqual({ files: { 'dns/corp.yml': 'x', 'settings.yaml': settings() }, refusals: [] });
    expect(told(await source.read(undefined, 'main', ''))).toMatchObject({
      files: { 'config/settings.yaml': settings() },
    });
  });

  it('is that of the branch, where a tag or a commit has its name too', async () => {
    const source = await openSource();
    const { git } = source.github;
    const tip = git.resolve('refs/heads/main')!;
    git.setRef('refs/tags/main', git.commit(undefined, { 'config/settings.yaml': 'x' }));
    expect(await source.read()).toMatchObject({ state: 'new', commit: tip });
    await expect(source.read(undefined, tip)).rejects.toMatchObject({ status: 404 });
  });

  it('heeds names of its directory alone: others need not be such as every system can have', async () => {
    const source = await openSource({ files: { ...FILES, 'tests/C:\\odd.txt': 'x' } });
    expect(told(await source.read())).toMatchObject({ files: { 'dns/corp.yml': 'x' }, refusals: [] });
    source.github.push({ 'config/C:\\odd.yaml': 'x' });
    await expect(source.read()).rejects.toMatchObject({ code: 'hostile-entry' });
  });

  it('is asked for under a condition: one request while nothing moves', async () => {
    const source = await openSource();
    const { commit, etag } = await source.read();
    source.github.log.length = 0;
    expect(await source.read({ held: { commit, etag }, after: commit })).toEqual({ state: 'unchanged', commit, etag });
    expect(source.github.log.map(({ status, path }) => [status, path])).toEqual([
      [304, '/repos/acme/estate/commits/heads%2Fmain'],
    ]);
    // Whoever does not have its tree any more gets it.
    expect(await source.read({ after: commit })).toMatchObject({ state: 'new', commit });
    // Also where the tag is lost.
    expect(await source.read({ held: { commit } })).toMatchObject({ state: 'unchanged', commit });
  });

  it('takes a commit that follows the last one, and sends the token to nobody but the API', async () => {
    const source = await openSource();
    const known = await source.read();
    source.github.push({ 'config/dns/corp.yml': 'y' });
    source.github.log.length = 0;
    expect(told(await source.read({ held: known, after: known.commit }))).toMatchObject({
      files: { 'dns/corp.yml': 'y' },
    });
    expect(source.github.log.map(({ host, authorised }) => [host, authorised])).toEqual([
      ['api', true],
      ['api', true],
      ['api', true],
      ['storage', false],
    ]);
  });

  it.each<[string, (github: Github, first: string) => void]>([
    ['goes back', ({ git }, first) => git.setRef('refs/heads/main', first)],
    [
      'was rewritten',
      ({ git }, first) => git.setRef('refs/heads/main', git.commit(first, { 'config/dns/corp.yml': 'z' })),
    ],
    [
      'has another past',
      ({ git }) => git.setRef('refs/heads/main', git.commit(undefined, { 'config/settings.yaml': settings() })),
    ],
  ])('T72 refuses a branch that %s, and fetches nothing of it', async (_, rewrite) => {
    const source = await openSource();
    const first = await source.read();
    source.github.push({ 'config/dns/corp.yml': 'y' });
    const { commit: after } = await source.read({ after: first.commit });
    rewrite(source.github, first.commit);
    source.github.log.length = 0;
    await expect(source.read({ after })).rejects.toMatchObject({ name: 'BundleError', code: 'rolled-back' });
    expect(source.github.log.filter(({ path }) => path.includes('tarball'))).toEqual([]);
  });

  it('T72 refuses a commit that follows one which is not there any more', async () => {
    const source = await openSource();
    await expect(source.read({ after: 'f'.repeat(40) })).rejects.toMatchObject({ code: 'rolled-back' });
  });

  it('refuses links in the place of its files, and says a directory that is not there', async () => {
    const source = await openSource({
      files: {
        ...FILES,
        'config/link.yaml': { mode: '120000', content: '../secret' },
        'link.yaml': { mode: '120000', content: 'x' },
      },
    });
    expect(told(await source.read())).toEqual({ files: {}, refusals: [['TU1010', 'link.yaml']] });
    expect(told(await source.read(undefined, 'main', 'nowhere'))).toEqual({
      files: {},
      refusals: [['TU1024', undefined]],
    });
    expect(told(await source.read(undefined, 'main', 'conf'))).toEqual({
      files: {},
      refusals: [['TU1024', undefined]],
    });
  });

  it('holds the limits of files on disk', async () => {
    const source = await openSource({ files: { ...FILES, 'config/big.yaml': Buffer.alloc(1024 * 1024 + 1, '#') } });
    expect(told(await source.read())).toEqual({ files: {}, refusals: [['TU1011', 'big.yaml']] });
  });

  it.each<[string, string, () => Uint8Array]>([
    [
      'an entry that leads out',
      'hostile-entry',
      () => gzipSync(renamed(packTar([{ name: 'acme/x.yaml', bytes: Buffer.from('x') }]), '../x.yaml')),
    ],
    [
      'an absolute name',
      'hostile-entry',
      () => gzipSync(renamed(packTar([{ name: 'acme/x.yaml', bytes: Buffer.from('x') }]), '/etc/x.yaml')),
    ],
    ['a bomb', 'too-large', () => gzipSync(Buffer.alloc(300 * 1024 * 1024))],
    [
      'something cut off',
      'malformed',
      () => gzipSync(packTar([{ name: 'a/x.yaml', bytes: Buffer.from('x') }])).subarray(0, 60),
    ],
    ['no archive at all', 'malformed', () => Buffer.from('<html>')],
    [
      'two folders',
      'malformed',
      () => gzipSync(packTar(['a/x', 'b/x'].map((name) => ({ name, bytes: Buffer.from('x') })))),
    ],
  ])('T72 refuses %s: %s', async (_, code, bytesOf) => {
    const source = await openSource();
    serve(source, bytesOf());
    await expect(source.read()).rejects.toMatchObject({ name: 'BundleError', code });
  });

  it('refuses the tarball of another commit', async () => {
    const source = await openSource();
    const other = source.github.git.commit(undefined, { 'config/settings.yaml': 'x' });
    serve(source, source.github.git.bytes(['archive', '--format=tar.gz', '--prefix=a/', other]));
    await expect(source.read()).rejects.toThrow(`says that it is of ${other}`);
  });

  it('is not fetched where it is larger than what is taken', async () => {
    const source = await openSource();
    serve(source, Buffer.alloc(48 * 1024 * 1024 + 1));
    await expect(source.read()).rejects.toThrow('the archive has more than 50,331,648 octets');
  });
});

describe('GitHub’s faults on the way to a tarball', () => {
  it.each<[string, GithubOptions['faults']]>([
    ['no answer', [{ path: /commits\/heads%2Fmain/, fault: 'drop', times: 2 }]],
    ['502', [{ path: /\/tarball\//, fault: 'status:502', times: 2 }]],
    ['a limit', [{ path: /commits\/heads%2Fmain/, fault: 'rate-limit', retryAfter: 30 }]],
    ['a secondary limit', [{ path: /\/tarball\//, fault: 'secondary', retryAfter: 30 }]],
    ['a cut tarball', [{ path: TARBALLS, fault: 'cut', times: 2 }]],
    ['503 of the archives', [{ path: TARBALLS, fault: 'status:503', times: 2 }]],
  ])('%s is waited for', async (_, faults = []) => {
    const source = await openSource();
    source.github.setTime(NOW);
    source.github.faults.push(...faults);
    expect(told(await source.read())).toMatchObject({ files: { 'dns/corp.yml': 'x' } });
    expect(source.waited()).toBeGreaterThan(0);
  });

  it.each<[string, NonNullable<GithubOptions['faults']>, RegExp]>([
    ['404', [{ path: /commits\/heads%2Fmain/, fault: 'status:404' }], /404/],
    ['a tarball that is cut each time', [{ path: TARBALLS, fault: 'cut', times: 9 }], /the archive cannot be fetched/],
    ['403 of the archives', [{ path: TARBALLS, fault: 'status:403' }], /the archive cannot be fetched: 403/],
    ['nobody', [{ path: /commits/, fault: 'down' }], /it was sent 5 times/],
    [
      'a limit that lasts',
      [{ path: /commits/, fault: 'rate-limit', retryAfter: 3_000 }],
      /more than 120 s is not waited for/,
    ],
  ])('%s ends it', async (_, faults, message) => {
    const source = await openSource();
    source.github.setTime(NOW);
    source.github.faults.push(...faults);
    await expect(source.read()).rejects.toThrow(message);
  });

  it('goes to no place that is not GitHub’s', async () => {
    const source = await openSource();
    source.github.world.storageUrl = 'http://archives.example';
    await expect(source.read()).rejects.toThrow("leads to archives.example, which is not a place of GitHub's");
  });

  it.each([
    ['https://api.github.com', 'https://codeload.github.com/acme/estate/legacy.tar.gz/x', true],
    ['https://api.github.com', 'https://api.github.com/x', true],
    ['https://api.github.com', 'https://codeload.github.com.example/x', false],
    ['https://api.github.com', 'https://127.0.0.1/x', false],
    ['https://github.acme.example/api/v3', 'https://github.acme.example/_codeload/x', true],
    ['https://github.acme.example/api/v3', 'https://codeload.github.acme.example/x', true],
    ['https://github.acme.example/api/v3', 'https://codeload.github.com/x', false],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:9090/x', true],
    ['http://127.0.0.1:8080', 'https://codeload.github.com/x', false],
  ])('from %s it goes to %s: %j', async (api, place, isGone) => {
    const { commit } = await (await openSource()).read();
    const asked: boolean[] = [];
    const github = {
      commit: () => Promise.resolve({ commit, etag: undefined }),
      download(_path: string, _most: number, isAdmitted: (url: URL) => boolean) {
        asked.push(isAdmitted(new URL(place)));
        return Promise.reject(new Error('enough'));
      },
    };
    await expect(readTarball(github as never, { api, branch: 'main', path: '' })).rejects.toThrow('enough');
    expect(asked).toEqual([isGone]);
  });
});
