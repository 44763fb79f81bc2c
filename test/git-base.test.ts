import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sizeRefusals } from '../src/engine/config/tree.ts';
import { loadConfig } from '../src/operations/project.ts';
import type { LoadedProject } from '../src/operations/project.ts';
import { mirror, NOW, settings } from './config/tree.ts';
import { createRepository } from './support/repository.ts';
import type { Repository } from './support/repository.ts';

const MIB = 1024 * 1024;

/** Settings that can be told apart by a tag. */
function generation(number: number): string {
  return settings('  permissionsBoundary: trueup-boundary', `  tags: { generation: "${number}" }`);
}

function zone(name: string): string {
  return mirror(`metadata: { name: ${name} }`, `  domain: ${name}.example.com`);
}

async function twoCommits(...flags: readonly string[]): Promise<Repository & { first: string; second: string }> {
  const repository = await createRepository(...flags);
  repository.write('config/settings.yaml', generation(1));
  const first = repository.commit();
  repository.write('config/settings.yaml', generation(2));
  const second = repository.commit();
  return { ...repository, first, second };
}

/** What was loaded: of today and of the base, the generation; of the base also the commit and the documents. */
function told({ project, result }: LoadedProject) {
  expect(result.errors).toEqual([]);
  const { base } = project!;
  return {
    today: project!.settings.tags['generation'],
    dirty: project!.config.dirty,
    base: base && {
      commit: base.commit,
      generation: base.settings.tags['generation'],
      documents: base.documents.map(({ name }) => name),
      explicit: base.explicit,
    },
    fault: project!.baseFault,
  };
}

function based(commit: string, number: number, documents: readonly string[] = [], explicit = false) {
  return { commit, generation: String(number), documents, explicit };
}

