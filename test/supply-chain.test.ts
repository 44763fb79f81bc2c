import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { BANNED, FLOORS, lockfileFaults } from './support/lockfile-rules.ts';
import type { Lockfile } from './support/lockfile-rules.ts';
import { copyOfSources } from './support/source-copy.ts';
import { fieldsOf, readWorkflow, textOf } from './support/workflow-file.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('..', import.meta.url));

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-supply-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Manifest {
  readonly files: readonly string[];
  readonly repository: { readonly url: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const lock = JSON.parse(read('package-lock.json')) as Lockfile;
const manifest = JSON.parse(read('package.json')) as Manifest;
const YAML = lock.packages['node_modules/yaml']!;

describe('T130 the lock file', () => {
  it('has packages of one registry with their SHA-512, and nothing else', () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(lockfileFaults(lock)).toEqual([]);
    expect(read('.npmrc')).not.toMatch(/registry\s*=|ignore-scripts\s*=\s*false/);
  });

  const elsewhere = (resolved: string): readonly [string, object] => ['node_modules/yaml', { ...YAML, resolved }];
  it.each([
    ['git', ...elsewhere('git+ssh://git@github.com/eemeli/yaml.git#abc'), 'comes from git+ssh:'],
    ['http', ...elsewhere('http://registry.npmjs.org/yaml/-/yaml-2.9.1.tgz'), 'comes from http:'],
    ['a file', ...elsewhere('file:vendor/yaml.tgz'), 'comes from file:'],
    ['a second host', ...elsewhere('https://registry.npmjs.org.evil.test/yaml.tgz'), 'comes from https:'],
    ['a link', 'node_modules/yaml', { link: true, integrity: YAML.integrity, version: '2.9.1' }, 'is a folder'],
    ['a folder', 'vendor/yaml', YAML, 'is a folder'],
    ['no integrity', 'node_modules/yaml', { version: '2.9.1' }, 'has no SHA-512'],
    ['SHA-1', 'node_modules/yaml', { ...YAML, integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, 'has no SHA-512'],
  ])('with %s is refused', (_, path, entry, fault) => {
    const faults = lockfileFaults({ lockfileVersion: 3, packages: { '': {}, [path]: entry } });
    expect(faults).toEqual([expect.stringContaining(`${path} ${fault}`)]);
  });

  it('is of version 3', () => {
    expect(lockfileFaults({ lockfileVersion: 1, packages: {} })).toEqual(['lockfileVersion is 1, not 3']);
  });

  it('names the version of each dependency exactly', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    expect(loose).toEqual([]);
  });

  it('is installed by npm ci --ignore-scripts', () => {
    const directory = temporary();
    for (const part of ['scripts', 'package.json', 'package-lock.json']) {
      cpSync(join(root, part), join(directory, part), { recursive: true });
    }
    mkdirSync(join(directory, 'bin'));
    writeFileSync(join(directory, 'bin/npm'), '#!/bin/sh\nprintf "%s\\n" "$@" > arguments\nexit 7\n');
    chmodSync(join(directory, 'bin/npm'), 0o755);

    const { status } = spawnSync(process.execPath, [join(directory, 'scripts/setup.mjs')], {
      cwd: directory,
      env: { ...process.env, PATH: `${join(directory, 'bin')}${delimiter}${process.env['PATH']}` },
    });

    expect(status).toBe(7);
    const [command, ...flags] = readFileSync(join(directory, 'arguments'), 'utf8').split('\n');
    expect([command, flags.includes('--ignore-scripts')]).toEqual(['ci', true]);
  });

  it('has one package with an install script, which the tests do without', () => {
    const scripted = Object.entries(lock.packages).filter(([, entry]) => entry.hasInstallScript);
    expect(scripted.map(([path]) => path)).toEqual(['node_modules/esbuild']);
  });
});

describe('T131 packages with known holes', () => {
  it.each([
    ['ajv', '8.17.9'],
    ['ajv', '8.18.0-beta.1'],
    ['ajv', '7.99.0'],
    ['yaml', '2.8.2'],
    ['jsonata', '2.2.1'],
    ['simple-git', '3.32.3'],
    ['simple-git', '3.35.9'],
  ])('%s %s is refused, also below another package', (name, version) => {
    const path = `node_modules/other/node_modules/${name}`;
    const faults = lockfileFaults({ lockfileVersion: 3, packages: { [path]: { ...YAML, version } } });
    expect(faults).toEqual([`${path} is ${version}, older than ${FLOORS[name]}`]);
  });

  it.each(Object.entries(FLOORS))('%s %s is not, nor what is newer', (name, floor) => {
    const faults = [floor, '99.0.0'].flatMap((version) =>
      lockfileFaults({ lockfileVersion: 3, packages: { [`node_modules/${name}`]: { ...YAML, version } } }),
    );
    expect(faults).toEqual([]);
  });

  it.each(BANNED)('%s is not here', (name) => {
    const path = `node_modules/${name}`;
    expect(lockfileFaults({ lockfileVersion: 3, packages: { [path]: YAML } })).toEqual([`${path} is banned`]);
    expect(lock.packages).not.toHaveProperty([path]);
  });

  it('ajv takes no pattern from the data: $data is off wherever it is made', () => {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    );
    const made = files.flatMap((name) => [...read(join('src', name)).matchAll(/new Ajv\w*\(([^)]*)\)/g)]);
    expect(made.length).toBeGreaterThan(1);
    expect(made.filter(([text]) => /\$data(?!: false)/.test(text))).toEqual([]);
  });
});