describe('the base that nobody names', () => {
  it('is the first parent of a clean HEAD', async () => {
    const repository = await twoCommits();
    expect(told(await repository.load())).toEqual({
      today: '2',
      dirty: false,
      base: based(repository.first, 1),
      fault: undefined,
    });
  });

  it('is HEAD where the configuration is not as HEAD holds it', async () => {
    const repository = await twoCommits();
    repository.write('config/settings.yaml', generation(3));
    expect(told(await repository.load())).toMatchObject({
      today: '3',
      dirty: true,
      base: based(repository.second, 2),
    });
  });

  it.each<[string, (repository: Repository) => void]>([
    ['a new file', ({ write }) => write('config/corp.yaml', mirror())],
    [
      'a new file that git ignores',
      ({ write }) => {
        write('.gitignore', '*.yaml');
        write('config/corp.yaml', mirror());
      },
    ],
    ['a file that is gone', ({ directory }) => rmSync(join(directory, 'config/gone.yaml'))],
    [
      'a file of another name',
      ({ directory }) => renameSync(join(directory, 'config/gone.yaml'), join(directory, 'config/come.yaml')),
    ],
  ])('is HEAD beside %s', async (_, change) => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1));
    repository.commit();
    repository.write('config/gone.yaml', zone('gone'));
    const head = repository.commit();
    change(repository);
    expect(told(await repository.load())).toMatchObject({ dirty: true, base: based(head, 1, ['gone']) });
  });

  it.each<[string, (repository: Repository) => void]>([
    ['a file that is no configuration', ({ write }) => write('config/README.md', 'x')],
    ['a change outside of the directory', ({ write }) => write('other/settings.yaml', 'x')],
    ['a dot name', ({ write }) => write('config/.cache/x.yaml', 'x')],
  ])('is the first parent beside %s', async (_, change) => {
    const repository = await twoCommits();
    change(repository);
    expect(told(await repository.load())).toMatchObject({ dirty: false, base: based(repository.first, 1) });
  });

  it('is the first parent of a merge', async () => {
    const repository = await twoCommits();
    repository.git('checkout', '--quiet', '-b', 'side', repository.first);
    repository.write('config/corp.yaml', mirror());
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message=x', 'side');
    expect(repository.git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(3);
    expect(told(await repository.load())).toMatchObject({ today: '2', base: based(repository.second, 2) });
  });

  it.each<[string, () => Promise<Repository>]>([
    [
      'at the first commit',
      async () => {
        const repository = await createRepository();
        repository.write('config/settings.yaml', generation(1));
        repository.commit();
        return repository;
      },
    ],
    [
      'before the first commit',
      async () => {
        const repository = await createRepository();
        repository.write('config/settings.yaml', generation(1));
        return repository;
      },
    ],
    [
      'outside of a repository',
      async () => {
        const repository = await createRepository();
        rmSync(join(repository.directory, '.git'), { recursive: true });
        repository.write('config/settings.yaml', generation(1));
        return repository;
      },
    ],
    [
      'in a clone of one commit',
      async () => {
        const origin = await twoCommits();
        const clone = await createRepository();
        clone.git('fetch', '--quiet', '--depth=1', `file://${origin.directory}`, 'main');
        clone.git('checkout', '--quiet', 'FETCH_HEAD');
        return clone;
      },
    ],
    [
      'where nothing was configured before',
      async () => {
        const repository = await createRepository();
        repository.write('README.md', 'no Settings yet');
        repository.commit();
        repository.write('config/settings.yaml', generation(1));
        repository.commit();
        return repository;
      },
    ],
  ])('is none %s', async (_, create) => {
    const repository = await create();
    expect(told(await repository.load())).toMatchObject({ base: undefined, fault: undefined });
  });

  it('T13 is none where the directory had another name, and that is said', async () => {
    const repository = await createRepository();
    repository.write('old/settings.yaml', generation(1));
    const first = repository.commit();
    repository.git('mv', 'old', 'config');
    repository.commit();
    const { base, fault } = told(await repository.load());
    expect(base).toBeUndefined();
    expect(fault).toBe(`${first.slice(0, 12)} has its configuration in another folder.`);
  });

  it('is none where it is not valid, and the first fault is said', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1).replace('owner:', 'ownr:'));
    const first = repository.commit();
    repository.write('config/settings.yaml', generation(2));
    repository.commit();
    const { base, fault } = told(await repository.load());
    expect(base).toBeUndefined();
    expect(fault).toBe(
      `The configuration at ${first.slice(0, 12)} is not valid for this version of trueup ` +
        `(TU1005 ${first.slice(0, 12)}:config/settings.yaml:4: spec.owner is missing).`,
    );
  });

  it('is read although a pause of it has ended since', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1));
    repository.write('config/corp.yaml', mirror('metadata: { name: corp, pause: { until: "2026-11-01", reason: x } }'));
    const first = repository.commit();
    repository.write('config/corp.yaml', mirror());
    repository.commit();
    expect(told(await repository.load()).base).toEqual(based(first, 1, ['corp']));
  });
});

describe('the base that is named', () => {
  it.each(['HEAD~1', 'v1', 'FIRST', 'v1^{}', 'refs/heads/--upload-pack=x'])('is %s', async (name) => {
    const repository = await twoCommits();
    repository.git('tag', '--annotate', '--message=x', 'v1', repository.first);
    repository.git('update-ref', 'refs/heads/--upload-pack=x', repository.first);
    repository.write('config/settings.yaml', generation(3));
    const base = name === 'FIRST' ? repository.first : name;
    expect(told(await repository.load({ base }))).toMatchObject({ base: based(repository.first, 1, [], true) });
  });

  it.each([
    ['--upload-pack=x', 'begins with -: no revision does'],
    ['-h', 'begins with -: no revision does'],
    ['nowhere', 'is no commit of this repository'],
    ['HEAD:config', 'is no commit of this repository'],
    ['', 'is no revision'],
    ['HEAD\0', 'is no revision'],
    ['HEAD\n--all', 'is no revision'],
  ])('is refused when it is %j', async (base, why) => {
    const repository = await twoCommits();
    repository.git('update-ref', 'refs/heads/--upload-pack=x', repository.first);
    await expect(repository.load({ base })).rejects.toMatchObject({
      name: 'RevisionError',
      message: `--base ${base} ${why}`,
    });
  });

  it('is refused outside of a repository', async () => {
    const repository = await twoCommits();
    rmSync(join(repository.directory, '.git'), { recursive: true });
    await expect(repository.load({ base: 'HEAD' })).rejects.toThrow('--base HEAD needs a git repository');
  });

  it('is none without such a directory, and that is said', async () => {
    const repository = await createRepository();
    repository.write('other/x.txt', 'x');
    repository.commit();
    repository.write('config/settings.yaml', generation(1));
    repository.commit();
    expect(told(await repository.load({ base: 'HEAD~1' }))).toMatchObject({
      base: undefined,
      fault: 'HEAD~1 has no such configuration directory.',
    });
  });

  it('is an error with the places of all faults when it is not valid', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1));
    repository.write('config/a.yaml', 'kind: [');
    repository.write('config/b.yaml', mirror('kind: ZoneMirorr'));
    repository.commit();
    repository.git('rm', '--quiet', 'config/a.yaml', 'config/b.yaml');
    const { project, result } = await repository.load({ base: 'HEAD' });
    expect(project).toBeUndefined();
    expect(result.errors.map(({ code, file, line }) => [code, file, line])).toEqual([
      ['TU1001', 'HEAD:config/a.yaml', 1],
      ['TU1006', 'HEAD:config/b.yaml', 2],
    ]);
  });

  it('needs Settings in its directory', async () => {
    const repository = await createRepository();
    repository.write('config/corp.yaml', mirror());
    repository.commit();
    repository.write('config/settings.yaml', generation(1));
    const { result } = await repository.load({ base: 'HEAD' });
    expect(result.errors).toMatchObject([
      { code: 'TU1018', file: null, message: 'there is no Settings document below HEAD:config' },
    ]);
  });

  it('holds the limits of files on disk', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1));
    repository.write('config/big.yaml', Buffer.alloc(MIB + 1, '#'));
    repository.commit();
    rmSync(join(repository.directory, 'config/big.yaml'));
    const { result } = await repository.load({ base: 'HEAD' });
    expect(result.errors).toMatchObject([{ code: 'TU1011', file: 'HEAD:config/big.yaml' }]);
  });

  it.each([
    [10_000, MIB / 1024, []],
    [10_001, 1, ['there are more than 10,000 files']],
    [64, MIB, []],
    [65, MIB, ['the files have more than 64 MiB in all']],
    [1, MIB + 1, ['0 has 1,048,577 bytes, the limit is 1 MiB']],
  ])('is not read when it has %i files of %i bytes: %j', (count, size, messages) => {
    const files = Array.from({ length: count }, (_, index) => ({ name: String(index), size }));
    expect(sizeRefusals(files).map(({ code, message }) => [code, message])).toEqual(
      messages.map((message) => ['TU1011', message]),
    );
  });

  it.each(['plan', 'apply'])('is a flag of %s', async (verb) => {
    const repository = await twoCommits();
    const run = (...flags: readonly string[]) => {
      const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
      const shared = [cli, verb, '--yes', '--endpoint', 'embedded:memory', '--format', 'json', ...flags];
      const args = shared.filter((flag) => verb === 'apply' || flag !== '--yes');
      const { status, stdout } = spawnSync(process.execPath, args, { cwd: repository.directory, encoding: 'utf8' });
      return { status, printed: JSON.parse(stdout) as Record<string, unknown> };
    };
    expect(run('--base', 'HEAD~1')).toMatchObject({ status: 0, printed: { format: `trueup/${verb}@1` } });
    for (const base of ['--upload-pack=x', 'nowhere']) {
      expect(run('--base', base)).toMatchObject({ status: 64, printed: { error: { code: 'TU0001' } } });
    }
    repository.write('config/settings.yaml', 'kind: [');
    repository.commit();
    repository.write('config/settings.yaml', generation(3));
    expect(run('--base', 'HEAD')).toMatchObject({
      status: 65,
      printed: { format: 'trueup/validate@1', errors: [{ file: 'HEAD:config/settings.yaml' }] },
    });
  });
});