/** What `trueup init` copies. */
const WORKFLOWS = ['plan', 'apply', 'drift'].map((name) => `.github/workflows/${name}.yml`);
const PACKED = [...WORKFLOWS, 'action.yml', 'bin', 'config', 'docs', 'examples', 'schemas', 'LICENSE', 'README.md'];
const BUILT_FROM = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

function pack(from: string): { readonly bytes: Buffer; readonly paths: readonly string[] } {
  const directory = temporary();
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: from, encoding: 'utf8' });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const [packed] = JSON.parse(stdout) as [{ readonly filename: string; readonly files: { readonly path: string }[] }];
  return { bytes: readFileSync(join(directory, packed.filename)), paths: packed.files.map(({ path }) => path) };
}

describe('T132 the package', () => {
  it('is the same bytes built and packed at another path, and none of either path is in it', () => {
    const elsewhere = copyOfSources([...PACKED, ...BUILT_FROM]);
    const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: elsewhere, encoding: 'utf8' });
    expect([built.status, built.status === 0 ? '' : built.stderr]).toEqual([0, '']);

    // A copy is no checkout, and builds without a commit: it is told which one it is a copy of.
    expect(existsSync(join(elsewhere, 'dist/commit'))).toBe(false);
    const commit = join(root, 'dist/commit');
    if (existsSync(commit)) cpSync(commit, join(elsewhere, 'dist/commit'));

    const [here, there] = [pack(root), pack(elsewhere)];

    expect(there.paths).toEqual(here.paths);
    expect(there.bytes.equals(here.bytes)).toBe(true);
    const scripts = here.paths.filter((path) => path.startsWith('dist/') && !path.endsWith('.zip'));
    const leaks = scripts.filter((path) => {
      const text = read(path);
      return [root, elsewhere, `${homedir()}/`, 'file:///'].some((part) => text.includes(part));
    });
    expect([scripts.length > 100, leaks]).toEqual([true, []]);
  }, 180_000);

  it('has these kinds of files in these folders, and no other', () => {
    const { paths } = pack(root);
    const kinds = paths.map((path) => path.replace(/^(dist\/types|[^/]+)\/.*?((?:\.d)?\.[a-z]+)$/, '$1/**$2'));
    // The commit that a checkout was built of; other sources have none.
    const withCommit = existsSync(join(root, '.git')) ? ['dist/commit'] : [];
    expect([...new Set(kinds)].sort()).toEqual([
      '.github/**.yml',
      'LICENSE',
      'README.md',
      'action.yml',
      'bin/**.mjs',
      'config/**.yaml',
      'dist/**.js',
      'dist/**.json',
      'dist/**.stamp',
      'dist/**.zip',
      ...withCommit,
      'dist/types/**.d.ts',
      'docs/**.md',
      'examples/**.json',
      'examples/**.md',
      'examples/**.mjs',
      'examples/**.sh',
      'examples/**.tsv',
      'examples/**.zone',
      'package.json',
      'schemas/**.json',
      'schemas/**.yaml',
    ]);
    expect(paths.filter((path) => path.startsWith('.github/'))).toEqual(WORKFLOWS.toSorted());
    expect(manifest.files).toEqual([
      ...WORKFLOWS,
      'action.yml',
      'bin',
      'dist',
      'schemas',
      'config',
      'examples',
      'docs',
    ]);
  });

  it('runs nothing when it is installed, packed or published', () => {
    const hooks = Object.keys(manifest.scripts).filter((name) =>
      /^(?:pre|post|install|prepare|prepack|publish)/.test(name),
    );
    expect(hooks).toEqual([]);
  });
});

describe('T132 the release', () => {
  const { triggers, jobs } = readWorkflow(read('.github/workflows/release.yml'));
  const job = (id: string) => jobs.find(({ where }) => where === `jobs.${id}`)!;
  const commandsOf = (id: string) => job(id).steps.flatMap(({ commands }) => commands);

  it('is started by a tag of a version only', () => {
    expect(triggers).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
    expect(commandsOf('test').join('\n')).toContain('test "$GITHUB_REF_NAME" = "v$(node -p');
  });

  it('is published with provenance, after the tests, from the environment, by npm alone', () => {
    const { fields, steps } = job('publish');
    expect([fields['needs'], fields['environment']]).toEqual([['test', 'pack'], 'release']);
    expect(fieldsOf(fields['permissions'])['id-token']).toBe('write');
    expect(steps.filter(({ uses }) => uses !== undefined)).toEqual([]);
    expect(commandsOf('publish').at(-1)).toMatch(
      /^npm publish "\S+\.tgz" --provenance --access public --ignore-scripts$/,
    );
    expect(manifest.repository.url).toBe('git+https://github.com/trueup-dev/trueup.git');
  });

  it('no other job can publish', () => {
    const others = jobs.filter(({ where }) => where !== 'jobs.publish');
    expect(others.map(({ where, permissions }) => [where, permissions])).toEqual([
      ['jobs.test', { contents: 'read' }],
      ['jobs.pack', { contents: 'read' }],
    ]);
  });

  it('publishes what was packed twice to the same bytes, and checks that it is that', () => {
    expect(commandsOf('pack')).toEqual(
      expect.arrayContaining(['npm ci --ignore-scripts --no-audit --no-fund', 'rm -rf dist']),
    );
    expect(commandsOf('pack').filter((command) => command.startsWith('cmp '))).toHaveLength(1);
    expect(textOf(fieldsOf(job('pack').fields['outputs']), 'sha256')).toContain('steps.pack.outputs.sha256');
    const [fetch] = job('publish').steps.filter(({ commands }) => commands.join().includes('sha256sum --check'));
    expect(textOf(fieldsOf(fetch?.fields['env']), 'SHA256')).toContain('needs.pack.outputs.sha256');
  });
});