describe('what git holds', () => {
  it.each([[[]], [['--object-format=sha256']]])(
    'is read byte by byte, whatever is changed, added or removed: %j',
    async (flags) => {
      const repository = await createRepository(...flags);
      repository.write('config/settings.yaml', generation(1));
      repository.write('config/same.yaml', zone('same'));
      repository.write('config/same too.yml', zone('same-too'));
      repository.write('config/Ünder/zöne file.yaml', `# – ✓\n${zone('umlaut')}`);
      repository.write('config/removed "one".yaml', zone('removed'));
      repository.write('config/old name.yaml', zone('renamed'));
      repository.write('config/notes.txt', 'no configuration');
      repository.write('config/node_modules/x.yaml', 'not: read');
      repository.write('config/.hidden/x.yaml', 'not: read');
      symlinkSync('settings.yaml', join(repository.directory, 'config/link.yaml'));
      const first = repository.commit();
      repository.write('config/settings.yaml', generation(2));
      repository.write('config/Ünder/zöne file.yaml', zone('other'));
      rmSync(join(repository.directory, 'config/removed "one".yaml'));
      rmSync(join(repository.directory, 'config/link.yaml'));
      renameSync(
        join(repository.directory, 'config/old name.yaml'),
        join(repository.directory, 'config/new name.yaml'),
      );
      repository.write('config/added.yaml', zone('added'));
      repository.commit();

      const { project } = await repository.load();

      expect(first).toHaveLength(flags.length === 0 ? 40 : 64);
      expect(project!.documents.map(({ name }) => name).sort()).toEqual([
        'added',
        'other',
        'renamed',
        'same',
        'same-too',
      ]);
      const { documents, estate, settings: spec, commit } = project!.base!;
      expect(commit).toBe(first);
      expect(spec.tags).toEqual({ generation: '1' });
      expect(documents.map(({ name, source }) => [name, source.file])).toEqual(
        expect.arrayContaining([
          ['umlaut', `${first.slice(0, 12)}:config/Ünder/zöne file.yaml`],
          ['removed', `${first.slice(0, 12)}:config/removed "one".yaml`],
          ['renamed', `${first.slice(0, 12)}:config/old name.yaml`],
          ['same', `${first.slice(0, 12)}:config/same.yaml`],
          ['same-too', `${first.slice(0, 12)}:config/same too.yml`],
        ]),
      );
      expect(documents).toHaveLength(5);
      expect(estate.document('ZoneMirror/removed')).toMatchObject({ spec: { domain: 'removed.example.com' } });
      expect(estate.document('ZoneMirror/added')).toBeUndefined();
    },
  );

  it('is the same with the line ends of a checkout', async () => {
    const repository = await twoCommits();
    repository.git('config', 'core.autocrlf', 'true');
    rmSync(join(repository.directory, 'config/settings.yaml'));
    repository.git('checkout', '--', 'config');
    expect(readFileSync(join(repository.directory, 'config/settings.yaml'), 'utf8')).toContain('kind: Settings\r\n');
    expect(told(await repository.load())).toMatchObject({ dirty: false, base: based(repository.first, 1) });
  });

  it('may have carriage returns itself', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1).replaceAll('\n', '\r\n'));
    const first = repository.commit();
    repository.write('config/settings.yaml', generation(2).replaceAll('\n', '\r\n'));
    repository.commit();
    expect(told(await repository.load())).toMatchObject({ dirty: false, base: based(first, 1) });
  });

  it('is that of the innermost repository', async () => {
    const outer = await twoCommits();
    const inner = await twoCommits();
    renameSync(inner.directory, join(outer.directory, 'inner'));
    const directory = join(outer.directory, 'inner', 'config');
    expect(told(await loadConfig(directory, { now: NOW }))).toMatchObject({ base: based(inner.first, 1) });
  });

  it('leaves a submodule out', async () => {
    const repository = await createRepository();
    repository.write('config/settings.yaml', generation(1));
    const first = repository.commit();
    repository.git('update-index', '--add', '--cacheinfo', `160000,${first},config/sub.yaml`);
    repository.git('commit', '--quiet', '--message=x');
    expect(told(await repository.load({ base: 'HEAD' }))).toMatchObject({ base: { generation: '1', documents: [] } });
  });

  it('is not asked of a network where an object is missing, and that is said', async () => {
    const repository = await twoCommits();
    const id = repository.git('rev-parse', 'HEAD~1:config/settings.yaml');
    rmSync(join(repository.directory, '.git/objects', id.slice(0, 2), id.slice(2)));
    const { project } = await repository.load();
    expect(project!.base).toBeUndefined();
    expect(project!.baseFault).toContain(`the object ${id} is not in this clone`);
  });
});

describe('T125 a hostile clone', () => {
  /** Everything in a clone that git might run writes this file. */
  async function hostile(): Promise<{ repository: Repository & { first: string }; canary: string; run: string }> {
    const repository = await twoCommits();
    const canary = join(repository.directory, 'canary');
    const run = join(repository.directory, 'run.sh');
    repository.write('run.sh', `#!/bin/sh\necho "$0 $*" >> '${canary}'\ncat\n`);
    chmodSync(run, 0o755);
    return { repository, canary, run };
  }

  it.each<[string, (repository: Repository, run: string) => void]>([
    ['a monitor', ({ git }, run) => git('config', 'core.fsmonitor', run)],
    [
      'hooks',
      ({ directory, git }, run) => {
        mkdirSync(join(directory, 'hooks'));
        for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction', 'fsmonitor-watchman']) {
          symlinkSync(run, join(directory, 'hooks', hook));
        }
        git('config', 'core.hooksPath', join(directory, 'hooks'));
      },
    ],
    [
      'a text conversion',
      ({ git, write }, run) => {
        write('.git/info/attributes', '*.yaml diff=evil');
        git('config', 'diff.evil.textconv', run);
        git('config', 'diff.external', run);
      },
    ],
    [
      'a filter',
      ({ git, write }, run) => {
        write('.git/info/attributes', '*.yaml filter=evil');
        git('config', 'filter.evil.clean', run);
        git('config', 'filter.evil.smudge', run);
        // The index must not be able to tell without a filter whether the file is as it was.
        write('config/settings.yaml', generation(2));
      },
    ],
    [
      'a pager and an alias',
      ({ git }, run) => {
        git('config', 'core.pager', run);
        git('config', 'alias.ls-tree', `!${run}`);
      },
    ],
    [
      'a remote that is a command, asked for what is missing',
      ({ git, directory }, run) => {
        git('config', 'core.repositoryFormatVersion', '1');
        git('config', 'extensions.partialClone', 'origin');
        git('config', 'remote.origin.promisor', 'true');
        git('config', 'remote.origin.url', `ext::${run}`);
        git('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
        git('config', 'protocol.ext.allow', 'always');
        const id = git('rev-parse', 'HEAD~1:config/settings.yaml');
        rmSync(join(directory, '.git/objects', id.slice(0, 2), id.slice(2)));
      },
    ],
  ])('runs nothing: %s', async (_, prepare) => {
    const { repository, canary, run } = await hostile();
    prepare(repository, run);
    rmSync(canary, { force: true });

    const { project } = await repository.load();
    await repository.load({ base: 'HEAD' });

    expect(project!.base?.commit ?? project!.baseFault).toMatch(/^[0-9a-f]{40}$|is not in this clone/);
    expect(existsSync(canary) && readFileSync(canary, 'utf8')).toBe(false);
  });

  it('the traps work: git itself walks into them', async () => {
    const { repository, canary, run } = await hostile();
    repository.git('config', 'core.fsmonitor', run);
    repository.git('status');
    expect(existsSync(canary)).toBe(true);
  });

  it('a bare repository among the files is not taken for the repository', async () => {
    const { repository, canary, run } = await hostile();
    repository.write('config/HEAD', 'ref: refs/heads/main\n');
    repository.write('config/config', `[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = ${run}\n`);
    repository.write('config/objects/x', '');
    repository.write('config/refs/x', '');

    const { project } = await repository.load();

    expect(project!.base).toBeUndefined();
    expect(project!.baseFault).toContain('git does not show what the configuration was before');
    expect(existsSync(canary)).toBe(false);
  });

  it('objects that are replaced are read as they were committed', async () => {
    const { repository } = await hostile();
    repository.git('replace', repository.first, repository.git('rev-parse', 'HEAD'));
    expect(told(await repository.load())).toMatchObject({ base: based(repository.first, 1) });
  });
});
